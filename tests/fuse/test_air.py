"""The air over a network, as the nearest weather reports tell it."""

import numpy as np
import pytest

from tests.collect.deliveries import read
from trucewatch.fuse.air import UNTOLD_WIND_MPS, air_over

HOUR_NS = 3_600 * 10**9
BEGIN_NS = 1_745_107_200 * 10**9  # 2025-04-20
HERE = np.array([36.3, 49.9])
HEAD = "time,temp_c,wind_u_mps,wind_v_mps,lat,lon,temp_sd_k,wind_sd_mps\n"


def told(rows, hours=6):
    columns = read("weather", HEAD + "".join(f"{row}\n" for row in rows)).tables
    return air_over(columns, HERE, (BEGIN_NS, BEGIN_NS + hours * HOUR_NS))


def at(hour, temp=7.0, where="49.9,36.3", sds="1,0.6"):
    return f"2025-04-20T{hour:02d}:00Z,{temp},1,-2,{where},{sds}"


def test_times_count_from_the_start_and_errors_are_those_stated_and_more():
    air = told([at(4, 5.0), at(0), at(2, 6.0)])
    assert air.weather.time_s.tolist() == [0.0, 7_200.0, 14_400.0]
    assert air.weather.temp_c.tolist() == [7.0, 6.0, 5.0]
    assert air.wind_mps == pytest.approx(np.hypot(0.6, UNTOLD_WIND_MPS))
    assert told([at(0, sds="1,3"), at(4, sds="1,3")]).wind_mps > air.wind_mps


def test_the_nearest_station_counts_and_those_beyond_reach_never():
    near, far, beyond = "49.9,36.4", "49.9,37.3", "47.0,36.3"
    both = [at(0, 1.0, far), at(3, 1.0, far), at(0, 7.0, near), at(3, 7.0, near)]
    assert told(both).weather.temp_c.tolist() == [7.0, 7.0]
    assert told(both[:2]).weather.temp_c.tolist() == [1.0, 1.0]
    assert told([at(0, 1.0, beyond), at(3, 1.0, beyond)]) is None


def test_reports_without_a_place_come_after_stations():
    nowhere = [at(hour, 1.0, ",") for hour in (0, 3)]
    assert told(nowhere).weather.temp_c.tolist() == [1.0, 1.0]
    station = [at(hour, 7.0, "49.5,36.3") for hour in (0, 3)]
    assert told(nowhere + station).weather.temp_c.tolist() == [7.0, 7.0]


def test_a_gap_is_no_forecast():
    assert told([at(0), at(6)]) is not None
    assert told([at(0)], hours=4) is None
    assert told([at(0), at(9)], hours=12) is None
    assert air_over((), HERE, (BEGIN_NS, BEGIN_NS + HOUR_NS)) is None


def test_the_order_of_deliveries_and_repeats_change_nothing():
    one = read("weather", HEAD + at(0) + "\n" + at(3) + "\n").tables
    other = read("weather", HEAD + at(3) + "\n", name="again").tables
    stretch = (BEGIN_NS, BEGIN_NS + 3 * HOUR_NS)
    first, second = (
        air_over(tables, HERE, stretch) for tables in (one + other, other + one)
    )
    assert first.weather.time_s.tolist() == [0.0, 10_800.0]
    assert first.weather.temp_c.tobytes() == second.weather.temp_c.tobytes()
