import json
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grade.build import incident
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.read import read_agreement
from trucewatch.agreement.taxonomy import Act
from trucewatch.errors import ScenarioError
from trucewatch.exercise.beside import Told, Truth
from trucewatch.exercise.calibration import calibration
from trucewatch.exercise.dice import dice
from trucewatch.exercise.happenings import happenings
from trucewatch.exercise.make import make
from trucewatch.exercise.match import matched
from trucewatch.exercise.page import page
from trucewatch.exercise.scenario import Scenario, read_scenario, shipped
from trucewatch.exercise.score import read_truth, score
from trucewatch.exercise.truth import Happening, Sort, stage_of
from trucewatch.period import Period
from trucewatch.place import Place, Unlocated
from trucewatch.watch.cli import code

SMALL = Scenario.model_validate({
    "scenario": "small",
    "title": "Small",
    "days": 1,
    "parties": {
        "NOR": {"breaches_per_day": 8, "exempt_per_day": 3, "invents_per_day": 3},
        "SUD": {"breaches_per_day": 8, "exempt_per_day": 3},
    },
    "decoys": {"thunder_per_day": 2, "farm_fires_per_day": 2, "hot_works": 1},
    "nodes": {"count": 20},
    "patrols": {"count": 3, "hours_per_day": 12},
    "press": {"outlets": 4},
    "satellites": {"passes_per_day": 6},
})


def files_of(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("exercise")
    return out, make(SMALL, 5, out)


def test_the_same_seed_gives_the_same_files(made, tmp_path):
    out, truth = made
    assert make(SMALL, 5, tmp_path) == truth
    assert files_of(tmp_path) == files_of(out)


def test_another_seed_gives_another_truth(made, tmp_path):
    assert make(SMALL, 6, tmp_path) != made[1]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_sound(name):
    scenario = read_scenario(name)
    assert scenario.scenario == name
    truth = happenings(stage_of(scenario, 1), 1)
    assert [one.time for one in truth] == sorted(one.time for one in truth)


def test_the_terms_of_an_exercise_have_no_problem(made):
    (terms,) = read_agreement(made[0] / "agreement.yaml")
    assert [one.id for one in terms.readings] == ["NOR", "SUD"]


def test_attacks_fall_on_the_other_sides_ground(made):
    stage = stage_of(SMALL, 5)
    for one in made[1]:
        if one.sort in (Sort.BREACH, Sort.INVENTED):
            north = one.y_m > stage.line_at(one.x_m)
            assert north == (one.by == "SUD")


def test_what_no_channel_could_see_is_in_no_delivery_but_words(made):
    out, truth = made
    invented = [one for one in truth if one.sort is Sort.INVENTED]
    assert invented
    said = json.loads((out / "deliveries" / "words.json").read_text())
    assert sum(one["against"] == "SUD" for one in said) >= len(invented)


def test_a_blackout_silences_its_channel(tmp_path):
    out = {"channel": "satellites", "begin_h": 0, "end_h": 24}
    dark = Scenario.model_validate(SMALL.model_dump() | {"blackouts": [out]})
    make(dark, 5, tmp_path)
    assert (tmp_path / "deliveries/passes.csv").read_text().count("\n") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("scenario: x1\ntitle: T\ndays: 0\n", "days"),
        ("scenario: x1\ntitle: T\nsensors: 3\n", "sensors"),
        ("scenario: x1\ntitle: T\nparties: {EST: {}}\n", "EST"),
        ("scenario: [", "flow"),
        ("", "valid"),
    ],
)
def test_an_unusable_scenario_is_refused(tmp_path, text, told):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=told):
        read_scenario(str(path))


def test_an_unknown_scenario_names_the_known_ones():
    with pytest.raises(ScenarioError, match="quiet-front"):
        read_scenario("nothing-such")


def test_streams_do_not_depend_on_each_other():
    first = dice(1, "a", "x").random(3).tolist()
    dice(1, "a", "y").random(100)
    assert dice(1, "a", "x").random(3).tolist() == first
    assert dice(1, "a", "y").random(3).tolist() != first


# --- scoring ---------------------------------------------------------------------

PLANE = Plane(-30.0, 47.0)
NOON = stage_of(SMALL, 5).begin + timedelta(hours=12)


def happening(k=1, x_m=0.0, y_m=0.0, sort=Sort.BREACH, **fields):
    ((lon, lat),) = PLANE.unproject(np.array([[x_m, y_m]])).tolist()
    standard = {
        "what": "shelling",
        "by": "NOR",
        "time": NOON,
        "rounds": 1,
        "length_s": 0.0,
        "level_db": 112.0,
        "burns_s": 0.0,
    }
    return Happening(
        name=f"t{k}",
        sort=sort,
        lat_deg=lat,
        lon_deg=lon,
        x_m=x_m,
        y_m=y_m,
        **{**standard, **fields},
    )


def told_at(x_m=0.0, y_m=0.0, radius_m=500.0, p=0.9, name="a", hours=0):
    ((lon, lat),) = PLANE.unproject(np.array([[x_m, y_m]])).tolist()
    begin = NOON + timedelta(hours=hours)
    time = Period(begin - timedelta(minutes=5), begin + timedelta(minutes=5))
    place = Place.circle(lat, lon, radius_m)
    return incident(place, time, Act.SHELLING, p, name=name)


def test_the_nearest_pair_is_matched_one_to_one():
    truth = [happening(1), happening(2, x_m=900.0)]
    pairs = matched([told_at(800.0, name="a"), told_at(700.0, name="b")], truth, PLANE)
    assert [(p.incident, p.happening) for p in pairs] == [(0, 1), (1, 0)]
    assert [p.inside for p in pairs] == [True, False]
    assert pairs[1].away_m == pytest.approx(700.0, abs=1.0)


def test_the_ellipse_turns_with_its_azimuth():
    ((lon, lat),) = PLANE.unproject(np.array([[0.0, 0.0]])).tolist()
    east = Place(lat, lon, 2000.0, 100.0, 90.0)
    one = incident(east, told_at().time, Act.SHELLING, 0.9)
    for x, y, inside in ((1900.0, 0.0, True), (0.0, 1900.0, False)):
        (pair,) = matched([one], [happening(1, x, y)], PLANE)
        assert pair.inside is inside


def test_another_hour_place_or_an_invention_is_no_match():
    truth = [happening()]
    lost = incident(Unlocated(), told_at().time)
    for one in (told_at(hours=2), told_at(9_000.0), lost):
        assert matched([one], truth, PLANE) == ()
    assert matched([told_at()], [happening(words_of="SUD")], PLANE) == ()


def scored(incidents, truth):
    known = Truth("small", 1, PLANE, {"A": NOON}, tuple(truth), {"no-attack": 3.0})
    return score(known, Told(tuple(incidents), (), ()))


def test_a_scorecard_of_nothing_is_a_scorecard():
    card = scored([], [])
    assert (card.breaches, card.told, card.existence.statements) == (0, 0, 0)
    assert "Scorecard" in page((card,))


def test_false_incidents_cost_precision_and_missed_ones_recall():
    truth = [happening(1), happening(2, 5_000.0), happening(3, -5_000.0)]
    card = scored([told_at(), told_at(20_000.0, name="b")], truth)
    assert card.precision_ratio == 0.5
    assert [(r.kind, r.happened, r.told) for r in card.recall] == [
        ("shelling", 3, 1),
        ("severe", 3, 1),
    ]
    assert card.existence.brier_ratio == pytest.approx((0.1**2 + 0.9**2) / 2)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
@settings(max_examples=40)
def test_the_brier_score_falls_into_its_parts(pairs):
    stated = np.array([p for p, _ in pairs])
    true = np.array([ok for _, ok in pairs], np.float64)
    found = calibration(stated, true)
    parts = found.reliability_ratio - found.resolution_ratio + found.uncertainty_ratio
    assert abs(parts - found.brier_ratio) <= 0.12  # the spread within a bin
    assert 0 <= found.ece_ratio <= 1
    assert sum(b.statements for b in found.bins) == len(pairs)


def test_statements_that_are_true_as_often_as_stated_are_calibrated():
    rng = np.random.default_rng(1)
    stated = rng.random(20_000)
    assert calibration(stated, (rng.random(20_000) < stated) * 1.0).ece_ratio < 0.015


def test_statements_that_are_no_probabilities_are_refused():
    with pytest.raises(ValueError, match="no probability"):
        calibration(np.array([1.2]), np.array([1.0]))
    with pytest.raises(ValueError, match="outcomes"):
        calibration(np.ones(2), np.ones(3))


def test_a_truth_that_is_none_is_refused(tmp_path):
    path = tmp_path / "truth.json"
    path.write_text("[]")
    with pytest.raises(ScenarioError, match="no truth"):
        read_truth(path)


def test_the_truth_written_is_the_truth_read(made):
    assert read_truth(made[0] / "truth.json").happenings == made[1]


def test_the_command_lists_makes_and_refuses(tmp_path, capsys):
    assert code(["exercise", "list"]) == 0
    assert "decoy-day" in capsys.readouterr().out
    asked = ["exercise", "make", "quiet-front", "--seed", "3", "--out", str(tmp_path)]
    assert code([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["happenings"]
    assert (tmp_path / "truth.json").is_file()
    assert code(["exercise", "make", "nothing-such", "--out", str(tmp_path)]) == 2
    assert "quiet-front" in capsys.readouterr().err
