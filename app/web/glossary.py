"""The glossary: each concept with its meaning, its lesson and what it is confused with."""

from flask import Blueprint, render_template

from app.web.state import course, haven

glossary = Blueprint("glossary", __name__)


@glossary.get("/begrippen")
def index() -> str:
    concepts = sorted(course().concepts.values(), key=lambda concept: concept.term.casefold())
    return render_template("glossary.html", concepts=concepts, course=course(), html=haven().html)
