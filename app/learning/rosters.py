"""A list of people to invite to a cohort: what its columns are, and what happens with each line.

The list comes from a spreadsheet that somebody else's program made, so columns are found by their
names where there are any, and otherwise by where the addresses stand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from app.learning.cohorts import LONGEST_NAME

MOST_LINES = 500
# After that the link of an invitation is worthless; a new one can be sent.
INVITATION_LASTS = timedelta(days=60)
# A mail in an instructor's name comes once a week at most, to whomever.
BETWEEN_MAILS = timedelta(days=7)

Rows = Sequence[Sequence[str]]


class RosterFlaw(Enum):
    """Why nothing can be made of a list as a whole."""

    NOTHING_CHOSEN = "nothing_chosen"
    TOO_LARGE = "too_large"
    OLD_EXCEL = "old_excel"
    NOT_A_LIST = "not_a_list"
    BROKEN = "broken"
    EMPTY = "empty"
    TOO_MANY = "too_many"


class BadRoster(ValueError):
    """A list cannot be read; `flaw` says why."""

    def __init__(self, flaw: RosterFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class LineState(Enum):
    """What happens with a line. The first is invited, the next are left as they are; while there is
    one of the others, which are wrong, nothing is done."""

    INVITE = "invite"
    MEMBER = "member"
    INVITED = "invited"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NO_ADDRESS = "no_address"
    NOT_AN_ADDRESS = "not_an_address"
    DOUBLE = "double"


_WRONG = frozenset({LineState.NO_ADDRESS, LineState.NOT_AN_ADDRESS, LineState.DOUBLE})


class Ended(Enum):
    """How an invitation ended."""

    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Invitation:
    """That somebody was asked to join a cohort, last on `invited_on`.

    `is_member`: who has that address, or came with this invitation, is in the cohort. `is_undelivered`:
    the last mail did not arrive.
    """

    cohort_id: str
    email: str
    name: str
    token: str
    invited_on: date
    ended: Ended | None = None
    is_member: bool = False
    is_undelivered: bool = False

    @property
    def again_from(self) -> date:
        """The first day on which another mail may go there."""
        return self.invited_on + BETWEEN_MAILS

    def is_open(self, today: date) -> bool:
        """Whether somebody can join with it."""
        return self.ended is None and today < self.invited_on + INVITATION_LASTS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: its number from 1, a name, and an address as it was typed."""

    line: int
    name: str
    typed: str


@dataclass(frozen=True, slots=True)
class RosterLine:
    """What happens with an entry; `email` is its address in its normal form, `same_as` the line that
    had it before."""

    entry: Entry
    state: LineState
    email: str = ""
    same_as: int = 0

    @property
    def is_wrong(self) -> bool:
        return self.state in _WRONG


@dataclass(frozen=True, slots=True)
class Roster:
    """A whole list, line by line."""

    lines: Sequence[RosterLine]

    @property
    def wrong(self) -> list[RosterLine]:
        return [line for line in self.lines if line.is_wrong]

    @property
    def to_invite(self) -> list[RosterLine]:
        return [line for line in self.lines if line.state is LineState.INVITE]

    @property
    def left_alone(self) -> list[RosterLine]:
        return [
            line for line in self.lines if not line.is_wrong and line.state is not LineState.INVITE
        ]

    def as_text(self, *, only_right: bool = False) -> str:
        """The list for a field in a page. Every line keeps its number, so empty ones are kept too,
        and a first line that is free names the columns."""
        kept = {
            line.entry.line: f"{line.entry.name}; {line.entry.typed}"
            for line in self.lines
            if not (only_right and line.is_wrong)
        }
        if kept:
            kept.setdefault(1, _HEAD)
        return "\n".join(kept.get(number, "") for number in range(1, max(kept, default=0) + 1))


def entries_of(rows: Rows) -> list[Entry]:
    """The entries in rows of cells; empty ones are passed over. Raises BadRoster."""
    numbered = [
        (line, cells)
        for line, row in enumerate(rows, start=1)
        if any(cells := [tidy(cell) for cell in row])
    ]
    if not numbered:
        raise BadRoster(RosterFlaw.EMPTY)
    columns = _named_columns(numbered[0][1])
    if columns is not None:
        numbered = numbered[1:]
    else:
        columns = _guessed_columns([cells for _, cells in numbered])
    if not numbered:
        raise BadRoster(RosterFlaw.EMPTY)
    if len(numbered) > MOST_LINES:
        raise BadRoster(RosterFlaw.TOO_MANY)
    return [columns.entry(line, cells) for line, cells in numbered]


def judged(
    entries: Sequence[Entry],
    normal_address: Callable[[str], str | None],
    members: Mapping[str, object],
    invitations: Mapping[str, Invitation],
    today: date,
) -> Roster:
    """What happens with each entry; `members` and `invitations` are known by normal address."""
    first_with: dict[str, int] = {}
    lines = []
    for entry in entries:
        email = normal_address(entry.typed) if entry.typed else None
        if email is None:
            state = LineState.NOT_AN_ADDRESS if entry.typed else LineState.NO_ADDRESS
            lines.append(RosterLine(entry, state))
        elif email in first_with:
            lines.append(RosterLine(entry, LineState.DOUBLE, email, first_with[email]))
        else:
            first_with[email] = entry.line
            is_member = email in members
            state = _state(is_member, invitations.get(email), today)
            lines.append(RosterLine(entry, state, email))
    return Roster(lines)


def tidy(text: str) -> str:
    """One line without control characters, and without what separates cells in our own field."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.replace(";", ",").replace('"', "'").split())


def _state(is_member: bool, before: Invitation | None, today: date) -> LineState:
    if is_member or (before is not None and before.is_member):
        return LineState.MEMBER
    if before is None:
        return LineState.INVITE
    if before.ended is Ended.WITHDRAWN:
        # Taking back and asking again is no way around the one mail a week.
        return LineState.INVITE if today >= before.again_from else LineState.WITHDRAWN
    if before.ended is Ended.DECLINED:
        return LineState.DECLINED
    # Who joined and left again has answered; an invitation that ran out can be sent anew.
    is_over = before.ended is None and not before.is_open(today)
    return LineState.INVITE if is_over else LineState.INVITED


_HEAD = "naam; e-mailadres"
_ADDRESS = ("email", "mail", "epost")
_WHOLE_NAME = frozenset(
    {"naam", "name", "volledigenaam", "fullname", "student", "studentnaam", "deelnemer", "learner",
     "weergavenaam", "displayname"}
)  # fmt: skip
_FIRST_NAME = frozenset({"voornaam", "voornamen", "roepnaam", "firstname", "givenname", "forename"})
_INFIX = frozenset(
    {"tussenvoegsel", "tussenvoegsels", "tussenv", "tv", "voorvoegsel", "voorvoegsels", "infix",
     "middlename"}
)  # fmt: skip
_LAST_NAME = frozenset(
    {"achternaam", "familienaam", "lastname", "surname", "familyname", "geslachtsnaam"}
)


@dataclass(frozen=True, slots=True)
class _Columns:
    """In which columns the parts of a name stand, in the order they are said, and the address.

    `are_guessed`: they have no names, so a line may have its only address elsewhere.
    """

    name: Sequence[int]
    address: int
    are_guessed: bool = False

    def entry(self, line: int, cells: Sequence[str]) -> Entry:
        at = self.address
        if self.are_guessed and sum("@" in cell for cell in cells) == 1:
            at = next(column for column, cell in enumerate(cells) if "@" in cell)
        parts = [cells[column] for column in self.name if column < len(cells) and column != at]
        name = " ".join(part for part in parts if part)
        typed = cells[at] if at < len(cells) else ""
        return Entry(line, name[:LONGEST_NAME].strip(), typed.removeprefix("mailto:"))


def _named_columns(head: Sequence[str]) -> _Columns | None:
    """The columns by their names; None where this row is no head."""
    if any("@" in cell for cell in head):
        return None
    names = ["".join(char for char in cell.casefold() if char.isalpha()) for cell in head]
    address = next((at for at, name in enumerate(names) if name.startswith(_ADDRESS)), None)
    if address is None:
        return None
    parts = [_first(names, words) for words in (_FIRST_NAME, _INFIX, _LAST_NAME)]
    found = [column for column in parts if column is not None]
    whole = _first(names, _WHOLE_NAME)
    # A whole name is the first name's stand-in where a last name has a column of its own.
    if whole is not None and (not found or parts[0] is None):
        found = [whole, *found] if parts[2] is not None else [whole]
    return _Columns(found, address)


def _guessed_columns(rows: Rows) -> _Columns:
    """The address is where most of them stand; what is before and after it is the name, numbers of
    students left out."""
    width = max(len(cells) for cells in rows)
    with_at = [sum("@" in cell for cell in _column(rows, column)) for column in range(width)]
    # Of equals the last, because a name comes first.
    address = max(range(width), key=lambda column: (with_at[column], column))
    name = [
        column
        for column in range(width)
        if column != address and not all(cell.isdecimal() for cell in _column(rows, column) if cell)
    ]
    return _Columns(name, address, are_guessed=True)


def _column(rows: Rows, number: int) -> list[str]:
    return [cells[number] if number < len(cells) else "" for cells in rows]


def _first(names: Sequence[str], words: frozenset[str]) -> int | None:
    return next((column for column, name in enumerate(names) if name in words), None)
