"""The bulletin itself, as the canonical bytes its name is made of."""

from __future__ import annotations

from trucewatch.record import canonical
from trucewatch.share.bulletin import Bulletin, File


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """``bulletin.json``; its SHA-256 is the bulletin's id."""
    return (File("bulletin.json", canonical(bulletin)),)
