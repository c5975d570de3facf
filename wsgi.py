"""The WSGI application, for any server: `granian --interface wsgi wsgi:application`."""

import os

from app.settings import Settings
from app.storage import database
from app.web import create_app

settings = Settings.from_environment(os.environ)
database.bind(settings.database_url)
application = create_app(settings)
