"""The thresholds of grading: versioned, and printed with every bulletin."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from trucewatch.grade.calibration import Calibration, shipped_calibration
from trucewatch.record import Record, decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSettings(Record):
    """What grading compares with.

    Attributes:
        fitted_on: what the numbers were fitted on, or that they were not.
        p_verified: least ``p_breach`` of a Verified finding; likewise ``p_probable``
            and ``p_possible``.
        p_without_strongest: least of that name for a Verified finding.
        p_inside: least probability of the standing ``inside``; ``p_outside`` the
            greatest of ``outside``.
        p_covered: chance of being noticed from which silence begins to count.
        log10_origin: least log10 likelihood ratio of an origin that counts.
        site_reach_m: how far beyond a site's extent an act is still on the site.
        calibration: what odds and features are worth; without one they are taken as
            fusion has them, and whatever is heard as an attack.
    """

    version: str
    fitted_on: str
    p_verified: float
    p_probable: float
    p_possible: float
    p_without_strongest: float
    p_inside: float
    p_outside: float
    p_covered: float
    log10_origin: float
    site_reach_m: float
    calibration: Calibration | None = None

    def check(self) -> None:
        """Check the order of the thresholds.

        Raises:
            ValueError: if they are not probabilities in rising order.
        """
        rising = (0, self.p_possible, self.p_probable, self.p_verified, 1)
        edges = (0, self.p_outside, self.p_inside, 1)
        if list(rising) != sorted(rising) or list(edges) != sorted(edges):
            msg = f"thresholds must rise from 0 to 1: {rising}, {edges}"
            raise ValueError(msg)


@cache
def default_grade_settings() -> GradeSettings:
    """The settings shipped with the package."""
    text = files("trucewatch.grade").joinpath("grading.json").read_text("utf-8")
    body = {"kind": "GradeSettings", "derived_from": [], **json.loads(text)}
    return replace(decoded(GradeSettings, body), calibration=shipped_calibration())
