"""Weather reports: METAR groups, the three forms, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.deliveries import counts, read
from trucewatch.collect.metar import metar_of
from trucewatch.collect.weather import WeatherReports
from trucewatch.errors import SourceError

TABLE = "time,temp_c,wind_u_mps,wind_v_mps,wind_sd_mps\n"


def reports(raw, **options):
    batch = read("weather", raw, options)
    (table,) = batch.tables
    return WeatherReports.from_columns(table), batch


@pytest.mark.parametrize(
    ("wind", "u", "v"),
    [
        ("27004MPS", 4.0, 0.0),
        ("36010MPS", 0.0, -10.0),
        ("18010KT", 0.0, 5.144),
        ("09036KMH", -10.0, 0.0),
        ("00000KT", 0.0, 0.0),
        ("27004G12MPS", 4.0, 0.0),
    ],
)
def test_wind_is_told_by_where_it_goes(wind, u, v):
    found = metar_of(f"METAR UKHH 200000Z {wind} 9999 07/M01 Q1017=")
    assert (found.wind_u_mps, found.wind_v_mps) == pytest.approx((u, v), abs=1e-3)
    assert found.variable_mps == 0.0
    assert found.station == "UKHH"


def test_wind_of_variable_direction_is_calm_with_an_error():
    found = metar_of("UKHH 200030Z VRB02MPS CAVOK M06/M11 Q1017")
    assert (found.wind_u_mps, found.wind_v_mps) == (0.0, 0.0)
    assert found.variable_mps == pytest.approx(2.0 / 2.0**0.5)
    assert found.temp_c == -6.0


@pytest.mark.parametrize("tail", ["TEMPO 18020MPS", "BECMG 18020MPS", "RMK 99/99"])
def test_what_is_not_of_the_moment_is_left_out(tail):
    found = metar_of(f"UKHH 200030Z 27004MPS 9999 07/05 Q1016 {tail}")
    assert (found.wind_u_mps, found.temp_c) == (4.0, 7.0)
    with pytest.raises(ValueError, match="reports no"):
        metar_of(f"UKHH 200030Z 9999 Q1016 {tail}")


@given(st.text(max_size=80))
def test_any_text_is_a_report_or_a_value_error(text):
    try:
        found = metar_of(text)
    except ValueError:
        return
    assert abs(found.wind_u_mps) <= 120


def test_a_table_keeps_its_errors_and_takes_the_options_where_it_tells_none():
    rows = "2025-04-20T00:00Z,7.5,1,-2,0.4\n2025-04-20T01:00Z,7.0,1,-2,\n"
    found, batch = reports(TABLE + rows, wind_sd_mps="2.5", temp_sd_k="0.5")
    assert counts(batch)["rows_read"] == 2
    assert found.wind_sd_mps.tolist() == [0.4, 2.5]
    assert found.temp_sd_k.tolist() == [0.5, 0.5]
    assert np.isnan(found.lat_deg).all()
    assert found.time_ns[1] - found.time_ns[0] == 3_600 * 10**9


def test_lines_of_an_archive_keep_their_numbers():
    raw = (
        "202504200000 METAR UKHH 200000Z 27004MPS 9999 07/M01 Q1017=\n"
        "# a remark of the archive\n"
        "202504200030 SPECI UKHH 200030Z 27005MPS 9999 06/M01 Q1017=\n"
    )
    found, batch = reports(raw)
    assert found.row.to_pylist() == ["line 1", "line 3"]
    assert [one.where for one in batch.rejections] == ["line 2"]
    assert found.wind_u_mps.tolist() == [4.0, 5.0]


def test_a_delivery_of_another_form_is_an_error():
    with pytest.raises(SourceError, match="lacks the columns"):
        read("weather", "station,when\nx,y\n")
    with pytest.raises(SourceError, match="temp_sd_k"):
        read("weather", TABLE, {"temp_sd_k": "none"})
