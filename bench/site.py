"""The site as it is served, with 20,000 cards more and one page that is empty but for the layout."""

import gc
import os

from flask import render_template

from app.content.library import read_library
from app.settings import Settings
from app.storage import database
from app.web import create_app
from bench.scene import EMPTY_PAGE, with_generated_cards

settings = Settings.from_environment(os.environ)
database.bind(settings.database_url)
application = create_app(settings, course=with_generated_cards(read_library(settings.course_root)))


@application.get(EMPTY_PAGE)
def empty_page() -> str:
    return render_template("base.html")


gc.freeze()  # as wsgi.py does
