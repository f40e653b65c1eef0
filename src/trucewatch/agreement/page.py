"""An agreement as one HTML page that needs nothing else: text, and a map in SVG."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from trucewatch.agreement import words
from trucewatch.agreement.chart import chart, zone_colour
from trucewatch.agreement.terms import Versions


def page(versions: Versions) -> str:
    """A self-contained page of all versions, the latest first.

    Every word of the file is escaped; the page loads nothing and runs no script.
    """
    environment = Environment(
        loader=PackageLoader("trucewatch.agreement", ""),
        autoescape=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("page.html").render(
        versions=versions,
        charts={one.id: Markup(chart(one)) for one in versions},
        zone_colour=zone_colour,
        change_words=words.change_words,
        distance_words=words.distance_words,
        duration_words=words.duration_words,
        height_words=words.height_words,
        instant_words=words.instant_words,
        line_words=words.line_words,
        plain=words.plain,
        shape_words=words.shape_words,
        where_words=words.where_words,
        windows_words=words.windows_words,
    )
