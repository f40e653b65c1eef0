"""How an incident stands under a reading, over all the clauses that test it."""

from __future__ import annotations

from trucewatch.share.bulletin import IncidentRow

# An incident stands under a reading as its findings on the clauses stand: the first
# of these that any of them has.
STANDINGS = ("inside", "undecided", "untestable", "outside")
# Marks that survive print without colour; the map draws its dots alike.
MARKS = {"inside": "●", "undecided": "◐", "untestable": "?", "outside": "○"}


def standing(incident: IncidentRow, reading: str) -> str:
    """How an incident stands under a reading; ``outside`` where no clause tests it."""
    found = {one.standing for one in incident.findings if one.reading == reading}
    return next((one for one in STANDINGS if one in found), "outside")
