"""The glossary: each concept with its meaning, its lesson and what it is confused with."""

from itertools import groupby

from flask import Blueprint, render_template

from app.web.course_html import term
from app.web.state import course, haven

glossary = Blueprint("glossary", __name__)
glossary.add_app_template_filter(term, "term")


@glossary.get("/begrippen")
def index() -> str:
    concepts = sorted(course().concepts.values(), key=lambda concept: concept.term.casefold())
    letters = {
        letter: list(inside)
        for letter, inside in groupby(concepts, lambda concept: concept.term[0].upper())
    }
    return render_template("glossary.html", letters=letters, course=course(), html=haven().html)
