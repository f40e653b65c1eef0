"""What a monitor or a camera witnessed, from a row in the form of the SMM annex."""

from __future__ import annotations

from trucewatch.collect.acts import act, flow, means, weapon
from trucewatch.collect.cells import count_or_none, number
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Means, Observation, Sighting
from trucewatch.collect.places import circle, point
from trucewatch.collect.rows import Row
from trucewatch.collect.settings import Options
from trucewatch.collect.shapes import sighted
from trucewatch.collect.times import moment, span
from trucewatch.place import Place

# Error of a distance told by ear, by eye or by a recording instrument, as a share of
# it, one standard deviation. Expert values, not fitted; options of the sources.
RANGE_SD_RATIO = {
    Means.HEARD: 0.30,
    Means.SAW: 0.15,
    Means.RECORDED: 0.05,
    Means.TOLD: 0.30,
    Means.NOT_KNOWN: 0.30,
}
# Error of a bearing told by the same, one standard deviation. Expert values.
BEARING_SD_DEG = {
    Means.HEARD: 10.0,
    Means.SAW: 3.0,
    Means.RECORDED: 1.0,
    Means.TOLD: 10.0,
    Means.NOT_KNOWN: 10.0,
}
_UNKNOWN = ("", "n/k", "undetermined")


def sighting(row: Row, delivery: Delivery, options: Options) -> Observation:
    """One witnessed act.

    Cells: ``observer``, ``time`` (or ``begin``, ``end``), ``observation``; where it
    was as ``event_lat``, ``event_lon``, ``radius_m`` or as ``observer_lat``,
    ``observer_lon``, ``range_km``, ``bearing_deg``; and, where known, ``reported``,
    ``number``, ``means``, ``description``, ``direction_deg``, ``weapon``.

    Raises:
        ValueError: if a cell is missing or is not what it should be.
    """
    zone = options.zone()
    observer = row.need("observer")
    how = means(row.get("means"))
    time, rounding = span(row.get("time") or row.need("begin"), row.get("end"), zone)
    reported = row.get("reported")
    return Observation(
        procedure=f"{options.slug('procedure')}/{observer}",
        result=Sighting(
            act=act(row.need("observation")),
            units=None if _unknown(row, "number") else count_or_none(row.get("number")),
            means=how,
            flow=flow(row.get("description")),
            direction_deg=bearing(row, "direction_deg"),
            weapon=weapon(row.get("weapon")),
        ),
        place=_place(row, options, how),
        phenomenon_time=time,
        result_time=moment(reported, zone)[0] if reported else time,
        independence=f"{options.slug('procedure')}:{observer}",
        reliability=options.reliability,
        credibility=options.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def bearing(row: Row, name: str) -> float | None:
    """A direction in degrees clockwise from north, ``None`` where unknown.

    Raises:
        ValueError: if the cell holds anything but 0 to 360.
    """
    if _unknown(row, name):
        return None
    found = number(row.get(name))
    if not 0 <= found <= 360:
        msg = f"{name} must lie between 0 and 360, not {found}"
        raise ValueError(msg)
    return found % 360


def _unknown(row: Row, name: str) -> bool:
    return row.get(name).lower() in _UNKNOWN


def _place(row: Row, options: Options, how: Means) -> Place:
    bounds = options.bounds()
    if row.shape is not None and row.shape.geom_type == "Point":
        lon, lat = row.shape.coords[0][:2]
        return circle(*point(str(lat), str(lon), bounds), _radius(row, options))
    if row.get("event_lat"):
        spot = point(row.get("event_lat"), row.get("event_lon"), bounds)
        return circle(*spot, _radius(row, options))
    if not row.get("range_km"):
        msg = "it has no place of the event: neither event_lat, event_lon nor range_km"
        raise ValueError(msg)
    origin = point(row.need("observer_lat"), row.need("observer_lon"), bounds)
    range_m = number(row.get("range_km")) * 1000
    towards = bearing(row, "bearing_deg")
    if towards is None:  # somewhere on a ring: inside the disc that holds the ring
        return circle(*origin, range_m)
    sd_m = RANGE_SD_RATIO[how] * range_m
    return sighted(origin, towards, range_m, sd_m, BEARING_SD_DEG[how])


def _radius(row: Row, options: Options) -> float:
    return number(row.get("radius_m") or options.text("radius_m"))
