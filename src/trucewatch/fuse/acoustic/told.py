"""What has been told of incidents so far, so that they keep their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.acoustic.version import Status, Version, name_of

GROWN = 1.5  # a provisional incident is told again once it has so many more picks


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident that is not final yet.

    Attributes:
        version: what was said of it last.
        tile: where it lies.
        event: x, y, time, level and score in the network's own frame, shape (5,); the
            time counts from the origin of times.
    """

    version: Version
    tile: int
    event: Reals


class Book:
    """All incidents told and not yet final, by number in the order of telling.

    Attributes:
        told: by number.
        claim: the number of the incident that each pick was told to belong to.
        next: the number of the next one.
    """

    def __init__(self) -> None:
        self.told: dict[int, Told] = {}
        self.claim: dict[str, int] = {}
        self.next = 0

    def active(self, tile: int, since_s: float) -> list[int]:
        """Incidents of a tile that may still be heard."""
        return [
            number
            for number, one in self.told.items()
            if one.tile == tile and one.event[2] >= since_s
        ]

    def tell(
        self, number: int, tile: int, event: Reals, now: Version
    ) -> tuple[int, Version | None]:
        """An incident's number, and what is to be said of it now, if anything.

        The number of a new one is -1; of `now`, name and revision do not count.
        """
        if number < 0:
            number, self.next = self.next, self.next + 1
            version = replace(now, name=now.origin, revision=1, supersedes=None)
            self._set(number, Told(version=version, tile=tile, event=event))
            return number, version
        before = self.told[number]
        if len(now.pick_id) < GROWN * len(before.version.pick_id):
            self.told[number] = replace(before, event=event)
            self.claim |= dict.fromkeys(now.pick_id, number)
            return number, None
        version = replace(
            now,
            name=before.version.name,
            revision=before.version.revision + 1,
            supersedes=before.version.origin,
        )
        self._set(number, Told(version=version, tile=tile, event=event))
        return number, version

    def _set(self, number: int, told: Told) -> None:
        self.told[number] = told
        self.claim |= dict.fromkeys(told.version.pick_id, number)

    def settle(self, final: list[Version], until_s: float) -> list[Version]:
        """Final incidents with the names they had; then those that were none.

        A name goes to the final incident that shares the most picks with it. What was
        told of times before `until_s` and is not among the final ones is withdrawn.
        """
        shared = Counter(
            (k, self.claim[pick])
            for k, one in enumerate(final)
            for pick in one.pick_id
            if pick in self.claim
        )
        named: dict[int, int] = {}
        for (k, number), _ in sorted(
            shared.items(), key=lambda item: (-item[1], item[0])
        ):
            if k not in named and number not in named.values():
                named[k] = number
        out = [
            _final(one, self.told[named[k]].version) if k in named else one
            for k, one in enumerate(final)
        ]
        gone = [n for n, one in self.told.items() if one.event[2] < until_s]
        kept = set(named.values())
        out += [_withdrawn(self.told[n].version) for n in gone if n not in kept]
        self._forget(kept | set(gone))
        return out

    def _forget(self, numbers: set[int]) -> None:
        self.told = {n: one for n, one in self.told.items() if n not in numbers}
        self.claim = {p: n for p, n in self.claim.items() if n not in numbers}


def _final(one: Version, before: Version) -> Version:
    return replace(
        one,
        name=before.name,
        revision=before.revision + 1,
        supersedes=before.origin,
    )


def _withdrawn(before: Version) -> Version:
    return replace(
        before,
        supersedes=before.origin,
        revision=before.revision + 1,
        status=Status.WITHDRAWN,
        probability=0.0,
    )


def versions(solution: Solution, names: list[str], status: Status) -> Iterator[Version]:
    """One first version per incident; `names` are those of its arrivals' picks."""
    edges = np.searchsorted(solution.incident, np.arange(solution.time_s.size + 1))
    for k in range(solution.time_s.size):
        picks = tuple(sorted(names[edges[k] : edges[k + 1]]))
        name = name_of(picks)
        yield Version(
            name=name,
            origin=name,
            supersedes=None,
            revision=1,
            status=status,
            time_s=float(solution.time_s[k]),
            x_m=float(solution.x_m[k]),
            y_m=float(solution.y_m[k]),
            cov=solution.cov[k],
            probability=float(solution.probability[k]),
            level_db=float(solution.level_db[k]),
            pick_id=picks,
        )
