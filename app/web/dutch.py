"""Dates and amounts as a Dutch reader expects them; the locale of the machine is not trusted."""

from datetime import date

from flask import Flask

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def register_filters(app: Flask) -> None:
    app.add_template_filter(dutch_date, "datum")
    app.add_template_filter(dutch_when, "wanneer")
    app.add_template_filter(dutch_span, "duur")
    app.add_template_filter(counted, "aantal")


def dutch_date(day: date) -> str:
    """maandag 2 maart 2026"""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def dutch_when(day: date, today: date) -> str:
    """vandaag, morgen, over 5 dagen, over 3 weken, over 4 maanden, over 2 jaar"""
    days = (day - today).days
    if days <= 0:
        return "vandaag"
    if days == 1:
        return "morgen"
    return f"over {dutch_span(days)}"


def dutch_span(days: int) -> str:
    """1 dag, 5 dagen, 3 weken, 4 maanden, 2 jaar"""
    if days < 14:
        return counted(days, "dag", "dagen")
    if days < 61:
        return f"{round(days / 7)} weken"
    if days < 365:
        return f"{round(days / 30.4)} maanden"
    return f"{round(days / 365.25)} jaar"


def counted(number: int, one: str, many: str) -> str:
    """1 kaart, 3 kaarten"""
    return f"{number} {one if number == 1 else many}"
