"""The WSGI application, for any server: `granian --interface wsgi wsgi:application`."""

import gc
import os

from app.settings import Settings
from app.storage import database
from app.web import create_app

settings = Settings.from_environment(os.environ)
database.bind(settings.database_url)
application = create_app(settings)

# What was made at the start stays: without this the collector of garbage goes over all of it again,
# which took 5 % of a lesson page and 70 ms at a time.
gc.freeze()
