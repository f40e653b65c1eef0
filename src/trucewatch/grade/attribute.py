"""On which side it happened, why that does not say who did it, and what might.

``shares`` say where the incident lies. ``came_from`` says which side it came from, as
far as place, act and reach tell: an aid for the person who reviews the finding. No
automatic stage states responsibility, and no party is named here.

    P(from the far side) = sum over acts k of P(k) x
        fired there       P(lies there)
        landed here       P(lies here) (1 - own_k) + P(lies there) own_k

``own_k`` is how often such an act comes down on the side it came from: rounds that
fall short, air defence, demining. What only a party says of the act counts as unsaid:
else a party that fires would name the other side by alleging its own shots.

Source: MODEL 6.3. The shares ``own_k`` and the reaches are judgement, not fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trucewatch.agreement.geometry import Line, SideOf, Zone
from trucewatch.agreement.taxonomy import FIRING_ACTS, Act
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.within import distance_to_line_m, p_inside_each
from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Attributed, Attribution, SideShare
from trucewatch.grade.reasons import Reason, SideReason
from trucewatch.place import WHERE_PREC_LIMIT, Place, where_prec

P_SIDE = 0.9  # a side is told apart from here (MODEL 6.3)
P_ASSESSED = 0.95  # a side could be held responsible from here; from P_SIDE largely
P_BREACH_SURE = 0.9  # and only where a breach is as sure as this
OPEN_ACTS = (Act.UNDETERMINED, Act.ATTACK)  # that say nothing of where it came from
# How often what lands came from the side it landed on.
OWN_SIDE = {
    Act.SHELLING: 0.02,
    Act.GLIDE_BOMB: 0.01,
    Act.MISSILE: 0.03,
    Act.DRONE_IMPACT: 0.03,
    Act.DRONE_DROP: 0.01,
    Act.STRIKE: 0.03,
    Act.EXPLOSION: 0.10,
}
OWN_SIDE_OTHERWISE = 0.25
# From farther behind the line such a thing hardly comes.
REACH_M = {
    Act.SHELLING: 45_000.0,
    Act.DRONE_DROP: 25_000.0,
    Act.DRONE_IMPACT: 60_000.0,
    Act.GLIDE_BOMB: 90_000.0,
}
LANDED = ("thermal", "sar", "damage", "camera", "drone")
OWN_WORD_LOG10 = 0.3  # from here an outlet adds something of its own
P_WORD_ACT = 0.6  # that a bang is of something landing, where only parties say so
_OTHER = {"left": "right", "right": "left", "inside": "rest", "rest": "inside"}


def attributions(
    agreement: Agreement, incidents: Sequence[Incident]
) -> list[Attribution]:
    """For each incident the share of each side of each line, and an abstention.

    The shares say where the incident lies. Who is responsible for it is for a reviewer
    to say; no party is named here.
    """
    lines = [line for line in agreement.lines if line.sides]
    fine = {
        n: one.place
        for n, one in enumerate(incidents)
        if isinstance(one.place, Place) and where_prec(one.place) < WHERE_PREC_LIMIT
    }
    shares: dict[int, list[SideShare]] = {n: [] for n in fine}
    origins: dict[int, list[SideShare]] = {n: [] for n in fine}
    for line in lines:
        both = _sides_each(agreement, line, list(fine.values()))
        for n, sides in zip(fine, both, strict=True):
            shares[n].extend(sides)
            origins[n].extend(_came_from(agreement, incidents[n], sides))
    return [
        replace(
            _abstention(shares.get(n), bool(lines)),
            came_from=tuple(origins.get(n, ())),
            because=_because(agreement, incidents[n], shares[n])
            if origins.get(n)
            else (),
        )
        for n in range(len(incidents))
    ]


def weighed(
    attribution: Attribution, p_breach: float, p_probable: float, *, conflicts: bool
) -> Attribution:
    """With how far a reviewer could give responsibility to the weightiest side.

    An abstention unless a breach is probable and one side has nine parts in ten, and
    where the parties accuse each other (``conflicts``). Whoever is held responsible
    answers for both: that there was a breach, and that it came from there.
    """
    if not attribution.came_from:
        return attribution
    best = max(one.p for one in attribution.came_from)
    against = [SideReason.BOTH_ACCUSED] if conflicts else []
    if p_breach < p_probable:
        against.append(SideReason.BREACH_UNSURE)
    if best < P_SIDE or against:
        return replace(attribution, because=(*attribution.because, *against))
    if best >= P_ASSESSED and p_breach >= P_BREACH_SURE:
        return replace(attribution, assessed=Attributed.ATTRIBUTED)
    return replace(attribution, assessed=Attributed.LARGELY)


def _because(
    agreement: Agreement, incident: Incident, shares: Sequence[SideShare]
) -> tuple[str, ...]:
    """What the weights of the sides rest on, the weightiest act first."""
    acts = _acts(incident)
    act, _ = max(acts, key=lambda one: one[1], default=(Act.UNDETERMINED, 1.0))
    fired = sum(p for one, p in acts if one in FIRING_ACTS)
    open_ = sum(p for one, p in acts if one in OPEN_ACTS)
    if acts != _told(incident):
        found = [SideReason.LANDED_SAID]
    elif fired >= P_SIDE:
        found = [SideReason.FIRED]
    elif fired + open_ <= 1 - P_SIDE:
        found = [SideReason.LANDED]
    else:
        found = [SideReason.ACT_UNKNOWN]
    if any(_out_of_reach(agreement, incident, act, one.line) for one in shares):
        found.append(SideReason.OUT_OF_REACH)
    if all(1 - P_SIDE < one.p < P_SIDE for one in shares):
        found.append(SideReason.LINE_NEAR)
    return tuple(found)


def _came_from(
    agreement: Agreement, incident: Incident, sides: tuple[SideShare, SideShare]
) -> tuple[SideShare, SideShare]:
    """Each side of one line, and how likely it came from there."""
    here, there = sides
    p_there = sum(
        p * _p_other_end(agreement, incident, act, (here, there))
        for act, p in _acts(incident)
    )
    p_there = min(1.0, max(0.0, p_there))
    return (
        SideShare(here.line, here.held, 1 - p_there),
        SideShare(there.line, there.held, p_there),
    )


def _p_other_end(
    agreement: Agreement,
    incident: Incident,
    act: Act,
    sides: tuple[SideShare, SideShare],
) -> float:
    """That such an act came from the second of two sides."""
    here, there = sides
    if act in FIRING_ACTS:
        return there.p
    if act in OPEN_ACTS:
        return 0.5
    own = OWN_SIDE.get(act, OWN_SIDE_OTHERWISE)
    if _out_of_reach(agreement, incident, act, here.line):
        own = 1 - own
    return here.p * (1 - own) + there.p * own


def _out_of_reach(
    agreement: Agreement, incident: Incident, act: Act, line: str
) -> bool:
    """Whether it lies farther from the line than such a thing reaches."""
    reach_m = REACH_M.get(act)
    if reach_m is None or not isinstance(incident.place, Place):
        return False
    return distance_to_line_m(agreement, line, incident.place) > reach_m


def _acts(incident: Incident) -> list[tuple[Act, float]]:
    """What it may have been, where words of parties alone narrow nothing down.

    An outlet that only repeats, and so adds no odds, says no more than the party.
    """
    told = _told(incident)
    others = {
        one.channel
        for one in incident.contributions
        if one.channel is not Channel.PARTY
        and one.log10_likelihood_ratio >= OWN_WORD_LOG10
    }
    if others - {Channel.INSTRUMENT} or _saw_it_land(incident):
        return told
    firing = 1 - P_WORD_ACT
    landed = [(act, p * P_WORD_ACT) for act, p in told if act not in FIRING_ACTS]
    share = sum(p for _, p in landed)
    if share <= 0:
        return told
    return [*((act, p * P_WORD_ACT / share) for act, p in landed), (Act.FIRING, firing)]


def _told(incident: Incident) -> list[tuple[Act, float]]:
    return [(one.act, one.p) for one in incident.acts]


def _saw_it_land(incident: Incident) -> bool:
    """Whether an instrument shows what only something that landed leaves."""
    return any(
        one.independence.partition(":")[0] in LANDED for one in incident.contributions
    )


def _sides_each(
    agreement: Agreement, line: Line, places: Sequence[Place]
) -> list[tuple[SideShare, SideShare]]:
    """What ``within.p_sides`` says of each place, for all places at once."""
    side = line.sides[0]
    zone = Zone(f"side of {line.id}", "", SideOf(line.id, side.party))
    drawn = replace(agreement, zones=(*agreement.zones, zone))
    return [
        (
            SideShare(line.id, side.held, p),
            SideShare(line.id, _OTHER[side.held], 1 - p),
        )
        for p in p_inside_each(drawn, (zone.id,), places).tolist()
    ]


def _abstention(shares: Sequence[SideShare] | None, has_line: bool) -> Attribution:
    """Why no side is named; ``shares`` is ``None`` where the place is too coarse."""
    reasons = [Reason.AUTOMATIC_STAGE]
    if not has_line:
        reasons.append(Reason.NO_LINE)
    elif shares is None:
        reasons.append(Reason.PLACE_TOO_COARSE)
    else:
        reasons.append(Reason.PLACE_IS_NOT_ORIGIN)
    sides = tuple(shares or ())
    if any(1 - P_SIDE < share.p < P_SIDE for share in sides):
        reasons.append(Reason.NEAR_LINE)
    return Attribution(Attributed.NOT, sides, tuple(reasons))
