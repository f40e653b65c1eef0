"""Which side it came from, and the reasons a reviewer reads."""

from dataclasses import replace

import pytest

from tests.grade.build import LINE, SETTINGS, agreement, incident, origin, word
from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import Channel
from trucewatch.grade.attribute import weighed
from trucewatch.grade.finding import Attributed, Attribution, SideShare
from trucewatch.grade.grade import grade
from trucewatch.grade.reasons import SideReason
from trucewatch.place import Place

EAST = Place.circle(48.5, 37.7, 300.0)  # fourteen km right of the line
NODES = origin("acoustic:north", Channel.INSTRUMENT, 9.0)
OUTLET = origin("media:paper", Channel.MEDIA, 3.0)


def sided(*origins, place=EAST, act=Act.SHELLING, p_exists=0.9999):
    one = incident(
        place, act=act, p_exists=p_exists, units_best=5, contributions=origins
    )
    (row,) = grade([one], (agreement(lines=(LINE,)),), (), (), SETTINGS)
    return row.attribution


def test_an_outlet_that_repeats_a_party_does_not_make_a_bang_an_impact():
    echo = replace(OUTLET, log10_likelihood_ratio=0.0)
    assert sided(NODES, word(), OUTLET).assessed is Attributed.ATTRIBUTED
    told = sided(NODES, word(), echo)
    assert told.assessed is Attributed.NOT
    assert told.because == (SideReason.LANDED_SAID,)


@pytest.mark.parametrize(
    ("act", "lon_deg", "because"),
    [
        (Act.SHELLING, 37.7, (SideReason.LANDED,)),
        (Act.FIRING, 37.7, (SideReason.FIRED,)),
        (Act.UNDETERMINED, 37.7, (SideReason.ACT_UNKNOWN,)),
        (Act.SHELLING, 38.5, (SideReason.LANDED, SideReason.OUT_OF_REACH)),
        (Act.SHELLING, 37.5, (SideReason.LANDED, SideReason.LINE_NEAR)),
    ],
)
def test_the_reasons_say_what_the_weights_rest_on(act, lon_deg, because):
    place = Place.circle(48.5, lon_deg, 300.0)
    told = sided(NODES, OUTLET, act=act, place=place)
    assert told.because[: len(because)] == because


def test_where_parties_accuse_each_other_no_side_is_assessed():
    words = [
        replace(word(), independence=f"party:{by}", claimed_by=by, against=other)
        for by, other in (("A", "B"), ("B", "A"))
    ]
    told = sided(NODES, OUTLET, *words)
    assert told.assessed is Attributed.NOT
    assert SideReason.BOTH_ACCUSED in told.because


WEIGHED = Attribution(
    Attributed.NOT,
    (),
    (),
    (SideShare("line", "left", 0.97), SideShare("line", "right", 0.03)),
)


@pytest.mark.parametrize(
    ("p_breach", "assessed"),
    [
        (0.5, Attributed.NOT),
        (0.85, Attributed.LARGELY),
        (0.95, Attributed.ATTRIBUTED),
    ],
)
def test_a_side_answers_for_a_breach_only_as_far_as_there_was_one(p_breach, assessed):
    told = weighed(WEIGHED, p_breach, 0.8, conflicts=False)
    assert told.assessed is assessed
    assert (SideReason.BREACH_UNSURE in told.because) == (p_breach < 0.8)
