"""Where an observer or a camera looked, from a row that proves it."""

from __future__ import annotations

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.cells import share, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition, Cause, Outcome
from trucewatch.collect.rows import Row
from trucewatch.collect.settings import Options
from trucewatch.collect.shapes import MAX_SIGHT_KM
from trucewatch.collect.times import span

# Words under which forms say that nobody could look, and why.
FAILURES = {"failure": Cause.UNKNOWN} | {
    one.value: one for one in Cause if one is not Cause.UNKNOWN
}


def look(
    row: Row, footprint: Polygon, delivery: Delivery, options: Options
) -> Acquisition:
    """One look of an observer at a footprint, whatever was seen.

    Cells: ``observer``, ``begin``, ``end``, ``outcome``, ``clear_ratio``, and where it
    is told ``held_by``, the party that held the ground. A failed look keeps its
    footprint, so that what was lost can be counted; it shows nothing.

    Raises:
        ValueError: if a cell is missing or is not what it should be.
    """
    procedure, observer = options.slug("procedure"), row.need("observer")
    time, _ = span(row.need("begin"), row.need("end"), options.zone())
    found = outcome(row.need("outcome"))
    failed = found is Outcome.FAILURE
    return Acquisition(
        procedure=f"{procedure}/{observer}",
        footprint=footprint,
        time=time,
        outcome=found,
        p_clear=0.0 if failed else share(row.need("clear_ratio")),
        independence=f"{procedure}:{observer}",
        row=row.where,
        cause=FAILURES.get(row.need("outcome").strip().lower(), Cause.UNKNOWN),
        held_by=row.get("held_by"),
        derived_from=(delivery.id,),
    )


def outcome(text: str) -> Outcome:
    """The outcome a word names; a denied or aborted look is a failure.

    Raises:
        ValueError: if it names none.
    """
    word = text.strip().lower()
    if word in FAILURES:
        return Outcome.FAILURE
    try:
        return Outcome(word)
    except ValueError as error:
        msg = (
            f"outcome must be hit, miss or one of {tuple(FAILURES)}, not {shown(text)}"
        )
        raise ValueError(msg) from error


def hearing_m(options: Options) -> float:
    """Option ``range_m``: how far a node or an array hears what it is there for.

    Raises:
        SourceError: if it is not above 0 and at most 100 km.
    """
    range_m = options.number("range_m")
    if range_m > MAX_SIGHT_KM * 1000:
        raise options.refused(name="range_m", instead=f"at most {MAX_SIGHT_KM} km")
    return range_m
