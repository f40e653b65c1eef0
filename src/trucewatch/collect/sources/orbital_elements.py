"""Where fire satellites looked, from orbital elements: two-line sets or OMM.

One set gives all passes nearest to its epoch over the box and time the options name.
Without elements, a list ``satellite,local_time`` gives passes at nominal local times,
an hour wide on either side and called nominal in their row; nothing proves those.
Cloud comes as fields packed beside the list, each pass cut by them; else it is one
share per day (``cloud.2025-04-20``) or for all (``cloud_ratio``). A pass whose cloud is
unknown proves nothing and is rejected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from trucewatch.collect.cells import share
from trucewatch.collect.clouds import Clouds, clear_parts, parted
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.elements import Elements, Nominal, sets
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.overpass import Overpass, nominal_passes, overpasses
from trucewatch.collect.places import Bounds
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import instant
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = known(
    *("A", "2"),
    bounds=REQUIRED,
    begin=REQUIRED,
    end=REQUIRED,
    zone="UTC",
    cloud_ratio="",
    field_h="1",
)
LONGEST = timedelta(days=62)


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per pass; sets and passes that cannot be used are rejected.

    Raises:
        SourceError: if the delivery is no such list, an option is wrong, or sgp4 is
            not installed.
    """
    chosen = options(delivery, OPTIONS, free=("cloud.",))
    bounds, period = _bounds(chosen), _period(chosen)
    _cloud_ratio(chosen, period.begin)
    kept = Account(delivery)
    usable: list[Elements] = []
    data, clouds = parted(raw, chosen)
    for one in sets(data, chosen.source):
        if isinstance(one, Elements):
            usable.append(one)
        elif isinstance(one, Nominal):
            for found in nominal_passes(one, bounds, period):
                _keep(found, f"{one.where}, nominal", kept, chosen, clouds)
        else:
            kept.reject(*one)
    for elements, part in _parts(usable, period):
        try:
            for each in overpasses(elements, bounds, part):
                _keep(each, elements.where, kept, chosen, clouds)
        except ValueError as error:
            kept.reject(elements.where, str(error))
    return kept.batch()


def _keep(
    found: Overpass | str, where: str, kept: Account, chosen: Options, clouds: Clouds
) -> None:
    if isinstance(found, str):
        kept.reject(where, found)
        return
    row = f"{where}, pass at {found.time.begin:%Y-%m-%dT%H:%M:%SZ}"
    cloud = _cloud_ratio(chosen, found.time.begin)
    try:
        parts = clear_parts(found.footprint, found.time, clouds, cloud)
    except ValueError as error:
        day = f"{found.time.begin:%Y-%m-%d}"
        kept.reject(row, f"{error}; give option cloud.{day} or a field of cloud")
        return
    looks = [
        Acquisition(
            procedure=f"{found.family}/{found.satellite}",
            footprint=ground,
            time=found.time,
            outcome=Outcome.MISS,
            p_clear=p_clear,
            independence=f"{found.family}:{found.satellite}",
            row=row,
            derived_from=(kept.delivery.id,),
        )
        for ground, p_clear in parts
    ]
    kept.keep(looks)


def _parts(usable: list[Elements], period: Period) -> Iterator[tuple[Elements, Period]]:
    """Every set with the time to which it is the nearest of its satellite."""
    of: defaultdict[str, dict[datetime, Elements]] = defaultdict(dict)
    for one in usable:
        of[one.satellite].setdefault(one.epoch, one)
    for satellite in sorted(of):
        ordered = [one for _, one in sorted(of[satellite].items())]
        begins = [period.begin]
        for earlier, later in zip(ordered[:-1], ordered[1:], strict=True):
            begins.append(earlier.epoch + (later.epoch - earlier.epoch) / 2)
        for one, begin, end in zip(
            ordered, begins, [*begins[1:], period.end], strict=True
        ):
            begin, end = max(begin, period.begin), min(end, period.end)
            if begin < end:
                yield one, Period(begin, end)


def _cloud_ratio(chosen: Options, at: datetime) -> float | None:
    """The share of cloud on a day; ``None`` where nobody said.

    Raises:
        SourceError: if an option of cloud is no share.
    """
    days = chosen.starting("cloud.")
    text = days.get(f"{at:%Y-%m-%d}") or chosen.text("cloud_ratio")
    try:
        for one in (*days.values(), text):
            if one:
                share(one)
    except ValueError as error:
        raise chosen.refused(
            name="cloud_ratio", instead="a share from 0 to 1"
        ) from error
    return share(text) if text else None


def _bounds(chosen: Options) -> Bounds:
    found = chosen.bounds()
    if found is None:
        raise chosen.refused(name="bounds", instead="west,south,east,north in degrees")
    return found


def _period(chosen: Options) -> Period:
    """The time whose passes are wanted.

    Raises:
        SourceError: if it is none, or longer than ``LONGEST``.
    """
    try:
        begin, end = (
            instant(chosen.text(name), chosen.zone()) for name in ("begin", "end")
        )
        found = Period(begin, end)
    except ValueError as error:
        msg = f"options begin and end of source {chosen.source}: {error}"
        raise SourceError(msg) from error
    if end - begin > LONGEST:
        raise chosen.refused(name="end", instead=f"within {LONGEST.days} days of begin")
    return found
