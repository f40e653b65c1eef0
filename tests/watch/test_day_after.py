"""What could have been noticed on a day of a run, and what to look at next."""

import json

import pytest

from trucewatch.exercise.make import make
from trucewatch.exercise.scenario import Patrols, Scenario
from trucewatch.watch.cli import code

DAY = ("--day", "2031-05-01", "--zone", "strip", "--cell-m", "4000")
PEOPLE = Scenario.model_validate({
    "scenario": "people",
    "title": "No instruments",
    "days": 1,
    "parties": {"NOR": {"breaches_per_day": 9}, "SUD": {"breaches_per_day": 9}},
    "patrols": {"count": 4, "hours_per_day": 12, "p_denied": 0.5},
    "press": {"outlets": 4},
})
ASSETS = """\
assets:
  - {name: p1, procedure: patrol, lat: 47, lon: -30, reach_km: 60,
     sight_km: 4, hours: 3, looks: 3}
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    out = tmp_path_factory.mktemp("after")
    make(PEOPLE, 3, out)
    assert code(["run", str(out / "mission.yaml"), "--out", str(out / "run")]) == 0
    return out


def asked(capsys, *words):
    assert code([str(one) for one in words]) == 0
    return capsys.readouterr().out


def test_the_map_says_what_denied_access_cost(ran, capsys):
    said = json.loads(asked(capsys, "completeness", ran / "run", *DAY, "--json"))
    denied = [one for one in said["lost"] if one["cause"] == "denied"]
    assert denied[0]["family"] == "patrol"
    assert denied[0]["failed_h"] == 12 * denied[0]["occasions"]
    assert denied[0]["zone_h"] > 0
    assert "denied" in asked(capsys, "completeness", ran / "run", *DAY)


def test_contours_grow_with_the_charge(ran, capsys, tmp_path):
    out, drawn = tmp_path / "map.geojson", tmp_path / "contours.geojson"
    more = ("--act", "explosion", "--out", out, "--contours", drawn)
    said = asked(capsys, "completeness", ran / "run", *DAY, *more)
    assert "90 % of such a charge" in said
    charges = [one["properties"]["charge_kg"] for one in features(drawn)]
    assert charges == sorted(charges)
    cells = {one["properties"]["smallest_kg"] for one in features(out)}
    assert cells - {None} == set(charges)


def features(path):
    return json.loads(path.read_text())["features"]


def test_the_next_looks_are_ranked_and_explained(ran, capsys, tmp_path):
    file = tmp_path / "assets.yaml"
    file.write_text(ASSETS)
    words = ("cue", ran / "run", *DAY, "--assets", file, "--hours", "9")
    found = json.loads(asked(capsys, *words, "--json"))
    assert len(found) == 3
    assert all(one["worth_bits"] > 0 and one["asset"] == "p1" for one in found)
    assert any(one["settles"] for one in found)
    assert f"3 looks, {sum(one['worth_bits'] for one in found):.2f} bits" in asked(
        capsys, *words
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("assets: []", "assets"),
        (ASSETS.replace("patrol", "dowsing"), "no response model"),
        (ASSETS.replace("sight_km: 4, ", ""), "either lat, lon and sight_km"),
        (ASSETS + ASSETS.partition("\n")[2], "two assets have one name"),
        (ASSETS.replace("hours: 3", "hours: .nan"), "hours"),
        ("looks: 1", "assets"),
    ],
)
def test_an_unusable_file_of_assets_is_refused(ran, capsys, tmp_path, text, told):
    file = tmp_path / "assets.yaml"
    file.write_text(text)
    assert code(["cue", str(ran / "run"), *DAY, "--assets", str(file)]) == 2
    assert told in capsys.readouterr().err


def test_what_has_no_charge_has_no_contours(ran, capsys, tmp_path):
    more = ("--act", "overflight", "--contours", str(tmp_path / "c.geojson"))
    assert code(["completeness", str(ran / "run"), *DAY, *more]) == 2
    assert "has no charge" in capsys.readouterr().err


def test_the_trend_takes_what_was_watched_as_exposure(tmp_path, capsys):
    everywhere = Patrols(count=60, hours_per_day=20)
    make(PEOPLE.model_copy(update={"patrols": everywhere}), 3, tmp_path)
    assert code(["run", str(tmp_path / "mission.yaml"), "--out", f"{tmp_path}/r"]) == 0
    capsys.readouterr()
    told = json.loads(asked(capsys, "trend", tmp_path / "r", "--json"))
    strip = [one for one in told["series"] if one["sector"] == "strip"]
    assert strip
    for one in strip:
        (day,) = one["days"]
        assert 0.05 < day["watched_days"] < 1
        assert one["low_per_day"] <= day["seen"] / day["watched_days"]
        assert one["high_per_day"] > day["seen"]
        assert one["change"] is None  # half of one day is no period
    for pair in told["pairs"]:
        assert pair["both"] <= min(pair["noticed_first"], pair["noticed_second"])
        assert pair["found"]["low"] <= pair["found"]["high"]
    assert "watched for" in asked(capsys, "trend", tmp_path / "r")


def test_one_act_seen_where_hardly_anybody_watched_bounds_no_rate(ran, capsys):
    told = json.loads(asked(capsys, "trend", ran / "run", "--json"))
    for one in told["series"]:
        (day,) = one["days"]
        assert day["watched_days"] < 0.05
        assert (one["low_per_day"], one["high_per_day"]) == (0.0, None)


def test_a_trend_of_nothing_is_refused(tmp_path, capsys):
    assert code(["trend", str(tmp_path)]) == 2
    assert capsys.readouterr().err


def test_a_rate_that_nothing_bounds_is_null_and_no_number(tmp_path, capsys):
    nobody = PEOPLE.model_copy(update={"patrols": Patrols()})
    make(nobody, 3, tmp_path)
    assert code(["run", str(tmp_path / "mission.yaml"), "--out", f"{tmp_path}/r"]) == 0
    capsys.readouterr()
    said = asked(capsys, "trend", tmp_path / "r", "--json")
    told = json.loads(said, parse_constant=lambda name: pytest.fail(name))
    assert told["series"]
    bounds = {(one["low_per_day"], one["high_per_day"]) for one in told["series"]}
    assert bounds == {(0.0, None)}
    assert "too little was watched" in asked(capsys, "trend", tmp_path / "r")
