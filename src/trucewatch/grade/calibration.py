"""What odds and features are worth, as exercises with known truth taught: data.

Fitted by ``benchmarks/calibrate.py`` on drawn scenarios; nothing here knows how. The
file names what it was learnt from by hash, and carries the reliability it then had on
exercises it was not learnt from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Incident
from trucewatch.grade.venn_abers import VennAbers
from trucewatch.record import Value, decoded

WITNESSED = frozenset({Channel.INSTRUMENT, Channel.OBSERVER})
NOTHING_LOG10 = -9.0  # odds below are told as these


class Basis(StrEnum):
    """What an incident rests on; each includes those before it."""

    WORDS = "words"  # of parties alone
    PRINTED = "printed"  # outlets, and parties beside them
    WITNESSED = "witnessed"  # instruments or observers, whoever speaks beside them


@dataclass(frozen=True, slots=True)
class Claims(Value):
    """What is taken for granted of claims before any could be checked.

    Attributes:
        rests_on: where the numbers come from, in words.
        prior_held_cases: claims of a speaker counted as seen to hold before the first;
            ``prior_failed_cases`` as seen to fail: a Beta law of the share that holds.
            Judgement, and the same for everybody: 1 and 1 make any share as likely.
        p_alone: that what somebody noticed is not joined with the claim about it.
        log10_most_witnessed: most that instruments and observers say for a claim: what
            they noticed may lie there by chance.
        log10_most_printed: likewise outlets, which may have it from a party.
        p_deaf: that all who listened were as good as deaf for all these days.
        deaf_ratio: how often they would then hear of anything, against as often as
            they state.
    """

    rests_on: str
    prior_held_cases: int
    prior_failed_cases: int
    p_alone: float
    log10_most_witnessed: float
    log10_most_printed: float
    p_deaf: float
    deaf_ratio: float


@dataclass(frozen=True, slots=True)
class Feature(Value):
    """How much more often an attack shows a feature than what is none.

    Attributes:
        name: code of the feature.
        log10_deed_ratio: where it is there; ``log10_absent_ratio`` where it could be
            and is not.
        log10_work_ratio: likewise against announced work.
        log10_work_absent_ratio: likewise.
    """

    name: str
    log10_deed_ratio: float
    log10_absent_ratio: float
    log10_work_ratio: float
    log10_work_absent_ratio: float


@dataclass(frozen=True, slots=True)
class Reliability(Value):
    """Statements of about one probability, on exercises nothing was learnt from."""

    p_stated: float
    p_came_true: float
    statements: int


@dataclass(frozen=True, slots=True)
class Calibration(Value):
    """Everything learnt, and from what.

    Attributes:
        trained_on: what it was learnt from, in words.
        sha256: of the cases learnt from.
        existence: what odds are worth for what instruments or observers noticed.
        claims: how words are weighed; no share of theirs is learnt here.
        deeds: attacks among what was heard.
        features: what tells attacks from thunder, blasting and announced work.
        p_attack: mean share of attacks in what is heard and no announced work;
            ``prior_cases_ratio`` how many cases it counts for beside those at hand:
            the Beta law of that share from place to place.
        works_ratio: blasts per announcement.
        reliability: of ``p_breach``.
    """

    trained_on: str
    sha256: str
    existence: VennAbers
    claims: Claims
    deeds: VennAbers
    features: tuple[Feature, ...]
    p_attack: float
    prior_cases_ratio: float
    works_ratio: float
    reliability: tuple[Reliability, ...] = ()


def basis_of(incident: Incident) -> Basis:
    """What an incident rests on."""
    channels = {one.channel for one in incident.contributions}
    if channels & WITNESSED:
        return Basis.WITNESSED
    return Basis.PRINTED if Channel.MEDIA in channels else Basis.WORDS


def log10_odds_of(incident: Incident) -> float:
    """The odds as fusion has them: prior, every origin, and looks in vain."""
    told = sum(one.log10_likelihood_ratio for one in incident.contributions)
    return incident.log10_prior_odds + told + incident.log10_miss_ratio


@cache
def shipped_calibration() -> Calibration | None:
    """The calibration shipped with the package; ``None`` where none is."""
    path = files("trucewatch.grade").joinpath("calibration.json")
    if not path.is_file():
        return None
    return decoded(Calibration, json.loads(path.read_text("utf-8")))
