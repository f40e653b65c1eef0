"""An incident as it is known for now: its name stays, its origin changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from trucewatch.fuse.acoustic.network import Reals

ID_CHARS = 16


class Status(StrEnum):
    """How far a version may be trusted to stay."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is said of one incident at one time.

    Attributes:
        name: of the incident, made of the picks of its first version.
        origin: of this version, made of its picks; as the batch names the incident.
        supersedes: the origin that this one takes the place of.
        revision: 1 for the first version.
        time_s: origin time, seconds since the origin of times.
        x_m: east, with y_m north, in the frame of the files.
        cov: covariance of (x, y, time) in m and s, shape (3, 3).
        probability: that it happened; 0 once it is withdrawn.
        level_db: source level at 1 km; NaN where no pick had a level.
        pick_id: names of its picks, ascending.
    """

    name: str
    origin: str
    supersedes: str | None
    revision: int
    status: Status
    time_s: float
    x_m: float
    y_m: float
    cov: Reals
    probability: float
    level_db: float
    pick_id: tuple[str, ...]


def name_of(pick_ids: Iterable[str]) -> str:
    """The same picks, the same name; neither order, frame nor clock change it."""
    digest = sha256("\n".join(sorted(pick_ids)).encode()).hexdigest()
    return f"incident-{digest[:ID_CHARS]}"
