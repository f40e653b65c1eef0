"""Onsets that seismic stations picked, as columns: which phase, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from trucewatch.collect.columnar import Columnar, Integers, Numbers, Words

SEISMIC_PICKS = "seismic_picks"


class Phase(StrEnum):
    """How a wave came to a seismic station."""

    P = "P"  # pressed the ground along its way
    S = "S"  # sheared it, or ran along the surface
    AIR = "A"  # through the air


@dataclass(frozen=True, slots=True)
class SeismicPicks(Columnar):
    """Onsets at seismic stations, one per row.

    Attributes:
        station_id: ``NET.STA``.
        phase: of ``Phase``.
        time_ns: nanoseconds since 1970-01-01 UTC.
        onset_sd_s: error of reading the onset, NaN where not told.
        lat_deg: of the station, NaN where the delivery does not say.
        lon_deg: of the station, NaN where the delivery does not say.
        clock: of ``collect.nodes.Clock``.
        row: where it stood in the delivery.
    """

    schemas: ClassVar = (SEISMIC_PICKS,)

    station_id: Words
    phase: Words
    time_ns: Integers
    onset_sd_s: Numbers
    lat_deg: Numbers
    lon_deg: Numbers
    clock: Words
    row: Words


def phase_of(hint: str) -> Phase:
    """The phase a picker's word means: ``Pn`` and ``Pg`` are ``P``, ``Lg`` is ``S``.

    Raises:
        ValueError: if it means none that is known.
    """
    word = hint.strip()
    if word.upper() in ("A", "AIR", "I", "IT", "IS", "IW"):
        return Phase.AIR
    if word[:1].upper() == "P":
        return Phase.P
    if word[:1].upper() == "S" or word.upper() in ("LG", "RG"):
        return Phase.S
    msg = f"{word[:20]!r} is no phase; known: P, S, Lg, Rg, A (through the air)"
    raise ValueError(msg)
