"""How likely an incident is to have been.

What instruments or observers noticed: the odds of fusion, read as taught. What is
said: as far as the speaker's words hold here (``claims``). The likelier of the two, so
that no word takes from what was noticed.
"""

from __future__ import annotations

from dataclasses import replace
from math import log10

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.fuse.incident import Incident
from trucewatch.grade.calibration import (
    WITNESSED,
    Basis,
    Calibration,
    basis_of,
    log10_odds_of,
)
from trucewatch.grade.claims import Credits, as_claimed, credits_of
from trucewatch.grade.settings import GradeSettings
from trucewatch.grade.venn_abers import Interval

TRACES = frozenset({"thermal", "sar", "damage", "optical"})
LEAST_P = 1e-6  # probabilities are kept to six decimals
NEVER = Interval(0.0, 0.0, 0.0)


def existence(
    incident: Incident, settings: GradeSettings, credits: Credits | None = None
) -> Interval:
    """That it was; as fusion has it where nothing was learnt.

    ``credits`` are those of the days it belongs to; without them it is weighed as if
    nobody had said anything else.
    """
    if settings.calibration is None:
        return _plain(incident.p_exists)
    calibration = settings.calibration
    if credits is None:
        credits = credits_of((incident,), calibration.claims)
    log10_odds = log10_odds_of(incident)
    noticed = _noticed(incident, incident.p_exists, log10_odds, calibration)
    return _likelier(noticed, incident, log10_odds, (credits, calibration))


def _noticed(
    incident: Incident, p: float, log10_odds: float, calibration: Calibration
) -> Interval:
    """As instruments and observers have it; nothing where there is none.

    What nothing was learnt of is read as fusion has it, and traces never as likelier
    than what was heard or seen with such odds.
    """
    if basis_of(incident) is not Basis.WITNESSED:
        return NEVER
    read = calibration.existence.interval(log10_odds)
    if not is_untaught(incident):
        return read
    plain = _plain(p)
    return min(plain, read, key=lambda one: one.p) if _is_trace(incident) else plain


def is_untaught(incident: Incident) -> bool:
    """Whether somebody witnessed it, and nothing was learnt of such.

    That is what is no attack, and what only left traces: simulated fields burn
    otherwise than those of the world.
    """
    if basis_of(incident) is not Basis.WITNESSED:
        return False
    act = max(incident.acts, key=lambda one: (one.p, one.act)).act
    return _is_trace(incident) or not is_a(act, Act.ATTACK)


def _is_trace(incident: Incident) -> bool:
    keys = {
        one.independence.partition(":")[0]
        for one in incident.contributions
        if one.channel in WITNESSED
    }
    return keys <= TRACES


def without_strongest(
    incident: Incident, settings: GradeSettings, credits: Credits | None = None
) -> Interval:
    """Likewise without the origin that adds most; 0 where there is no other."""
    p = incident.p_without_strongest
    if settings.calibration is None or p <= 0:
        return _plain(p)
    strongest = max(
        incident.contributions,
        key=lambda one: (one.log10_likelihood_ratio, one.independence),
    )
    rest = tuple(one for one in incident.contributions if one is not strongest)
    kept = min(max(p, LEAST_P), 1 - LEAST_P)
    left, log10_odds = replace(incident, contributions=rest), log10(kept / (1 - kept))
    noticed = _noticed(left, p, log10_odds, settings.calibration)
    if credits is None:
        credits = credits_of((incident,), settings.calibration.claims)
    return _likelier(noticed, left, log10_odds, (credits, settings.calibration))


def _likelier(
    noticed: Interval,
    incident: Incident,
    log10_odds: float,
    known: tuple[Credits, Calibration],
) -> Interval:
    said = as_claimed(incident, log10_odds, *known)
    return max(noticed, said or NEVER, key=lambda one: (one.p, one.p_low))


def _plain(p: float) -> Interval:
    return Interval(p, p, p)
