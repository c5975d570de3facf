"""Pages about Haven itself: where to find help, and what this is."""

from flask import Blueprint, render_template

from app.web.state import haven

about = Blueprint("about", __name__)


@about.get("/hulp")
def help_page() -> str:
    return render_template("help.html", help_lines=haven().help_lines)


@about.get("/over")
def over() -> str:
    return render_template("about.html")
