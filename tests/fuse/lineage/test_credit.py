import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import SPOT, claim, detection, evidence, hours
from tests.fuse.lineage.prints import printed, report
from trucewatch.detect.detectors import reports
from trucewatch.fuse.associate import associate
from trucewatch.fuse.lineage.credit import credited
from trucewatch.fuse.lineage.trace import lineages
from trucewatch.fuse.merged import merges
from trucewatch.fuse.settings import default_fusion_settings

SETTINGS = default_fusion_settings()


def fused(*observations, rho=SETTINGS.copied_ratio):
    found = lineages(observations)
    seen = credited(reports.detect(evidence(*observations)), found, rho)
    return associate(seen, (), SETTINGS)


def test_two_copied_reports_count_once():
    one = fused(report("a.x", "Explosions"))
    both = fused(report("a.x", "Explosions"), report("b.x", "Explosions"))
    assert len(both) == 1
    assert both[0].p_exists == one[0].p_exists
    assert len(both[0].contributions) == 1


def test_reports_that_may_be_copies_add_the_rest_of_rho():
    (alone,) = fused(report("a.x", "Explosions"))
    (unclear,) = fused(report("a.x", "Explosions"), report("b.x", "Shots"))
    (apart,) = fused(report("a.x", "Explosions"), report("b.x", "Shots"), rho=0.0)
    ratios = [c.log10_likelihood_ratio for c in unclear.contributions]
    kept = (1 - SETTINGS.copied_ratio) * (1 - SETTINGS.rumour_ratio)
    assert ratios[1] == pytest.approx(kept * ratios[0], abs=1e-6)
    assert alone.p_exists < unclear.p_exists < apart.p_exists
    assert unclear.p_exists < 0.95


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_more_outlets_with_one_headline_never_raise_it(laters):
    (alone,) = fused(report("a.x", "Explosions"))
    copies = [report(f"o{n}.x", "Explosions") for n, _ in enumerate(laters)]
    (many,) = fused(report("a.x", "Explosions"), *copies)
    assert many.p_exists == alone.p_exists


@given(st.integers(1, 30))
@settings(max_examples=15, deadline=None)
def test_a_claim_never_rises_for_being_repeated(times):
    (alone,) = associate([claim()], (), SETTINGS)
    repeated = [claim(time=hours(0, 24 - n % 3), units=n) for n in range(times)]
    (many,) = associate([claim(), *repeated], (), SETTINGS)
    assert many.p_exists <= alone.p_exists


def test_a_detection_cites_the_lineage_that_gave_its_key():
    told = [report("a.x", "Explosions"), report("b.x", "Explosions")]
    (lineage,) = lineages(told)
    seen = credited(reports.detect(evidence(*told)), [lineage], 0.8)
    assert {one.independence for one in seen} == {"media:a.x"}
    assert all(lineage.id in one.derived_from for one in seen)


def test_an_echo_of_our_own_bulletin_adds_nothing():
    echo = printed("Shelling of Orikhiv, according to Trucewatch.")
    (lineage,) = lineages([echo])
    seen = detection(key="media:a.example", derived_from=(echo.id,))
    (made,) = credited([seen], [lineage], 0.8)
    assert made.log10_likelihood_ratio == 0
    assert made.independence.startswith("own:")


def test_a_party_keeps_its_own_word_whoever_printed_it_first():
    text = "In Orikhiv 47 houses burned at 21:35 near the road to Sumy."
    outlet = printed(text)
    party = printed(text, "m.example", 2, key="party:UA", speaker="UA")
    word = claim(derived_from=(party.id,))
    (made,) = credited([word], lineages([outlet, party]), 0.8)
    assert made == word


def test_detections_without_a_lineage_stay_as_they_are():
    seen = detection()
    assert credited([seen], lineages([printed("Nothing.")]), 0.8) == (seen,)


def test_a_merge_says_how_far_apart_its_parts_are_and_why_they_are_one_origin():
    told = [report("a.x", "Explosions"), report("b.x", "Explosions")]
    found = lineages(told)
    seen = credited(reports.detect(evidence(*told)), found, 0.8)
    incidents = associate(seen, (), SETTINGS)
    (merge,) = merges(incidents, {d.id: d for d in seen}, {o.id: o for o in found})
    assert [part.why_one_origin for part in merge.parts] == [("same_words",)] * 2
    assert {n for part in merge.parts for n in part.observations} == {
        one.id for one in told
    }
    assert merge.worst_ratio == pytest.approx(0, abs=1e-6)
    assert {part.shared_s for part in merge.parts} == {12 * 3600.0}


def test_an_incident_of_one_detection_is_no_merge():
    seen = detection(place=SPOT)
    assert merges(associate([seen], (), SETTINGS), {seen.id: seen}, {}) == ()


def test_outlets_with_words_of_their_own_never_make_an_incident_certain():
    prints = [report(f"o{n}.x", f"Words {n}") for n in range(100)]
    few, many = fused(*prints[:3]), fused(*prints)
    assert few[0].p_exists < 0.8
    assert many[0].p_exists < 0.8
    assert many[0].p_exists - few[0].p_exists < 0.02
