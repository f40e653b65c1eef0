"""One self-contained page: nothing is loaded, nothing runs."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from trucewatch.share.bulletin import Bulletin, File
from trucewatch.share.page.build import page
from trucewatch.share.sketch import sketch
from trucewatch.share.strip import strip

_TEMPLATES = files("trucewatch.share") / "templates"


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """``bulletin.html``; every text is escaped, the style sheet is our own.

    Raises:
        LookupError: if no catalogue of the bulletin's language is shipped.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_read("bulletin.html.jinja"))
    content = page(bulletin)
    text = template.render(
        page=content,
        style=Markup(_read("bulletin.css")),
        map=Markup(sketch(bulletin, content.map_label)),
        windows=Markup(strip(bulletin, content.windows_label, content.windows_never)),
    )
    return (File("bulletin.html", text.strip().encode() + b"\n"),)


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")
