"""Dates and amounts as a Dutch reader expects them; the locale of the machine is not trusted."""

from datetime import date

from flask import Flask

from app.learning.cohorts import Label

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DAYS_SHORT = ("ma", "di", "wo", "do", "vr", "za", "zo")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
# How somebody stands in a cohort: in the list, in a file and to themselves.
LABELS = {
    Label.NOT_STARTED: "nog niet begonnen",
    Label.SILENT: "stil",
    Label.BEHIND: "achter",
    Label.ON_PLAN: "op schema",
    Label.FINISHED: "alle lessen gedaan",
}
_NUMBERS = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes",
    "zeven", "acht", "negen", "tien", "elf", "twaalf",
)  # fmt: skip


def register_filters(app: Flask) -> None:
    app.add_template_filter(dutch_date, "datum")
    app.add_template_filter(dutch_day, "dag")
    app.add_template_filter(dutch_month, "maand")
    app.add_template_filter(dutch_day_of_year, "korte_datum")
    app.add_template_filter(dutch_when, "wanneer")
    app.add_template_filter(dutch_return, "terug")
    app.add_template_filter(dutch_span, "duur")
    app.add_template_filter(dutch_period, "termijn")
    app.add_template_filter(dutch_chance, "kans")
    app.add_template_filter(dutch_chance_in_table, "korte_kans")
    app.add_template_filter(counted, "aantal")
    app.add_template_filter(LABELS.__getitem__, "stand")
    app.add_template_filter(dutch_percent, "procent")


def dutch_date(day: date) -> str:
    """maandag 2 maart 2026"""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def dutch_day(day: date) -> str:
    """maandag 2, for a day not far from now"""
    return f"{_DAYS[day.weekday()]} {day.day}"


def dutch_month(day: date) -> str:
    """maart 2026"""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def dutch_day_of_year(day: date) -> str:
    """2 mrt, where there is little room"""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {'mrt' if month == 'maart' else month[:3]}"


def dutch_weekday(day: date) -> str:
    """ma"""
    return _DAYS_SHORT[day.weekday()]


def dutch_month_short(month: int) -> str:
    """jan, for 1"""
    return _MONTHS[month - 1][:3] if month != 3 else "mrt"


def weekday_name(weekday: int) -> str:
    """maandag, for 0"""
    return _DAYS[weekday]


def dutch_span(until: date, today: date) -> str:
    """een dag, vijf dagen, ongeveer drie weken, ongeveer vier maanden, meer dan een jaar"""
    days = (until - today).days
    if days <= 1:
        return "een dag"
    if days < 7:
        return f"{_NUMBERS[days]} dagen"
    if days < 11:
        return "ongeveer een week"
    if days < 53:
        return f"ongeveer {_NUMBERS[round(days / 7)]} weken"
    if days < 365:
        return f"ongeveer {_NUMBERS[round(days / 30.4)]} maanden"
    return "meer dan een jaar"


def dutch_period(days: int) -> str:
    """een week, 30 dagen, een half jaar, een jaar, vijf jaar: how long something is kept"""
    named = {
        7: "een week",
        180: "een half jaar",
        365: "een jaar",
        730: "twee jaar",
        1825: "vijf jaar",
    }
    return named.get(days, f"{days} dagen")


def dutch_chance(chance: float) -> str:
    """meer dan 9 van de 10 keer, ongeveer 7 van de 10 keer, minder dan 1 van de 10 keer"""
    tenths = round(chance * 10)
    if chance >= 0.95:
        return "meer dan 9 van de 10 keer"
    if tenths < 1:
        return "minder dan 1 van de 10 keer"
    return f"ongeveer {tenths} van de 10 keer"


def dutch_chance_in_table(chance: float) -> str:
    """ruim 9 van 10, 7 van 10, geen van 10: what stands in a column of a table"""
    tenths = round(chance * 10)
    if tenths > 9:
        return "ruim 9 van 10"
    return f"{tenths or 'geen'} van 10"


def dutch_when(day: date, today: date) -> str:
    """vandaag, morgen, over 5 dagen, over 3 weken, over 4 maanden, over 2 jaar"""
    days = (day - today).days
    if days <= 0:
        return "vandaag"
    if days == 1:
        return "morgen"
    if days < 14:
        return f"over {days} dagen"
    if days < 61:
        return f"over {round(days / 7)} weken"
    if days < 365:
        return f"over {round(days / 30.4)} maanden"
    return f"over {counted(round(days / 365.25), 'jaar', 'jaar')}"


def dutch_return(day: date, today: date) -> str:
    """When a card is back after an answer: straks, morgen, over 5 dagen …"""
    return "straks" if day <= today else dutch_when(day, today)


def dutch_percent(share: float) -> str:
    """87 %, for a share from 0 to 1"""
    return f"{round(100 * share)}\N{NO-BREAK SPACE}%"


def counted(number: int, one: str, many: str) -> str:
    """1 kaart, 3 kaarten"""
    return f"{number} {one if number == 1 else many}"
