"""Every mistake an author can make is found, and told in Dutch with file and line."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.__main__ import main
from app.content.library import inspect_library, read_library
from app.learning.course import PromptKind
from tests.conftest import SMALL_COURSE

CARDS = "cards/hoofdstuk1/01-eerste-les.md"
RETIRED = "cards/vervallen.md"
LESSON = "course/hoofdstuk1/01-eerste-les.md"
ITEMS = "course/hoofdstuk1/leerstof.md"
CONCEPTS = "course/hoofdstuk1/begrippen.md"
SOURCES = "course/hoofdstuk1/bronnen.md"
PROMPTS = "course/hoofdstuk1/momenten.md"
CHAPTER = "course/hoofdstuk1/hoofdstuk.toml"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the course without mistakes, for a test to make one in."""
    return Path(shutil.copytree(SMALL_COURSE, tmp_path / "cursus"))


@dataclass(frozen=True)
class Mistake:
    """What an author typed in `file` instead of `before`; told at the line where `at` ends."""

    file: str
    before: str
    after: str
    at: str
    says: str


MISTAKES = {
    # Cards
    "a card without a kind": Mistake(
        CARDS, "soort: vraag\n", "", "## band-afstand", "geen 'soort:'"
    ),
    "an unknown kind": Mistake(
        CARDS, "soort: vraag", "soort: quiz", "soort: quiz", "'soort: quiz' bestaat niet"
    ),
    "an unknown track": Mistake(
        CARDS, "spoor: verdieping", "spoor: extra", "spoor: extra", "kern, verdieping"
    ),
    "an unknown label": Mistake(
        CARDS, "label: onderzoek", "label: mening", "label: mening", "hoofdstuk, onderzoek, praktijk"
    ),
    "an unknown key": Mistake(
        CARDS, "hint: Denk", "tip: Denk", "tip: Denk", "sleutel 'tip:' bestaat hier niet"
    ),
    "a key of another kind of card": Mistake(
        CARDS, "hint: Denk", "goed: Denk", "goed: Denk", "sleutel 'goed:' bestaat hier niet"
    ),
    "a key twice": Mistake(
        CARDS, "hint: Denk", "antwoord: Denk", "antwoord: Denk", "'antwoord:' staat er twee keer"
    ),
    "a key without a space": Mistake(
        CARDS, "hint: Denk", "hint:Denk", "hint:Denk", "spatie"
    ),
    "a key with a capital": Mistake(
        CARDS, "hint: Denk", "Hint: Denk", "Hint: Denk", "kleine letters"
    ),
    "an empty question": Mistake(
        CARDS, "vraag: Wat doet een band op afstand?", "vraag:", "vraag:", "geen 'vraag:'"
    ),
    "no answer": Mistake(
        CARDS, "antwoord: Hij blijft.\n", "", "## band-afstand", "geen 'antwoord:'"
    ),
    "an empty answer": Mistake(
        CARDS, "antwoord: Hij blijft.", "antwoord:   ", "antwoord:", "geen 'antwoord:'"
    ),
    "no explanation": Mistake(
        CARDS, "uitleg: Het gaat om mensen.\n", "", "## band-keuze", "geen 'uitleg:'"
    ),
    "no situation to recognise": Mistake(
        CARDS, "situatie: Lena", "remark: Lena", "## band-lena", "geen 'situatie:'"
    ),
    "an answer of 26 words": Mistake(
        CARDS, "antwoord: Hij blijft.", "antwoord:" + " ja" * 26, "antwoord: ja", "telt 26 woorden"
    ),
    "an answer of 26 words over two lines": Mistake(
        CARDS,
        "antwoord: Hij blijft.",
        "antwoord:" + " ja" * 20 + "\n" + " ja" * 6,
        "antwoord: ja",
        "telt 26 woorden",
    ),
    "a cloze of 26 words": Mistake(
        CARDS, "{bond}", "{" + "ja " * 26 + "}", "## band-engels", "telt 26 woorden"
    ),
    "a question for a list": Mistake(
        CARDS, "vraag: Wat doet", "vraag: Noem drie dingen. Wat doet", "vraag: Noem", "om een lijst"
    ),
    "a question for a list by number": Mistake(
        CARDS, "vraag: Wat zie je hier?", "vraag: Welke twee dingen?", "vraag: Welke", "losse invul"
    ),
    "a cloze without a gap": Mistake(
        CARDS, "{bond}", "bond", "tekst: Een band", "precies één stuk tussen accolades"
    ),
    "a cloze with two gaps": Mistake(
        CARDS, "Een band heet", "Een {band} heet", "tekst: Een", "precies één stuk"
    ),
    "a cloze with an empty gap": Mistake(
        CARDS, "{bond}", "{ }", "tekst: Een", "precies één stuk"
    ),
    "no source": Mistake(
        CARDS,
        "bron: proef2020\nvraag: Wat doet",
        "vraag: Wat doet",
        "## band-afstand",
        "geen 'bron:'",
    ),
    "an unknown source": Mistake(
        CARDS, "bron: proef2020", "bron: proef2020, weg1999", "## band-afstand", "bron 'weg1999'"
    ),
    "an unknown concept": Mistake(
        CARDS, "begrip: band", "begrip: liefde", "## band-afstand", "begrip 'liefde'"
    ),
    "a contrast of one concept": Mistake(
        CARDS, "begrip: losse-band, band", "begrip: band", "soort: verschil\nbegrip", "twee begrippen"
    ),
    "one wrong option": Mistake(
        CARDS, "fout: een wand | Een wand scheidt.\n", "", "fout: een touw", "twee tot vier foute"
    ),
    "an option without an explanation": Mistake(
        CARDS, "fout: een wand | Een wand scheidt.", "fout: een wand", "fout: een wand", "ontbreekt"
    ),
    "two right options": Mistake(
        CARDS, "fout: een wand", "goed: een wand", "goed: een wand", "'goed:' staat er twee keer"
    ),
    "no right option": Mistake(
        CARDS, "goed: een band", "fout: een band", "## band-keuze", "geen 'goed:'"
    ),
    "an id with capitals": Mistake(
        CARDS, "## band-lena", "## Band-Lena", "## Band-Lena", "kan geen id zijn"
    ),
    "an id twice": Mistake(
        CARDS, "## band-lena", "## band-engels", "Nederlands voor.\n\n## band-engels", "al gebruikt in"
    ),
    "a line that belongs to nothing": Mistake(
        CARDS, "hint: Denk", "\nDenk", "Denk aan", "hoort bij geen sleutel"
    ),
    "a link from a card to a concept that does not exist": Mistake(
        CARDS,
        "uitleg: Een band hangt",
        "uitleg: Een [band]{begrip: koord} hangt",
        "## band-afstand",
        "het begrip 'koord' bestaat niet",
    ),
    "an option with a mark that does not exist": Mistake(
        CARDS, "fout: een touw", "fout: een [touw]{begrip: koord}", "## band-keuze", "begrip 'koord'"
    ),
    "an English synonym without its mark": Mistake(
        CONCEPTS, "ook: dunne band", "ook: loose tie (Engels)", "## losse-band", "[secure base]{taal: en} (Engels)"
    ),
    "a retired id without a reason": Mistake(RETIRED, "", "## oud-id\n", "## oud-id", "'reden:'"),
    # Lessons
    "no head": Mistake(LESSON, "---\ntitel", "titel", "", "tussen twee regels '---'"),
    "a head that does not end": Mistake(LESSON, "proef2020\n---", "proef2020", "", "regels '---'"),
    "no title": Mistake(LESSON, "titel: De eerste les\n", "", "", "geen 'titel:'"),
    "an unknown key in the head": Mistake(
        LESSON, "zin: Over", "kop: Over", "kop: Over", "sleutel 'kop:' bestaat hier niet"
    ),
    "a paragraph that is not in the chapter": Mistake(
        LESSON, "paragraaf: 1.1", "paragraaf: 9.9", "", "paragraaf '9.9'"
    ),
    "an unknown concept in the head": Mistake(
        LESSON, "begrippen: band,", "begrippen: band, koord,", "", "begrip 'koord'"
    ),
    "an unknown source in the head": Mistake(
        LESSON, "bronnen: proef2020", "bronnen: proef2020, weg1999", "", "bron 'weg1999'"
    ),
    "a card that does not exist": Mistake(
        LESSON, "[[kaart: band-lena]]", "[[kaart: weg]]", "[[kaart: weg]]", "kaart 'weg' bestaat niet"
    ),
    "a card that is placed nowhere": Mistake(
        LESSON, "[[kaart: band-lena]]\n", "", "", "staat in geen enkele les"
    ),
    "a card twice in the text": Mistake(
        LESSON,
        "[[moment: dichtbij]]",
        "[[kaart: band-lena]]",
        "[[kaart: band-keuze]]\n\n[[kaart: band-lena]]",
        "staat al in",
    ),
    "a card in the middle of a sentence": Mistake(
        LESSON, "[[kaart: band-lena]]", "zie [[kaart: band-lena]]", "zie [[kaart", "alleen op een regel"
    ),
    "a card inside a box": Mistake(
        LESSON, "Wat gebeurt er", "[[kaart: band-lena]]\nWat gebeurt er", "[[kaart: band-lena]]", "blok"
    ),
    "a prompt inside a sensitive part": Mistake(
        LESSON, "Iemand gaat weg", "[[moment: dichtbij]]\nIemand gaat weg", "[[moment", "blok"
    ),
    "a prompt that does not exist": Mistake(
        LESSON, "[[moment: dichtbij]]", "[[moment: weg]]", "[[moment", "moment 'weg' bestaat niet"
    ),
    "something else between brackets": Mistake(
        LESSON, "[[moment: dichtbij]]", "[[plaatje: boom]]", "[[plaatje", "bestaat niet"
    ),
    "an id with a space": Mistake(
        LESSON, "[[moment: dichtbij]]", "[[moment: dicht bij]]", "[[moment", "kan geen id zijn"
    ),
    "a card without a source sentence": Mistake(
        LESSON, "]{kaart: band-afstand}", "]{kaart: band-engels}", "[[kaart: band-afstand]]", "geen zin"
    ),
    "a card with two source sentences": Mistake(
        LESSON, "Kies zelf.]{kaart: band-keuze}", "Kies.]{kaart: band-keuze, band-lena}",
        "[[kaart: band-lena]]", "meer dan één zin",
    ),
    "a marked sentence of a card that does not exist": Mistake(
        LESSON, "{kaart: band-lena,", "{kaart: band-lena, weg,", "[Lena zwaait", "kaart 'weg'"
    ),
    "an unknown mark": Mistake(
        LESSON, "{taal: en}", "{kleur: rood}", "{kleur: rood}", "'{kleur: …}' bestaat niet"
    ),
    "a mark without a name": Mistake(LESSON, "{taal: en}", "{taal: }", "{taal: }", "{taal: "),
    "a mark without a colon": Mistake(LESSON, "{taal: en}", "{taal en}", "{taal en}", "accolades"),
    "a mark that is not closed": Mistake(LESSON, "{taal: en}", "{taal: en", "{taal: en", "accolades"),
    "a mark with an unknown concept": Mistake(
        LESSON, "[bond]{taal: en}", "[bond]{begrip: bond}", "{begrip: bond}", "begrip 'bond'"
    ),
    "a mark with an unknown source": Mistake(
        LESSON, "{bron: proef2020}", "{bron: weg1999}", "{bron: weg1999}", "bron 'weg1999'"
    ),
    "a mark inside a box": Mistake(
        LESSON, "Wat gebeurt er", "\nWat [gebeurt]{begrip: weg} er", "{begrip: weg}", "begrip 'weg'"
    ),
    "a mark in a sensitive part": Mistake(
        LESSON, "Iemand gaat weg", "\nIemand gaat [weg]{begrip: weg}", "{begrip: weg}", "begrip 'weg'"
    ),
    "a mark in the alternative of a sensitive part": Mistake(
        LESSON, "Een band kan veranderen", "\nEen [band]{begrip: weg}", "{begrip: weg}", "begrip 'weg'"
    ),
    "a citation that the head does not list": Mistake(
        LESSON, "bronnen: proef2020", "bronnen: ander2021", "{bron: proef2020}", "'bronnen:'"
    ),
    "a box that is not closed": Mistake(
        LESSON, "weggaat?\n:::", "weggaat?", "::: beginvraag", "wordt niet gesloten"
    ),
    "an unknown box": Mistake(
        LESSON, "::: beginvraag", "::: weetje", "::: weetje", "'::: weetje' bestaat niet"
    ),
    "a sensitive part without a note": Mistake(
        LESSON, "::: gevoelig Dit stuk gaat over afscheid.", "::: gevoelig", "::: gevoelig", "een zin"
    ),
    "a sensitive part without an alternative": Mistake(
        LESSON, "::: anders\nEen band kan veranderen.\n", "", "::: gevoelig", "alternatief"
    ),
    # What the chapter must teach
    "something to learn that no lesson teaches": Mistake(
        LESSON, "leert: band", "leert: losse-band", "", "noemt 'band' bij 'leert:'"
    ),
    "something to learn that two lessons teach": Mistake(
        LESSON, "leert: band", "leert: band, losse-band", "", "'losse-band' staat bij 'leert:'"
    ),
    "something of priority 1 that no card asks": Mistake(
        ITEMS,
        "prioriteit: 1\nkaarten: 3",
        "prioriteit: 1\nkaarten: 3\n\n## knoop\nterm: knoop\nparagraaf: 1.1\nprioriteit: 1\nkaarten: 1",
        "## knoop",
        "geen enkele kaart vraagt 'knoop'",
    ),
    "an unknown item in the head": Mistake(
        LESSON, "leert: band", "leert: band, koord", "", "leerstof 'koord'"
    ),
    "an unknown item of a card": Mistake(
        CARDS, "spoor: verdieping", "spoor: verdieping\nitem: koord", "## band-keuze", "leerstof 'koord'"
    ),
    "an item of a paragraph that is not in the chapter": Mistake(
        ITEMS, "paragraaf: 1.1", "paragraaf: 9.9", "## band", "paragraaf '9.9'"
    ),
    "an unknown priority": Mistake(
        ITEMS, "prioriteit: 2", "prioriteit: hoog", "prioriteit: hoog", "Kies uit: 1, 2, 3"
    ),
    "a number of cards that is no number": Mistake(
        ITEMS, "kaarten: 1", "kaarten: veel", "kaarten: veel", "hoort een getal"
    ),
    "an item without a term": Mistake(ITEMS, "term: band\n", "", "## band", "geen 'term:'"),
    # Concepts, sources, prompts, chapter
    "a concept without a meaning": Mistake(
        CONCEPTS, "betekenis: Wat twee", "remark: Wat twee", "## band", "geen 'betekenis:'"
    ),
    "a concept that no lesson explains": Mistake(
        CONCEPTS, "## losse-band", "## knoop\nterm: knoop\nbetekenis: Een knoop.\nbron: proef2020\n\n## losse-band",
        "## knoop", "geen enkele les noemt 'knoop'",
    ),
    "a confusion with a concept that does not exist": Mistake(
        CONCEPTS, "verward: losse-band", "verward: koord", "## band", "begrip 'koord'"
    ),
    "a confusion without the difference": Mistake(
        CONCEPTS, " | een losse band laat makkelijker los", "", "verward:", "het verschil"
    ),
    "a source without a text": Mistake(SOURCES, "tekst: ", "titel: ", "## proef2020", "geen 'tekst:'"),
    "a source that is used nowhere": Mistake(
        SOURCES, "## proef2020", "## los1900\ntekst: Los, B. (1900).\n\n## proef2020",
        "## los1900", "nergens genoemd",
    ),
    "a prompt without a lighter variant": Mistake(
        PROMPTS, "lichter: Welk geluid vond je vandaag fijn?\n", "", "## dichtbij", "geen 'lichter:'"
    ),
    "an unknown load": Mistake(PROMPTS, "zwaarte: licht", "zwaarte: fors", "zwaarte", "licht, matig"),
    "an unknown concept of a prompt": Mistake(
        PROMPTS, "begrip: band", "begrip: koord", "## dichtbij", "begrip 'koord'"
    ),
    "a word for help that is not yes": Mistake(
        PROMPTS, "begrip: band", "begrip: band\nhulp: Graag", "hulp: Graag", "hulp: ja"
    ),
    "a heavy prompt without help": Mistake(
        PROMPTS, "zwaarte: licht", "zwaarte: zwaar", "zwaarte: zwaar", "hoort een regel 'hulp: ja'"
    ),
    "an unknown kind of prompt": Mistake(
        PROMPTS, "begrip: band", "begrip: band\nsoort: quiz", "soort: quiz",
        "dag, vraag, genummerd, oefening",
    ),
    "a prompt of the book without a place": Mistake(
        PROMPTS, "begrip: band", "begrip: band\nsoort: oefening", "soort: oefening", "'plaats:' bij"
    ),
    "a daily prompt with a place": Mistake(
        PROMPTS, "begrip: band", "begrip: band\nplaats: 1.1", "plaats: 1.1", "laat 'plaats:' weg"
    ),
    "a prompt of a paragraph that is not in the chapter": Mistake(
        PROMPTS, "begrip: band", "begrip: band\nsoort: vraag\nplaats: 9.9", "## dichtbij",
        "paragraaf '9.9'",
    ),
    "a chapter without a title": Mistake(CHAPTER, "titel =", "naam =", "", "'titel' ontbreekt"),
    "a chapter that is no TOML": Mistake(
        CHAPTER, "zin = \"Een klein", "zin = Een klein", "zin = Een klein", "geen geldige TOML"
    ),
    "a chapter whose paragraphs are a word": Mistake(
        CHAPTER, '[paragrafen]\n"1.1" = "Begin"', 'paragrafen = "1.1"', "", "'paragrafen'"
    ),
}  # fmt: skip


# What is told at another place than where it was typed.
ELSEWHERE = {
    "a card that is placed nowhere": (CARDS, 21),
    "something to learn that no lesson teaches": (ITEMS, 1),
    "something to learn that two lessons teach": (ITEMS, 7),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_file_and_line(name: str, files: Path) -> None:
    mistake = MISTAKES[name]
    file = files / mistake.file
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    assert mistake.before in text
    changed = text.replace(mistake.before, mistake.after, 1)
    file.write_text(changed, encoding="utf-8")
    where = mistake.file
    if name in ELSEWHERE:
        where, line = ELSEWHERE[name]
    else:
        line = changed[: changed.index(mistake.at) + len(mistake.at)].count("\n") + 1
    told = [str(problem) for problem in inspect_library(files)[1]]
    assert [
        text
        for text in told
        if text.startswith(f"{where}, regel {line}: ") and mistake.says in text
    ], "\n".join(told)


def write(files: Path, name: str, content: bytes) -> None:
    (files / name).parent.mkdir(parents=True, exist_ok=True)
    (files / name).write_bytes(content)


MORE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a retired id that is used again": (
        lambda files: write(files, RETIRED, b"## band-lena\nreden: Onduidelijk.\n"),
        f"{CARDS}, regel 21: het id 'band-lena' is ooit vervallen",
    ),
    "an id of another file": (
        lambda files: write(files, "cards/hoofdstuk2/01-a.md", b"\n## los-vaster\nsoort: vraag\n"),
        "cards/hoofdstuk2/01-a.md, regel 2: het id 'los-vaster' is al gebruikt in "
        "cards/hoofdstuk1/02-tweede-les.md, regel 1.",
    ),
    "a file that is not UTF-8": (
        lambda files: write(files, CARDS, b"## a\nsoort: vraag\nvraag: Wie is Ren\xe9?\n"),
        f"{CARDS}, regel 3: hier staat een teken dat geen UTF-8 is",
    ),
    "a file of Windows that is not UTF-8": (
        lambda files: write(files, CONCEPTS, b"\xef\xbb\xbf\r\n## a\r\nterm: Ren\xe9\r\n"),
        f"{CONCEPTS}, regel 3: hier staat een teken dat geen UTF-8 is",
    ),
    "a file that is missing": (
        lambda files: (files / SOURCES).unlink(),
        f"{SOURCES}, regel 1: dit bestand ontbreekt",
    ),
    "two lessons with one number": (
        lambda files: (files / LESSON).rename(files / "course/hoofdstuk1/02-andere-les.md"),
        "er zijn twee lessen met nummer 02",
    ),
    "two lessons with one address": (
        lambda files: (files / LESSON).rename(files / "course/hoofdstuk1/01-tweede-les.md"),
        "course/hoofdstuk1/02-tweede-les.md, regel 1: er is al een les met het adres "
        "'tweede-les': course/hoofdstuk1/01-tweede-les.md",
    ),
    "a lesson without a number": (
        lambda files: (files / LESSON).rename(files / "course/hoofdstuk1/eerste-les.md"),
        "course/hoofdstuk1/eerste-les.md, regel 1: de naam van een les begint met twee cijfers",
    ),
    "a chapter without hoofdstuk.toml": (
        lambda files: write(files, "course/hoofdstuk2/01-a.md", b"---\n---\n"),
        "course/hoofdstuk2/hoofdstuk.toml, regel 1: dit bestand ontbreekt",
    ),
    "a chapter whose folder is no address": (
        lambda files: (files / "course/hoofdstuk1").rename(files / "course/Hoofdstuk 1"),
        "course/Hoofdstuk 1/hoofdstuk.toml, regel 1: de map heeft geen naam",
    ),
    "no chapter at all": (
        lambda files: shutil.rmtree(files / "course"),
        "course, regel 1: er is geen hoofdstuk",
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_a_mistake_with_files_is_told(name: str, files: Path) -> None:
    make, says = MORE[name]
    make(files)
    told = "\n".join(str(problem) for problem in inspect_library(files)[1])
    assert says in told


@pytest.mark.parametrize("paragraph", ["1.0", "1.1"])
def test_a_prompt_of_the_book_names_its_paragraph(paragraph: str, files: Path) -> None:
    with (files / PROMPTS).open("a", encoding="utf-8") as file:
        file.write(f"soort: genummerd\nplaats: {paragraph}\n")
    prompt = read_library(files).prompts["dichtbij"]
    assert (prompt.kind, prompt.paragraph) == (PromptKind.NUMBERED, paragraph)


def test_a_prompt_is_a_daily_one_unless_it_says_otherwise(files: Path) -> None:
    prompt = read_library(files).prompts["dichtbij"]
    assert (prompt.kind, prompt.paragraph) == (PromptKind.DAILY, "")


def test_an_unreadable_file_is_told_once(files: Path) -> None:
    write(files, LESSON, b"---\ntitel: Ren\xe9\n---\n")
    told = [problem for problem in inspect_library(files)[1] if problem.place.file == LESSON]
    assert len(told) == 1


def test_check_course_says_it_all_and_counts(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(files))
    clean = CliRunner().invoke(main, ["check-course"])
    assert clean.exit_code == 0
    assert "\nDe cursus is in orde: 2 lessen, 7 kaarten, 2 begrippen" in clean.output
    text = (files / CARDS).read_text(encoding="utf-8")
    (files / CARDS).write_text(text.replace("begrip: band", "begrip: koord"), encoding="utf-8")
    broken = CliRunner().invoke(main, ["check-course"])
    assert broken.exit_code == 1
    assert f"{CARDS}, regel 3: 'band-afstand' noemt begrip 'koord'" in broken.output
    assert "6 fouten gevonden." in broken.output


def test_a_card_asks_its_first_concept_unless_it_names_another_item(files: Path) -> None:
    text = (files / CARDS).read_text(encoding="utf-8")
    write(files, CARDS, text.replace("soort: invul\n", "soort: invul\nitem: losse-band\n").encode())
    cards = read_library(files).cards
    assert cards["los-of-vast"].items == ("losse-band",)
    assert cards["band-engels"].items == ("losse-band",)


def test_a_card_may_ask_a_neighbour_that_is_a_concept_and_no_item(files: Path) -> None:
    items = (files / ITEMS).read_text(encoding="utf-8")
    write(files, ITEMS, items[: items.index("## losse-band")].encode())
    text = (files / CARDS).read_text(encoding="utf-8")
    write(files, CARDS, text.replace("soort: invul\n", "soort: invul\nitem: losse-band\n").encode())
    told = [str(problem) for problem in inspect_library(files)[1] if problem.place.file == CARDS]
    assert told == []


def test_the_map_of_the_course_says_what_each_lesson_teaches_and_what_is_left(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(files))
    shown = CliRunner().invoke(main, ["course-map"]).output.splitlines()
    assert shown == [
        "  leerstof    term        prioriteit  kaarten",
        "1.1  hoofdstuk1/01-eerste-les",
        "  band        band        1           5 van 3  "
        "band-afstand, band-engels, band-lena, band-verschil, band-keuze",
        "1.1  hoofdstuk1/02-tweede-les",
        "  losse-band  losse band  2           2 van 1  los-of-vast, los-vaster",
    ]
    text = (files / LESSON).read_text(encoding="utf-8")
    (files / LESSON).write_text(text.replace("leert: band", "leert:"), encoding="utf-8")
    shown = CliRunner().invoke(main, ["course-map"]).output.splitlines()
    assert shown[-2] == "in geen enkele les"
    assert shown[-1].startswith("  band        band ")


@pytest.mark.parametrize("name", sorted(p.name for p in SMALL_COURSE.glob("c*/hoofdstuk1/*")))
def test_files_of_windows_are_the_same_course(name: str, files: Path) -> None:
    for file in files.glob(f"c*/hoofdstuk1/{name}"):
        text = file.read_text(encoding="utf-8")
        file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_library(files) == read_library(SMALL_COURSE)
