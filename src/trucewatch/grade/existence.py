"""How likely an incident is to have been: the odds of fusion, read as taught."""

from __future__ import annotations

from dataclasses import replace
from math import log10

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.fuse.incident import Incident
from trucewatch.grade.calibration import Basis, basis_of, log10_odds_of
from trucewatch.grade.settings import GradeSettings
from trucewatch.grade.venn_abers import Interval

LEAST_P = 1e-6  # probabilities are kept to six decimals


def existence(incident: Incident, settings: GradeSettings) -> Interval:
    """That it was; as fusion has it where nothing was learnt."""
    if settings.calibration is None or is_untaught(incident):
        p = incident.p_exists
        return Interval(p, p, p)
    return settings.calibration.exists(incident, log10_odds_of(incident))


def is_untaught(incident: Incident) -> bool:
    """Whether it is no attack and somebody witnessed it: nothing was learnt of such."""
    act = max(incident.acts, key=lambda one: (one.p, one.act)).act
    return not is_a(act, Act.ATTACK) and basis_of(incident) is Basis.WITNESSED


def without_strongest(incident: Incident, settings: GradeSettings) -> Interval:
    """Likewise without the origin that adds most; 0 where there is no other."""
    p = incident.p_without_strongest
    if settings.calibration is None or p <= 0:
        return Interval(p, p, p)
    strongest = max(
        incident.contributions,
        key=lambda one: (one.log10_likelihood_ratio, one.independence),
    )
    rest = tuple(one for one in incident.contributions if one is not strongest)
    kept = min(max(p, LEAST_P), 1 - LEAST_P)
    left = replace(incident, contributions=rest)
    return settings.calibration.exists(left, log10(kept / (1 - kept)))
