"""From a form to the grade: what a party denies is Contested."""

import pytest

from tests.collect.deliveries import read
from tests.detect.build import evidence
from tests.grade.build import SETTINGS, agreement, clause
from trucewatch.detect.detectors import allegations
from trucewatch.fuse.associate import associate
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.grade.finding import Grade
from trucewatch.grade.grade import grade
from trucewatch.grade.reasons import Reason

FORM = """\
kind,speaker,against,act,time,lat,lon,radius_m
allegation,NORTH,SOUTH,shelling,2026-02-02T10:00Z,48.5,37.5,1000
{said}
"""
ELSEWHERE = "2026-02-02T10:00Z,49.5,37.5,5000"
LATER = "2026-02-05T10:00Z,48.5,37.5,5000"


def graded(said):
    batch = read("allegations", FORM.format(said=said), {"zone": "UTC"})
    assert not batch.rejections
    found = allegations.detect(evidence(*batch.observations))
    terms = agreement([clause(binds=("NORTH", "SOUTH"))])
    incidents = associate(found, (), default_fusion_settings())
    assert len(incidents) == 1
    return grade(incidents, (terms,), batch.observations, (), SETTINGS)[0]


@pytest.mark.parametrize(
    "said",
    [
        "denial,SOUTH,,shelling,2026-02-02,48.5,37.5,5000",
        "denial,SOUTH ministry,,shelling,2026-02-02,48.5,37.5,5000",
        "denial,SOUTH,,shelling,2026-02-02,,,",
    ],
)
def test_what_the_accused_denies_is_contested(said):
    found = graded(said)
    assert found.grade is Grade.CONTESTED
    assert Reason.DENIED in found.reasons


@pytest.mark.parametrize("when_where", [ELSEWHERE, LATER])
def test_a_denial_of_another_place_or_day_contests_nothing(when_where):
    assert graded(f"denial,SOUTH,,shelling,{when_where}").grade is not Grade.CONTESTED


def test_a_denial_by_somebody_else_contests_nothing():
    assert graded("denial,EAST,,shelling,2026-02-02,,,").grade is not Grade.CONTESTED
