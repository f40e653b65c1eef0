"""Looks proved by a drone's pictures: options, outcome, the acquisition itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.settings import Options, known
from trucewatch.period import Period

MAX_HEIGHT_M = 30_000.0
# Share of pictures in which a person who looks can see the ground at all. Expert
# judgement, not fitted: haze, blur, wrong exposure, trees.
CLEAR_RATIO = "0.8"
_MOST_GEOID_M = 120.0  # it lies between -107 and 86 m (EGM2008)
_OUTCOMES = ("unreviewed", *(one.value for one in Outcome))


def filming(feed: str, **more: str) -> dict[str, str]:
    """The options of a source of pictures with their defaults."""
    base = {"feed": feed, "outcome": "unreviewed", "clear_ratio": CLEAR_RATIO}
    return known("A", "2", range_m="5000", geoid="0", **base, **more)


def picture(
    footprint: Polygon, begin: datetime, where: str, delivery: Delivery, chosen: Options
) -> Acquisition:
    """One look of a drone at a footprint.

    Nobody has looked at a picture until somebody says so: unreviewed, it keeps its
    footprint and shows nothing.

    Raises:
        SourceError: if option ``outcome`` or ``clear_ratio`` is wrong.
    """
    outcome, p_clear = looked(chosen)
    feed = chosen.slug("feed")
    return Acquisition(
        procedure=f"drone/{feed}",
        footprint=footprint,
        time=Period(begin, begin + timedelta(seconds=1)),
        outcome=outcome,
        p_clear=p_clear,
        independence=f"drone:{feed}",
        row=where,
        derived_from=(delivery.id,),
    )


def raised_m(chosen: Options) -> float:
    """Option ``geoid``: metres of the geoid over the ellipsoid, added to terrain.

    Raises:
        SourceError: if it is no such height.
    """
    try:
        height = float(chosen.text("geoid"))
    except ValueError:
        height = float("nan")
    if not abs(height) <= _MOST_GEOID_M:
        raise chosen.refused(name="geoid", instead="metres between -120 and 120")
    return height


def looked(chosen: Options) -> tuple[Outcome, float]:
    """What a person found in the pictures, and how probably one would have seen it.

    Raises:
        SourceError: if option ``outcome`` or ``clear_ratio`` is wrong.
    """
    said = chosen.text("outcome")
    if said not in _OUTCOMES:
        raise chosen.refused(name="outcome", instead=f"one of {', '.join(_OUTCOMES)}")
    try:
        clear = float(chosen.text("clear_ratio"))
    except ValueError:
        clear = float("nan")
    if not (isfinite(clear) and 0 <= clear <= 1):
        raise chosen.refused(name="clear_ratio", instead="a share from 0 to 1")
    if said == "unreviewed":
        return Outcome.MISS, 0.0
    outcome = Outcome(said)
    return outcome, 0.0 if outcome is Outcome.FAILURE else clear
