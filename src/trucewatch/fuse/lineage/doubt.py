"""Reports of one act, place and hours that may be copies or two witnesses.

Headlines stay in the delivery: of a report only a hash, a place, tags and a time are
known. What agrees in all but the hash cannot be told apart from a copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from trucewatch.collect.observation import MediaReport, Observation
from trucewatch.detect.ellipse import offset_m
from trucewatch.fuse.lineage.lineage import Lineage, Link, Tie
from trucewatch.place import Place
from trucewatch.record import RecordId

COPIED_WITHIN = timedelta(hours=24)
SHARED_RATIO = 0.5  # of the shorter of two times spoken of
CELL_DEG = 0.5  # of a place finer than that many degrees


def doubtful(
    reports: Sequence[Observation], keys: Mapping[RecordId, str]
) -> tuple[Lineage, ...]:
    """Groups of two origins or more, each around its earliest report.

    No chain: a village shelled every day is not one report.

    Args:
        reports: in order of when they were made known.
        keys: origins that are certain already; else a report's own key.
    """
    near: dict[tuple[int, int, int], list[list[Observation]]] = {}
    groups: list[list[Observation]] = []
    for one in reports:
        if not isinstance(one.place, Place) or not _acts(one):
            continue
        around = [g for cell in _cells(one, 1) for g in near.get(cell, ())]
        first = next((g for g in around if _alike(g[0], one)), None)
        if first is not None:
            first.append(one)
            continue
        group = [one]
        groups.append(group)
        near.setdefault(next(iter(_cells(one, 0))), []).append(group)
    made = [_lineage(group, keys) for group in groups]
    return tuple(sorted(filter(None, made), key=lambda one: one.id))


def _acts(one: Observation) -> frozenset[str]:
    return frozenset(one.result.acts if isinstance(one.result, MediaReport) else ())


def _cells(one: Observation, reach: int) -> list[tuple[int, int, int]]:
    place = one.place
    if not isinstance(place, Place):
        return []
    day = one.result_time.begin.toordinal()
    row, column = int(place.lat_deg // CELL_DEG), int(place.lon_deg // CELL_DEG)
    steps = range(-reach, reach + 1)
    return [
        (day - d, row + y, column + x)
        for d in (0, *([1] * reach))
        for y in steps
        for x in steps
    ]


def _alike(first: Observation, one: Observation) -> bool:
    if not _acts(first) & _acts(one):
        return False
    if one.result_time.begin - first.result_time.begin > COPIED_WITHIN:
        return False
    a, b = first.phenomenon_time, one.phenomenon_time
    if a.overlap_s(b) < SHARED_RATIO * min(a.duration_s, b.duration_s):
        return False
    if not (isinstance(first.place, Place) and isinstance(one.place, Place)):
        return False
    east_m, north_m = offset_m(first.place, one.place)
    reach_m = max(first.place.semi_major_m, one.place.semi_major_m)
    return east_m**2 + north_m**2 <= reach_m**2


def _lineage(
    group: Sequence[Observation], keys: Mapping[RecordId, str]
) -> Lineage | None:
    origins = {keys.get(one.id, one.independence) for one in group}
    if len(origins) < 2:
        return None
    members = tuple(one.id for one in group)
    links = tuple(
        Link(Tie.ALIKE, members[0], name, "act, place, hours") for name in members[1:]
    )
    return Lineage(
        origin=f"doubt:{keys.get(members[0], group[0].independence)}",
        members=members,
        links=links,
        doubtful=True,
        derived_from=members,
    )
