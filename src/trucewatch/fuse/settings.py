"""The numbers of fusion: versioned, and honest about what they rest on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trucewatch.agreement.taxonomy import Act
from trucewatch.fuse.ellipses import Ellipses
from trucewatch.record import Record, decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionSettings(Record):
    """What fusion takes for granted.

    Attributes:
        fitted_on: what the numbers were fitted on, or that they were not.
        log10_attacks_per_km2_day: density of births of acts under ``attack``;
            likewise ``movement`` and ``obstruction``.
        log10_odds_of_claim: prior odds of what a party alone says happened somewhere;
            a claim picks its own place, so the size of the place tells nothing.
        log10_odds_unplaced: prior odds of an act of which only an area, or no place at
            all, is known.
        log10_party_cap: most that the word of one party can add, over all outlets.
        log10_least_miss: most that looks without a detection can take.
        p_same_origin_splits: that one origin gives two entries for one incident.
        p_same_raid: least share of the shorter period at which two claims without a
            place speak of one raid.
        gate_sigmas: detections farther apart than this are never one incident.
        p_worth_stating: what instruments alone suggest is no incident below this
            probability; its detections stay what they are.
        copied_ratio: of reports of one act, place and hours that cannot be told from
            copies: 1 counts the strongest alone, 0 counts each.
        rumour_ratio: what a further outlet loses, though its words are its own: outlets
            may rest on one rumour. The n-th weighs ``(1 - rumour_ratio) ** (n - 1)``.
        series_gap_s: rounds of one incident follow one another at most so far apart.
        series_apart_m: standard deviation, along each axis, of the way from one round
            of an incident to another, without the error of either place.
        ellipses: by how much ellipses are to grow; ``None`` for not at all.
    """

    version: str
    fitted_on: str
    log10_attacks_per_km2_day: float
    log10_movements_per_km2_day: float
    log10_obstructions_per_km2_day: float
    log10_odds_of_claim: float
    log10_odds_unplaced: float
    log10_party_cap: float
    log10_least_miss: float
    p_same_origin_splits: float
    p_same_raid: float
    gate_sigmas: int
    p_worth_stating: float = 0.0
    copied_ratio: float = 0.0
    series_gap_s: float = 0.0
    series_apart_m: float = 0.0
    rumour_ratio: float = 0.0
    ellipses: Ellipses | None = None

    def check(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: if a probability or a number of sigmas is out of range.
        """
        for name in ("p_same_origin_splits", "p_same_raid"):
            if not 0 < getattr(self, name) <= 1:
                msg = f"{name} must lie in (0, 1]: {getattr(self, name)}"
                raise ValueError(msg)
        if not 0 <= self.p_worth_stating < 1:
            msg = f"p_worth_stating must lie in [0, 1): {self.p_worth_stating}"
            raise ValueError(msg)
        for name in ("copied_ratio", "rumour_ratio"):
            if not 0 <= getattr(self, name) <= 1:
                msg = f"{name} must lie in [0, 1]: {getattr(self, name)}"
                raise ValueError(msg)
        if self.gate_sigmas < 1:
            msg = f"gate_sigmas must be at least 1: {self.gate_sigmas}"
            raise ValueError(msg)

    def log10_births(self, kind: Act) -> float:
        """Log10 of births per km2 and day of a class of acts; attacks if unknown."""
        match kind:
            case Act.MOVEMENT:
                return self.log10_movements_per_km2_day
            case Act.OBSTRUCTION:
                return self.log10_obstructions_per_km2_day
            case _:
                return self.log10_attacks_per_km2_day


@cache
def default_fusion_settings() -> FusionSettings:
    """The settings shipped with the package."""
    text = files("trucewatch.fuse").joinpath("fusion.json").read_text("utf-8")
    body = {"kind": "FusionSettings", "derived_from": [], **json.loads(text)}
    return decoded(FusionSettings, body)
