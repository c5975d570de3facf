"""The time zone a browser reports with a form."""

from flask import request

from app.learning.days import DEFAULT_ZONE, UnknownZone, zone_named


def chosen_zone() -> str:
    """The time zone the browser reports, where it is a real one."""
    name = request.form.get("zone", DEFAULT_ZONE)
    try:
        zone_named(name)
    except UnknownZone:
        return DEFAULT_ZONE
    return name
