"""Claims in a run: what contradicts them, what is learnt of them, what copies do."""

import json
from collections import Counter

import pytest

from trucewatch.fuse.incident import Incident
from trucewatch.fuse.track import TrackRecord
from trucewatch.grade.finding import Contradiction, ContradictionKind
from trucewatch.share.bulletin import Bulletin
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import bundled

HEAD = "speaker,against,act,begin,end,lat,lon,radius_m,words,url,kind,made\n"
SEEN = "48.0,37.8,500"  # two cameras look there
HOURS = "2025-04-20T08:00Z,2025-04-20T09:00Z"
FORM = (
    f"UA,RU,explosion,{HOURS},{SEEN},A loud bang.,,,\n"
    f"UA,RU,shelling,{HOURS},49.5,36.5,1000,They shelled us.,,,\n"
    f"RU,UA,shelling,{HOURS},49.5,36.5,1000,They shelled us.,,,\n"
    f"UA,RU,strike,{HOURS},47.0,35.5,1000,They struck a mill.,,,\n"
    f"RU,UA,strike,{HOURS},47.0,35.5,1000,We did not.,,denial,\n"
    "RU,UA,shelling,2025-04-18T08:00Z,2025-04-18T09:00Z,50.5,36.5,1000,"
    "They broke the truce.,,,2025-04-20T10:00Z\n"
)
CAMERAS = (
    "record,observer,observer_lat,observer_lon,heading_deg,opening_deg,range_km,"
    "begin,end,outcome,clear_ratio\n"
    "view,cam-1,47.95,37.8,0,120,30,2025-04-19T00:00Z,2025-04-21T00:00Z,miss,1\n"
    "view,cam-2,48.05,37.8,180,120,30,2025-04-19T00:00Z,2025-04-21T00:00Z,miss,1\n"
)
FIGURES = [
    ("UA", {"shelling": 1882, "fpv": 950}, 2935, "https://one.example/a"),
    ("RU", {"shelling": 1882, "fpv": 950}, None, "https://two.example/b"),
    ("UA", {}, 1000, "https://three.example/c"),
]
MISSION = """\
mission: claims
title: Claims and what stands against them
agreement: {agreement}
days: {{first: 2025-04-20, last: 2025-04-21}}
zone: Europe/Kyiv
deliveries:
  - {{source: allegations, files: form.csv, options: {{zone: UTC}}}}
  - {{source: camera_logs, files: cameras.csv}}
  - {{source: party_claims, files: figures.json}}
bulletins:
  - {{stage: A3, releases: [cell], days: all, formats: [json]}}
  - {{stage: R, releases: [public], days: all, formats: [json, html]}}
"""


def ran(folder, form=FORM, more=""):
    agreement = bundled("easter2025").parents[1] / "agreements" / "easter2025.yaml"
    folder.mkdir(parents=True)
    (folder / "form.csv").write_text(HEAD + form, "utf-8")
    (folder / "cameras.csv").write_text(CAMERAS, "utf-8")
    figures = [
        {
            "claimant": speaker,
            "against": "RU" if speaker == "UA" else "UA",
            "as_of": "2025-04-20",
            "parts": parts,
            **({"total": total} if total else {}),
            "url": url,
        }
        for speaker, parts, total, url in FIGURES
    ]
    (folder / "figures.json").write_text(json.dumps(figures), "utf-8")
    text = MISSION.format(agreement=agreement)
    path = folder / "mission.yaml"
    path.write_text(text.replace("bulletins:\n", f"{more}bulletins:\n"), "utf-8")
    assert code(["run", str(path), "--out", str(folder / "out")]) == 0
    return folder / "out"


@pytest.fixture(scope="module")
def out(tmp_path_factory, keys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        return ran(tmp_path_factory.mktemp("claims") / "mission")


def held(out, kind):
    with view(out / "ledger", KINDS) as ledger:
        return ledger.records(kind)


def bulletin(out, name):
    return out / "bulletins" / name


def test_every_kind_of_contradiction_is_made_and_printed(out):
    assert {one.disagreement for one in held(out, Contradiction)} == {
        *ContradictionKind
    }
    shown = bulletin(out, "2025-04-20/R-public-en")
    told = json.loads((shown / "bulletin.json").read_text())
    assert {c["disagreement"] for c in told["contradictions"]} == {*ContradictionKind}
    page = (shown / "bulletin.html").read_text("utf-8")
    for words in ("sensors looked there", "no reading has the terms", "other speaker"):
        assert words in page


def test_the_next_day_knows_that_a_claim_failed(out):
    records = held(out, TrackRecord)
    last = max(records, key=lambda one: one.cutoff)
    (track,) = [one for one in last.tracks if one.failed]
    assert (track.speaker, track.against, track.failed) == ("UA", "RU", 1)
    latest = max(held(out, Picture), key=lambda one: one.cutoff)
    assert any(name.startswith("trackrecord:") for name in latest.derived_from)


def test_no_automatic_bulletin_tells_a_partys_record(out):
    told = bulletin(out, "2025-04-21/A3-cell-en") / "bulletin.json"
    assert b"p_holds" not in told.read_bytes()


def test_all_bulletins_replay_and_the_ledger_verifies(out):
    assert code(["verify", str(out / "ledger")]) == 0
    for one in held(out, Bulletin):
        assert code(["replay", str(out), "--bulletin", one.id]) == 0


PRESS = "datetime,lon,lat,place_name,event_type,headline,url\n"
HEADLINES = (
    ("2025-04-20 10:00", "36.5,49.5,Town,artillery", "Shells fell on the town"),
    ("2025-04-20 11:00", "35.0,48.0,Port,artillery", "The port was shelled at noon"),
)


def grades(out):
    """The grades of the latest picture, by incident and finding."""
    shown = json.loads(
        (bulletin(out, "2025-04-20/A3-cell-en") / "bulletin.json").read_text()
    )
    return Counter(
        (one["name"], f["clause"], f["reading"], f["grade"])
        for one in shown["incidents"]
        for f in one["findings"]
    )


def printed(outlets):
    """A delivery in which so many outlets print each headline."""
    rows = [
        f"{when},{what},{words},https://outlet{n}.example/{k}\n"
        for k, (when, what, words) in enumerate(HEADLINES)
        for n in range(outlets)
    ]
    return PRESS + "".join(rows)


def with_outlets(folder, outlets):
    """A run in which so many outlets print each headline and each allegation."""
    form = "".join(
        line.replace(",,", f",https://outlet{n}.example/a,", 1)
        for line in FORM.splitlines(keepends=True)
        for n in range(outlets)
    )
    folder.mkdir()
    (folder / "press.csv").write_text(printed(outlets), "utf-8")
    more = (
        f"  - {{source: media_reports, files: {folder}/press.csv,"
        " options: {feed: press, zone: UTC}}\n"
    )
    return ran(folder / "mission", form, more)


def test_a_hundred_times_the_outlets_change_no_grade(tmp_path):
    once = with_outlets(tmp_path / "once", 1)
    often = with_outlets(tmp_path / "often", 100)
    assert grades(once)
    assert grades(often) == grades(once)
    p = [
        sorted((i.name, i.p_exists) for i in held(out, Incident))
        for out in (once, often)
    ]
    assert p[0] == p[1]


def test_the_record_of_the_parties_is_shown_to_reviewers(out, capsys):
    capsys.readouterr()
    assert code(["review", str(out), "--track"]) == 0
    shown = capsys.readouterr().out
    assert "UA of RU" in shown
    assert "0 held, 1 failed" in shown
