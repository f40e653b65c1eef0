"""Cells and groups for tests of the joint likelihood, made without the engine."""

from datetime import timedelta

from tests.collect.deliveries import delivered
from tests.detect.build import DAY0, detection
from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import ActShare, Bearing, Channel
from trucewatch.detect.detectors import infrasound
from trucewatch.fuse.agglomerate import agglomerate
from trucewatch.fuse.cell import Cell, collapse
from trucewatch.fuse.moment import EPOCH, Moment
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.fuse.state import State
from trucewatch.place import Place
from trucewatch.record import RecordId

SETTINGS = default_fusion_settings()
SPREAD = (100.0, 20.0, 64.0, 0.05, -0.02, 4e-4)
NOON_S = (DAY0 - EPOCH).total_seconds() + 12 * 3_600.0


def bang(east_m=0.0, north_m=0.0, later_s=0.0, log10_odds=2.0, network="nodes"):
    """A hypothesis as a network of nodes makes it."""
    state = State(48.5, 37.5, NOON_S, SPREAD[5] ** 0.5).moved(east_m, north_m, later_s)
    moment = Moment(state, SPREAD)
    prior = min(0.0, SETTINGS.log10_births(Act.ATTACK) + moment.log10_km2_days)
    best = detection(
        moment.place,
        moment.time,
        f"acoustic:{network}",
        log10_odds - prior,
        detector="acoustic",
        channel=Channel.INSTRUMENT,
        acts=(ActShare(Act.EXPLOSION, 0.6), ActShare(Act.FIRING, 0.4)),
    )
    name = f"acoustic|{network}|{east_m}|{north_m}|{later_s}"
    return Cell(best, Act.ATTACK, (RecordId(f"table:{name}#0"),), name, moment)


def bearing(array_id, lat_deg, lon_deg, source, at_s=NOON_S, late_s=0.0, sd_deg=1.0):
    """What an array at a place detects of a bang at ``source`` (lat, lon)."""
    from pyproj import Geod

    turn, _, away_m = Geod(ellps="WGS84").inv(lon_deg, lat_deg, source[1], source[0])
    instant = EPOCH + timedelta(seconds=at_s + away_m / 327.0 + late_s)
    lon, lat, _ = Geod(ellps="WGS84").fwd(lon_deg, lat_deg, turn, 15_000.0)
    place = Place(lat, lon, 15_000.0, 1_200.0, turn % 180)
    begin = instant - timedelta(seconds=infrasound.REACH_KM * 1000 / 300)
    measured = Bearing(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        time=instant,
        back_azimuth_deg=turn % 360,
        back_azimuth_sd_deg=sd_deg,
        trace_velocity_mps=345.0,
        trace_velocity_sd_mps=10.0,
        reach_m=30_000.0,
    )
    from trucewatch.period import Period

    return detection(
        place,
        Period(begin, instant + timedelta(seconds=1)),
        f"array:{array_id}",
        0.5,
        detector="infrasound",
        channel=Channel.INSTRUMENT,
        act=Act.EXPLOSION,
        measured=measured,
    )


def shaking(station, lat_deg, lon_deg, source, at_s=NOON_S, late_s=0.0, phases="PSA"):
    """What a seismic station detects of a bang at ``source`` (lat, lon)."""
    import numpy as np
    from pyproj import Geod

    from trucewatch.collect.seismic import SEISMIC_PICKS, SeismicPicks
    from trucewatch.detect.detection import Evidence
    from trucewatch.detect.ground import SPEED_MPS
    from trucewatch.period import Period
    from trucewatch.plugin import load

    _, _, away_m = Geod(ellps="WGS84").inv(lon_deg, lat_deg, source[1], source[0])
    count = len(phases)
    picks = SeismicPicks(
        station_id=(station,) * count,
        phase=tuple(phases),
        time_ns=np.array(
            [int((at_s + late_s + away_m / SPEED_MPS[p]) * 1e6) * 1000 for p in phases],
            np.int64,
        ),
        onset_sd_s=np.full(count, 0.1),
        lat_deg=np.full(count, lat_deg),
        lon_deg=np.full(count, lon_deg),
        clock=("locked",) * count,
        row=tuple(f"line {n}" for n in range(count)),
    )
    columns = picks.to_columns(delivered("seismic_picks", station.encode()), "seismic")
    assert columns.table.schema == SEISMIC_PICKS
    day = Period(DAY0 - timedelta(days=1), DAY0 + timedelta(days=9))
    evidence = Evidence((), (columns,), day, RecordId(""))
    (found,) = load("trucewatch.detect.detectors", "seismic").detect(evidence)
    return found


def fused(*parts, settings=SETTINGS):
    """Groups of hypotheses and detections, in order of time."""
    bangs = [one for one in parts if isinstance(one, Cell)]
    cells = collapse([one for one in parts if not isinstance(one, Cell)])
    return list(agglomerate([*cells, *bangs], settings).groups)


def cell_of(one):
    return collapse([one])[0]
