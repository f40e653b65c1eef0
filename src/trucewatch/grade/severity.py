"""How grave an incident is if it happened."""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Severity

# Least severity by act; the narrowest act that fits decides. Judgement of the method,
# in the sense of FIELD 4, "make violations count rather than counting violations".
_BASE = {
    Act.MONITOR_FIRED_UPON: 3,
    Act.INCURSION: 3,
    Act.LINE_MOVE: 3,
    Act.ASSAULT: 3,
    Act.MISSILE: 3,
    Act.LONG_RANGE_MISSILE: 3,
    Act.LONG_RANGE_ATTACK: 2,
    Act.GLIDE_BOMB: 3,
    Act.EXPLOSION: 2,
    Act.ATTACK: 1,
    Act.MOVEMENT: 1,
    Act.OBSTRUCTION: 1,
}
MANY_UNITS = 10  # one step up
MASS_UNITS = 100  # two steps up
_STEPS = tuple(Severity)


def severity_of(incident: Incident, protected: bool, exempt: bool) -> Severity:
    """S1 to S4, from the gravest likely act, units, a protected site, and excuse.

    Only acts with a probability of at least 0.2 count. Being near a protected site
    adds one step, ten units one, a hundred units two. What is excused is S1.
    """
    if exempt:
        return Severity.S1
    likely = [share.act for share in incident.acts if share.p >= 0.2]
    step = max((_base(act) for act in likely), default=1)
    step += (incident.units_best >= MANY_UNITS) + (incident.units_best >= MASS_UNITS)
    return _STEPS[min(step + protected, len(_STEPS)) - 1]


def _base(act: Act) -> int:
    fitting = [step for broader, step in _BASE.items() if is_a(act, broader)]
    return max(fitting, default=1)
