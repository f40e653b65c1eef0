"""Damage that was measured or graded becomes evidence, bounded either way."""

import pytest

from tests.collect.deliveries import read, sample
from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import response_of
from trucewatch.detect.detection import Evidence
from trucewatch.detect.detectors.sar_change import LOG10_MOST, LOG10_OF_GRADE, detect
from trucewatch.period import Period
from trucewatch.record import RecordId


def evidence(*sources):
    found = []
    for name in sources:
        raw, expected = sample(name)
        found += read(name, raw, expected["options"]).observations
    times = [one.phenomenon_time for one in found]
    watched = Period(min(t.begin for t in times), max(t.end for t in times))
    return Evidence(tuple(found), (), watched, RecordId(""))


def test_a_measured_change_keeps_its_ratio_up_to_the_cap_and_its_interval():
    one, two = detect(evidence("sar_changes"))
    assert one.log10_likelihood_ratio == LOG10_MOST
    assert two.log10_likelihood_ratio == 0.6
    assert one.time.duration_s == 9 * 86_400
    assert one.independence == two.independence == "sar:sentinel-1"


def test_a_graded_layer_weighs_by_its_grade_and_names_its_delivery():
    found = detect(evidence("damage_layers"))
    weights = sorted(one.log10_likelihood_ratio for one in found)
    assert weights == sorted(
        LOG10_OF_GRADE[g] for g in ("destroyed", "possible", "severe")
    )
    assert all(one.claimed_by == "" for one in found)
    assert all(one.derived_from[0].startswith("observation:") for one in found)


def test_the_order_of_observations_does_not_matter():
    given = evidence("sar_changes", "damage_layers")
    turned = Evidence(given.observations[::-1], (), given.watched, given.settings_id)
    assert detect(given) == detect(turned)


def test_evidence_against_a_change_is_no_detection():
    raw, _ = sample("sar_changes")
    weak = raw.replace(b"0.6}", b"-0.4}")
    found = read("sar_changes", weak).observations
    watched = Period(found[0].phenomenon_time.begin, found[1].phenomenon_time.end)
    assert len(detect(Evidence(found, (), watched, RecordId("")))) == 1


@pytest.mark.parametrize("family", ["sar", "damage"])
def test_pictures_before_and_after_see_no_shots(family):
    response = response_of(family)
    assert response.p_notice(Act.SHOT) == 0
    assert response.p_notice(Act.GLIDE_BOMB) > response.p_notice(Act.MINE) > 0


def test_small_houses_are_noticed_less():
    from trucewatch.plugin import load

    recall = load("trucewatch.completeness.sensors", "sar").recall
    found = [recall(area) for area in (50, 100, 250, 500, 1000, 5000)]
    assert found == sorted(found)
    assert found[0] == 0
