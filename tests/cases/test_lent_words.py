"""Lent posts and headlines alone: what they allege of points becomes graded incidents.

Nobody knows what was true; the test asks that words are read, placed, credited to whom
they belong, graded by the terms, and that all of it stands up to checking.
"""

import json
import os
from pathlib import Path

import pytest

from trucewatch.collect.observation import Observation, Statement
from trucewatch.detect.detection import Channel, Detection
from trucewatch.fuse.incident import Incident
from trucewatch.share.bulletin import Bulletin
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import bundled

DATA = Path(os.environ.get("TRUCEWATCH_DATA", "no data lent"))
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="TRUCEWATCH_DATA names no folder of lent data"
)
DAYS = ("2025-04-18", "2025-04-19", "2025-04-20", "2025-04-21")
MISSION = """\
mission: easter2025-words
title: Easter truce 2025, from words alone
agreement: {agreement}
days: {{first: 2025-04-20, last: 2025-04-21}}
zone: Europe/Kyiv
horizon: P2D
procedures: [media]
detectors: [reports, allegations]
deliveries:
  - source: posts
    files: posts.csv
    options: {{voice: RU, column.time: datetime, column.text: text_snippet, zone: UTC,
      channel: telegram, outlet: mod_russia}}
  - source: posts
    files: headlines.csv
    options: {{column.time: datetime, column.text: headline, zone: Europe/Kyiv,
      feed: viina}}
  - {{source: gazetteers, files: "${{TRUCEWATCH_DATA}}/gazetteer/*.csv"}}
bulletins:
  - {{stage: R, releases: [public], days: all, formats: [json]}}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Four days of a ministry's posts and of headlines, in two languages."""
    folder = tmp_path_factory.mktemp("words")
    for name, path in (
        ("posts.csv", "mod_russia_claims/mod_russia_claims_energy_easter2025.csv"),
        (
            "headlines.csv",
            "viina_media_reports/viina_media_reports_energy_easter2025.csv",
        ),
    ):
        with (DATA / path).open(encoding="utf-8-sig") as opened:
            head, *rows = opened.readlines()
        kept = [row for row in rows if row[:10] in DAYS]
        (folder / name).write_text("".join([head, *kept]), "utf-8")
    agreement = bundled("easter2025").parents[1] / "agreements" / "easter2025.yaml"
    mission = folder / "mission.yaml"
    mission.write_text(MISSION.format(agreement=agreement), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(folder / "keys"))
        assert code(["run", str(mission), "--out", str(folder / "out")]) == 0
        yield folder / "out"


def held(out, kind):
    with view(out / "ledger", KINDS) as ledger:
        return ledger.records(kind)


def test_lent_words_become_incidents_graded_under_every_reading(out):
    told = json.loads(
        (out / "bulletins/2025-04-20/R-public-en/bulletin.json").read_text()
    )
    graded = [one for one in told["incidents"] if one["findings"]]
    assert graded
    for one in graded:
        assert {f["reading"] for f in one["findings"]} == {"RU", "UA"}
        assert "Verified" not in {f["grade"] for f in one["findings"]}


def test_headlines_are_medias_and_a_ministrys_words_its_own(out):
    found = held(out, Detection)
    assert {one.channel for one in found} == {Channel.MEDIA, Channel.PARTY}
    speakers = {d.claimed_by for d in found if d.channel is Channel.PARTY}
    assert speakers
    assert speakers <= {"UA", "RU", "US"}  # headlines quote Washington too
    said = [o for o in held(out, Observation) if isinstance(o.result, Statement)]
    posts = [o for o in said if o.result.outlet == "mod_russia"]
    assert posts
    assert all(o.independence == "party:RU" for o in posts if not o.result.verb)


def test_an_explosion_three_cities_report_is_three_incidents(out):
    """The headline "Explosions in Mykolaiv, Kherson, Cherkasy" of 21 April."""
    bangs = [i for i in held(out, Incident) if i.acts[0].act == "explosion"]
    spots = {(round(i.place.lat_deg, 1), round(i.place.lon_deg, 1)) for i in bangs}
    assert {(47.0, 32.0), (46.6, 32.6), (49.4, 32.1)} <= spots


def test_copies_in_one_feed_are_one_origin(out):
    for incident in held(out, Incident):
        media = [c for c in incident.contributions if c.channel is Channel.MEDIA]
        assert len(media) <= 1


def test_everything_verifies_and_replays(out):
    assert code(["verify", str(out / "ledger")]) == 0
    for one in held(out, Bulletin):
        assert code(["replay", str(out), "--bulletin", one.id]) == 0
