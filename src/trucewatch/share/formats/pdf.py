"""The bulletin on paper: tagged PDF/A-2b, byte for byte the same every time."""

from __future__ import annotations

from importlib.resources import files

import typst

from trucewatch.errors import ReleaseError
from trucewatch.share.bulletin import Bulletin, File
from trucewatch.share.page.build import page
from trucewatch.share.page.plain import as_json
from trucewatch.share.sketch import sketch
from trucewatch.share.strip import strip


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """``bulletin.pdf``, dated by the information cut-off, in Typst's own fonts.

    Raises:
        LookupError: if no catalogue of the bulletin's language is shipped.
        ReleaseError: if the page could not be set.
    """
    template = files("trucewatch.share") / "templates" / "bulletin.typ"
    content = page(bulletin)
    compiler = typst.Compiler(template.read_bytes(), ignore_system_fonts=True)
    try:
        data = compiler.compile(
            format="pdf",
            sys_inputs={
                "page": as_json(content),
                "map": sketch(bulletin, content.map_label),
                "windows": strip(
                    bulletin, content.windows_label, content.windows_never
                ),
            },
            pdf_standards=["a-2b"],
            timestamp=int(bulletin.order.cutoff.timestamp()),
        )
    except typst.TypstError as error:
        msg = f"the bulletin could not be set as PDF: {error.message}"
        raise ReleaseError(msg) from error
    if not isinstance(data, bytes):
        msg = "Typst gave no PDF"
        raise ReleaseError(msg)
    return (File("bulletin.pdf", data),)
