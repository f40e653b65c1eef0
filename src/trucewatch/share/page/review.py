"""How much of a bulletin a person has decided, said as it is."""

from __future__ import annotations

from trucewatch.share.page.model import Cell
from trucewatch.share.page.voice import Voice


def banner(voice: Voice) -> Cell:
    """What a reader must know of the stage before reading on."""
    if voice.bulletin.order.stage.automatic:
        return voice.cell("banner.automatic")
    decided, all_ = _numbers(voice)
    return voice.cell("banner.reviewed" if decided or not all_ else "banner.undecided")


def reviewed(voice: Voice) -> Cell:
    """By whom the findings were decided, and how many of them."""
    if voice.bulletin.order.stage.automatic:
        return voice.cell("seal.unreviewed")
    decided, all_ = _numbers(voice)
    if not all_:
        return voice.cell("seal.nothing")
    return voice.cell(
        "seal.reviewed" if decided else "seal.undecided", n=decided, all=all_
    )


def _numbers(voice: Voice) -> tuple[int, int]:
    """Findings a reviewer decided, and all of them."""
    found = [f for one in voice.bulletin.incidents for f in one.findings]
    return sum(bool(one.verdict) for one in found), len(found)
