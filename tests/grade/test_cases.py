"""Detection, fusion and grading wired directly on lent data of four truces."""

import hashlib
import os
import pathlib
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

import trucewatch.cases
from trucewatch.agreement.read import read_agreement
from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.observation import Statement
from trucewatch.detect.detection import Channel, Evidence
from trucewatch.fuse.associate import associate
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.grade.contradict import contradictions
from trucewatch.grade.finding import ContradictionKind, Grade, Standing
from trucewatch.grade.grade import grade
from trucewatch.grade.reasons import Reason
from trucewatch.grade.settings import default_grade_settings
from trucewatch.period import Period
from trucewatch.place import Unlocated
from trucewatch.plugin import load, names

FOLDER = pathlib.Path(os.environ.get("TRUCEWATCH_DATA") or "/nowhere")
pytestmark = [
    pytest.mark.cases,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="TRUCEWATCH_DATA names no folder of lent data"
    ),
]
CASES = pathlib.Path(trucewatch.cases.__path__[0])
DETECTORS = "trucewatch.detect.detectors"
UA, RU = {"speaker": "UA", "against": "RU"}, {"speaker": "RU", "against": "UA"}
CLAIMS = "air_force_claims_missile_uav/air_force_claims_missile_uav_"
SIRENS = "air_raid_alerts_oblast/air_raid_alerts_oblast_"


def delivered(source, pattern, **options):
    batches = []
    for path in sorted(FOLDER.glob(pattern)):
        raw = path.read_bytes()
        delivery = Delivery(
            source=source,
            name=path.name,
            sha256=hashlib.sha256(raw).hexdigest(),
            size_bytes=len(raw),
            options=tuple(Option(*pair) for pair in options.items()),
        )
        sources = "trucewatch.collect.sources"
        batches.append(load(sources, source).read(raw, delivery))
    assert batches
    return batches


class Picture:
    """Everything the three stages make of some deliveries."""

    def __init__(self, case, batches, begin, end, **changed):
        self.observations = tuple(o for b in batches for o in b.observations)
        columns = tuple(c for b in batches for c in b.tables)
        settings = replace(default_fusion_settings(), **changed)
        watched = Period(_utc(begin), _utc(end))
        evidence = Evidence(self.observations, columns, watched, settings.id)
        found = [load(DETECTORS, n).detect(evidence) for n in names(DETECTORS)]
        self.detections = [one for some in found for one in some]
        self.incidents = associate(self.detections, (), settings)
        self.findings = grade(
            self.incidents,
            read_agreement(CASES / f"agreements/{case}.yaml"),
            self.observations,
            (),
            default_grade_settings(),
        )
        self.contradictions = contradictions(self.observations)

    def of(self, incident):
        return [f for f in self.findings if f.incident == incident.id]


def _utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def energypause2026():
    batches = [
        *delivered("launch_claims", f"{CLAIMS}energypause2026.csv", **UA),
        *delivered("sirens", f"{SIRENS}energypause2026.csv"),
        *delivered("firms", "firms_2026_janfeb/*.csv"),
        *delivered("fire_history", "firms_history/ukr_fire_data_2021.csv.gz"),
    ]
    return Picture("energypause2026", batches, "2026-01-31", "2026-02-05")


@cache
def easter2025():
    batches = [
        *delivered("launch_claims", f"{CLAIMS}energy_easter2025.csv", **UA),
        *delivered("sirens", f"{SIRENS}energy_easter2025.csv"),
        *delivered("media_reports", "viina_media_reports/*easter2025.csv"),
        *delivered("party_claims", "party_claims.json", truce="easter2025"),
        *delivered("firms", "firms_history/ukr_fire_data_20*.csv.gz"),
    ]
    return Picture("easter2025", batches, "2025-04-17", "2025-04-24")


@cache
def xmas2023(**changed):
    batches = [
        *delivered("launch_claims", f"{CLAIMS}xmas2023.csv", **UA),
        *delivered("sirens", f"{SIRENS}xmas2023.csv"),
        *delivered("firms", "firms_dates_only/*xmas2023.csv"),
        *delivered("fire_history", "firms_history/ukr_fire_data_202[01].csv.gz"),
    ]
    return Picture("xmas2023", batches, "2023-01-05", "2023-01-09", **changed)


def the_raid():
    raids = [i for i in energypause2026().incidents if i.units_best == 536]
    assert len(raids) == 1
    return raids[0]


def test_the_launches_of_the_night_are_one_raid_without_a_place():
    raid = the_raid()
    assert raid.place == Unlocated()
    assert [c.channel for c in raid.contributions] == [Channel.PARTY]
    assert raid.against == "RU"


def test_the_raid_is_inside_for_one_reading_and_outside_for_two():
    found = energypause2026().of(the_raid())
    standing = {f.reading: f.standing for f in found if f.clause == "long-range"}
    assert standing == {
        "UA": Standing.INSIDE,
        "RU": Standing.OUTSIDE,
        "US": Standing.OUTSIDE,
    }


def test_one_partys_claim_is_graded_for_what_it_is():
    relied = {f.grade for f in energypause2026().of(the_raid())}
    assert relied <= {Grade.POSSIBLE, Grade.REPORTED, Grade.UNVERIFIABLE}
    found = energypause2026().of(the_raid())
    inside = [f for f in found if f.standing is Standing.INSIDE]
    assert {f.grade for f in inside} == {Grade.POSSIBLE}
    assert 0.6 < max(f.p_breach for f in inside) < 0.8


def test_sirens_of_the_night_are_context_and_no_origin():
    sirens = {
        d.id for d in energypause2026().detections if d.channel is Channel.CONTEXT
    }
    assert the_raid().context
    assert set(the_raid().context) <= sirens
    assert the_raid().contributions[0].detections[0] not in sirens


def test_easter_has_no_thermal_detection_and_that_says_nothing():
    assert not [d for d in easter2025().detections if d.detector == "thermal"]


def test_tallies_of_easter_stay_statements():
    totals = {
        o.result.total
        for o in easter2025().observations
        if isinstance(o.result, Statement)
    }
    assert {2935, 4900} <= totals
    assert not {2935, 4900} & {d.units for d in easter2025().detections}


def test_the_outlet_that_swapped_the_speaker_is_caught():
    found = easter2025().contradictions
    assert [c.disagreement for c in found] == [ContradictionKind.ATTRIBUTION]
    said = {o.id: o.result for o in easter2025().observations}
    assert said[found[0].first].speaker == "RU"
    assert said[found[0].second].outlet == "timeukraineisrael.com"


def test_a_growing_tally_of_easter_is_no_contradiction():
    assert "4900" not in " ".join(c.about for c in easter2025().contradictions)


def test_no_fire_of_christmas_that_burns_every_winter_is_an_incident():
    assert [d for d in xmas2023().detections if d.detector == "thermal"]
    assert xmas2023().incidents == ()


def test_fires_of_the_energy_pause_are_stated_from_five_per_cent_on():
    fires = [d for d in energypause2026().detections if d.detector == "thermal"]
    stated = [i for i in energypause2026().incidents if i.place != Unlocated()]
    assert 0 < len(stated) < len(fires)
    assert min(i.p_exists for i in stated) >= 0.05


def test_christmas_stands_under_the_one_reading_there_was():
    found = xmas2023(p_worth_stating=0.0).findings
    assert found
    inside = {f.reading for f in found if f.standing is not Standing.OUTSIDE}
    assert inside == {"RU"}


def test_a_heat_pixel_without_an_hour_is_not_put_inside_the_order():
    """A pixel of 6 January may lie on either side of noon."""
    christmas = xmas2023(p_worth_stating=0.0)
    sixth = Period(_utc("2023-01-06"), _utc("2023-01-07"))
    dated = {i.id for i in christmas.incidents if i.time.overlap_s(sixth) >= 36_000}
    found = [f for f in christmas.findings if f.incident in dated]
    ordered = {f.standing for f in found if f.reading == "RU"}
    assert ordered
    assert Standing.INSIDE not in ordered


def test_nothing_of_christmas_is_discounted_for_want_of_coverage():
    found = xmas2023(p_worth_stating=0.0).findings
    assert Grade.DISCOUNTED not in {f.grade for f in found}


def test_no_finding_names_a_responsible_party():
    for picture in (energypause2026(), easter2025(), xmas2023()):
        for finding in picture.findings:
            assert finding.attribution.status == "not_attributable"
            held = {s.held for s in finding.attribution.shares}
            assert held <= {"left", "right", "inside", "rest"}


def test_one_partys_word_never_passes_possible():
    for picture in (energypause2026(), easter2025()):
        words = [f for f in picture.findings if Reason.ONE_PARTY_ONLY in f.reasons]
        relied = {f.grade for f in words}
        assert relied
        assert relied <= {Grade.POSSIBLE, Grade.CONTESTED, Grade.UNVERIFIABLE}


def test_a_week_of_lent_data_takes_seconds():
    batches = delivered("media_reports", "viina_media_reports/*easter2025.csv")
    begin = time.process_time()
    found = Picture("easter2025", batches, "2025-04-17", "2025-04-24")
    assert time.process_time() - begin < 5
    assert len(found.incidents) > 100
