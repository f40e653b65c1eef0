"""Write the golden bulletin again: ``python -m tests.share.regenerate_golden``.

Read the difference before it is committed: it is what readers will see change.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.share import dossiers

from trucewatch.plugin import load
from trucewatch.share.bulletin import Bulletin
from trucewatch.share.compose import compose
from trucewatch.share.release import Release, Stage

GOLDEN = Path(__file__).parents[1] / "data/share"
FORMATS = ("csv", "geojson", "html", "json")


def bulletin() -> Bulletin:
    """A reviewed public bulletin of a day with three incidents."""
    order = dossiers.order(Stage.FINAL, Release.PUBLIC)
    return compose(dossiers.full(3), order, None, 41, "c0ffee" * 10 + "abcd")


def files() -> dict[str, bytes]:
    """Every text file of the bulletin; the style sheet is left out of the page."""
    made = bulletin()
    rendered = (load("trucewatch.share.formats", one).render(made) for one in FORMATS)
    plain = {one.name: one.data for those in rendered for one in those}
    style = re.compile(rb"(?s)<style>.*?</style>")
    plain["bulletin.html"] = style.sub(b"", plain["bulletin.html"])
    return plain


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (GOLDEN / name).write_bytes(data)
