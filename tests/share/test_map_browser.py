"""The map page in a browser, opened from disk as its readers open it."""

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.share.map_bulletins import bulletin

from trucewatch.plugin import load
from trucewatch.share.bulletin import Bulletin

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
HOSTILE = "Truce</script><script>injected=1</script><img src=x onerror=injected=1>"


def missing() -> str:
    wanted = {
        "no Chromium was found": CHROMIUM,
        "no Node was found": shutil.which("node"),
        "web/node_modules lacks playwright-core": (
            WEB / "node_modules/playwright-core"
        ).is_dir(),
        "the page was not built": (
            ROOT / "src/trucewatch/share/web/map.html"
        ).is_file(),
    }
    return ", ".join(why for why, found in wanted.items() if not found)


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


def crowded() -> Bulletin:
    """Thirty incidents, the 27 on the map in one cell: the middle of the screen."""
    one = bulletin(30, title=HOSTILE)
    together = tuple(
        dataclasses.replace(row, lat_deg=47.05, lon_deg=33.05)
        if row.located == "point"
        else row
        for row in one.incidents
    )
    return dataclasses.replace(one, incidents=together, shapes=(), firing=())


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What a reader saw: opened the page, switched, slid, clicked, went back."""
    folder = tmp_path_factory.mktemp("map")
    (file,) = load("trucewatch.share.formats", "map").render(crowded())
    page = folder / file.name
    page.write_bytes(file.data)
    command = ["node", WEB / "test/drive.mjs", CHROMIUM, page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_page_asks_the_network_for_nothing(seen):
    assert seen["requests"] == []


def test_the_page_draws_without_errors_or_warnings(seen):
    assert seen["problems"] == []


def test_hostile_words_are_shown_and_not_run(seen):
    assert seen["title"] == f"{HOSTILE}: map"
    assert seen["injected"] == 0


def test_incidents_are_counted_by_the_standing_of_the_chosen_reading(seen):
    counted = {
        reading: [
            sum(
                next(f.standing for f in row.findings if f.reading == reading) == name
                for row in crowded().incidents
            )
            for name in ("inside", "undecided", "outside", "untestable")
        ]
        for reading in ("NOR", "SUD", "MED")
    }
    assert seen["shown"] == 30
    assert seen["standings"] == counted
    assert seen["standings"]["MED"][0] == 0 != seen["standings"]["NOR"][0]


def test_the_slider_leaves_only_what_overlaps_its_span(seen):
    # Twelve steps of half an hour: from six in the morning.
    later = sum(row.end.hour > 6 or row.end.day > 4 for row in crowded().incidents)
    assert seen["shown_later"] == later < 30
    assert seen["shown_again"] == 30


def test_a_click_shows_the_incident_with_its_origins_and_readings(seen):
    assert seen["name"] in {row.name for row in crowded().incidents}
    assert seen["picked"].startswith("1 of ")
    assert seen["origins"] == 3
    assert seen["columns"] == ["Clause", "NOR", "SUD", "MED"]
    assert seen["back"] == 0


def test_incidents_without_a_point_are_listed_beside_the_map(seen):
    assert seen["off_map"] == 3


def test_the_bars_add_up_to_the_incidents(seen):
    assert seen["expected"] == pytest.approx(30)


def test_windows_stand_on_the_timeline_with_what_is_uncertain_of_them(seen):
    # Per cent of the day, left and width: perhaps in force, surely in force.
    assert seen["windows"] == [[[25, 75], [25, 75]], [[71, 29], [79, 21]], []]


def test_filters_leave_only_what_they_name(seen):
    shelling = sum(row.acts[0] == "shelling" for row in crowded().incidents)
    assert seen["shelling"] == shelling < 30


def test_an_address_with_a_name_opens_that_incident(seen):
    assert seen["followed"] == seen["name"]
