"""The agreements that ship: sound, sourced, and saying what the parties said."""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

import trucewatch
from trucewatch.agreement.read import problems, read_agreement
from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.agreement.within import p_in_windows, p_inside, p_sides
from trucewatch.period import Period
from trucewatch.place import Place

FOLDER = Path(trucewatch.__file__).parent / "cases/agreements"
FILES = sorted(FOLDER.glob("*.yaml"))


@cache
def agreement(name):
    return read_agreement(FOLDER / f"{name}.yaml")[-1]


def p_in_force(name, reading, *when):
    begin = datetime(*when, tzinfo=UTC)
    (found,) = (r for r in agreement(name).readings if r.id == reading)
    return p_in_windows(found.windows, Period(begin, begin + timedelta(hours=1)))


def test_the_six_agreements_are_there():
    names = {path.stem for path in FILES}
    assert names >= {
        "xmas2023", "energy2025", "easter2025", "energypause2026", "buffer15km",
        "eln2023",
    }  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_a_shipped_agreement(path):
    assert problems(path) == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_statement_of_a_shipped_agreement_has_its_address(path):
    for version in read_agreement(path):
        stated = [*version.sources, *(c.source for c in version.clauses)]
        stated += [source for r in version.readings for source in r.sources]
        stated += [c.source for c in version.commitments]
        assert all(source.startswith("https://") for source in stated)


@pytest.mark.parametrize(
    ("reading", "p"),
    [("UA", 1.0), ("RU", 0.0), ("US", 0.0)],
)
def test_the_night_to_3_february_2026_is_inside_one_reading_only(reading, p):
    assert p_in_force("energypause2026", reading, 2026, 2, 2, 23) == p


@pytest.mark.parametrize(("reading", "p"), [("RU", 1.0), ("UA", 0.0), ("US", 0.0)])
def test_the_week_from_18_march_2025_is_inside_one_reading_only(reading, p):
    assert p_in_force("energy2025", reading, 2025, 3, 20) == p


@pytest.mark.parametrize("reading", ["RU", "UA", "US"])
def test_april_2025_is_inside_every_reading_of_the_energy_truce(reading):
    assert p_in_force("energy2025", reading, 2025, 4, 1) == 1.0


def test_the_christmas_truce_was_never_in_force_for_the_side_that_refused():
    assert p_in_force("xmas2023", "RU", 2023, 1, 7) == 1.0
    assert p_in_force("xmas2023", "UA", 2023, 1, 7) == 0.0


def test_the_easter_truce_covers_thirty_hours():
    assert p_in_force("easter2025", "RU", 2025, 4, 19, 14) == 0.0
    assert p_in_force("easter2025", "RU", 2025, 4, 19, 16) == 1.0
    assert p_in_force("easter2025", "RU", 2025, 4, 20, 20) == pytest.approx(1, abs=1e-3)
    assert p_in_force("easter2025", "UA", 2025, 4, 20, 22) == 0.0


def test_the_parties_protect_different_facilities():
    energy = agreement("energy2025")
    lists = {
        name: {site.id for site in energy.sites if name in site.lists}
        for name in ("RU", "UA", "US")
    }
    assert lists["UA"] < lists["RU"]
    changed = {r.id: [c.sites for c in r.changes] for r in energy.readings}
    assert changed == {"RU": [], "UA": ["UA"], "US": ["US"]}


@pytest.mark.parametrize("name", ["energy2025", "energypause2026"])
def test_a_raid_without_a_place_can_be_set_against_the_windows(name):
    anywhere = [
        clause
        for clause in agreement(name).clauses
        if not clause.where
        and not clause.sites
        and any(is_a(Act.LONG_RANGE_DRONE, act) for act in clause.prohibits)
    ]
    assert len(anywhere) == 1


@pytest.mark.parametrize("name", ["energy2025", "energypause2026"])
def test_a_drone_of_the_front_is_no_raid(name):
    raids = next(one for one in agreement(name).clauses if one.id == "long-range")
    for act in (Act.DRONE_IMPACT, Act.STRIKE, Act.EXPLOSION, Act.FIRING):
        assert not any(is_a(act, one) or is_a(one, act) for one in raids.prohibits)


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "inside"),
    [
        pytest.param(48.40, 37.85, False, id="Toretsk"),
        pytest.param(50.45, 30.52, True, id="Kyiv"),
        pytest.param(55.75, 37.62, True, id="Moscow"),
    ],
)
def test_a_drone_far_behind_the_line_came_a_long_way(lat_deg, lon_deg, inside):
    pause = agreement("energypause2026")
    (impact,) = (one for one in pause.clauses if one.id == "long-range-impact")
    place = Place.circle(lat_deg, lon_deg, 3_000)
    assert round(p_inside(pause, impact.where, place)) == inside


@pytest.mark.parametrize(
    ("name", "reading", "opens"),
    [
        ("energy2025", "RU", "2025-03-17T21:00Z"),
        ("energy2025", "UA", "2025-03-24T22:00Z"),
        ("energy2025", "US", "2025-03-25T04:00Z"),
        ("energypause2026", "RU", "2026-01-24T21:00Z"),
        ("energypause2026", "US", "2026-01-25T05:00Z"),
    ],
)
def test_a_date_is_a_day_where_its_party_keeps_its_calendar(name, reading, opens):
    (held,) = (one for one in agreement(name).readings if one.id == reading)
    assert held.windows[0].begin.begin == datetime.fromisoformat(opens)


@pytest.mark.parametrize("name", ["xmas2023", "easter2025", "energypause2026"])
@pytest.mark.parametrize(
    ("held", "lat_deg", "lon_deg"),
    [
        pytest.param("right", 50.45, 30.52, id="Kyiv"),
        pytest.param("right", 51.50, 31.29, id="Chernihiv"),
        pytest.param("right", 50.91, 34.80, id="Sumy"),
        pytest.param("right", 50.00, 36.25, id="Kharkiv"),
        pytest.param("right", 46.97, 32.00, id="Mykolaiv"),
        pytest.param("right", 46.48, 30.72, id="Odesa"),
        pytest.param("right", 49.84, 24.03, id="Lviv"),
        pytest.param("left", 50.60, 36.60, id="Belgorod"),
        pytest.param("left", 51.73, 36.19, id="Kursk"),
        pytest.param("left", 53.25, 34.37, id="Bryansk"),
        pytest.param("left", 55.75, 37.62, id="Moscow"),
        pytest.param("left", 48.57, 39.31, id="Luhansk"),
        pytest.param("left", 46.85, 35.37, id="Melitopol"),
        pytest.param("left", 44.60, 33.53, id="Sevastopol"),
    ],
)
def test_cities_lie_on_the_side_that_holds_them(name, held, lat_deg, lon_deg):
    place = Place.circle(lat_deg, lon_deg, 1_000)
    shares = dict(p_sides(agreement(name), "contact_line", place))
    assert shares[held] > 0.95


def test_withdrawal_distances_are_those_of_the_plan():
    plan = agreement("buffer15km")
    within_m = {zone.id: getattr(zone.shape, "within_m", None) for zone in plan.zones}
    assert within_m["buffer"] == 7_500
    assert within_m["within_50_km"] == 50_000
    assert within_m["within_75_km"] == 75_000
    assert within_m["within_150_km"] == 150_000


def test_an_agreement_need_have_neither_line_nor_zone():
    preparation, ceasefire = read_agreement(FOLDER / "eln2023.yaml")
    assert (ceasefire.lines, ceasefire.zones) == ((), ())
    assert preparation.effective < ceasefire.effective


@pytest.mark.cases
@pytest.mark.parametrize(
    ("name", "day"), [("easter2025", "20250419"), ("energypause2026", "20260202")]
)
def test_the_coarse_line_is_no_further_off_than_it_says(name, day):
    folder = Path(os.environ.get("TRUCEWATCH_DATA", "/nowhere")) / "deepstate_daily"
    path = folder / f"deepstatemap_data_{day}.geojson"
    if not path.exists():
        pytest.skip("TRUCEWATCH_DATA names no folder with daily contact lines")
    from trucewatch.agreement.planar import Plane

    (line,) = agreement(name).lines
    plane = Plane(36.0, 48.5)
    held = shapely.union_all(
        shapely.make_valid(shapely.get_parts(shapely.from_geojson(path.read_text())))
    )
    border = shapely.transform(held.boundary, plane.project)
    contact = [v for v in line.path if 46.4 < v[1] < 49 or (v[0] > 36.3 and v[1] > 49)]
    ours = shapely.LineString(plane.project(np.array(contact))).segmentize(2_000)
    spots = shapely.points(shapely.get_coordinates(ours))
    rms_m = float(np.sqrt(np.mean(shapely.distance(spots, border) ** 2)))
    assert rms_m < line.uncertainty_m


def test_the_example_of_the_documentation_is_a_sound_agreement(tmp_path):
    page = Path(__file__).parents[2] / "docs/agreement-language.md"
    example = page.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "valley.yaml"
    path.write_text(example, encoding="utf-8")
    assert problems(path) == ()
