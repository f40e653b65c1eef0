"""How an incident stands to the terms as each reading has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.build import hours
from tests.grade.build import (
    COARSE,
    SETTINGS,
    agreement,
    change,
    clause,
    graded,
    incident,
    reading,
    window,
    word,
)
from trucewatch.agreement.taxonomy import Act, WeaponClass
from trucewatch.errors import AgreementError
from trucewatch.grade.finding import Grade, Standing
from trucewatch.grade.grade import grade
from trucewatch.grade.reasons import Reason
from trucewatch.place import Area, Place, Unlocated

# Terms -----------------------------------------------------------------------


def test_one_raid_stands_differently_under_readings_with_different_windows():
    terms = agreement(
        readings=[
            reading("A", (window(end=hours(-24, -23)),)),
            reading("B", (window(begin=hours(-48, -47), end=hours(96, 97)),)),
        ]
    )
    raid = incident(Unlocated(), hours(-6, 9), contributions=(word(),), p_exists=0.75)
    found = {f.reading: f for f in graded(raid, terms)}
    assert found["A"].standing is Standing.OUTSIDE
    assert found["B"].standing is Standing.INSIDE
    assert Reason.OUTSIDE_WINDOW in found["A"].reasons
    assert found["A"].p_breach == 0
    assert {f.grade for f in found.values()} == {Grade.POSSIBLE}


def test_a_window_edge_inside_the_time_leaves_it_undecided():
    terms = agreement(readings=[reading("A", (window(begin=hours(12, 13)),))])
    found = graded(incident(time=hours(6, 18)), terms)[0]
    assert found.standing is Standing.UNDECIDED
    assert 0.4 < found.p_window < 0.5


def test_a_clause_the_reading_does_not_have_is_outside_with_that_reason():
    terms = agreement(readings=[reading("A", changes=[change(applies=False)])])
    found = graded(incident(), terms)[0]
    assert found.standing is Standing.OUTSIDE
    assert Reason.CLAUSE_NOT_IN_READING in found.reasons


def test_a_reading_may_change_what_where_and_when():
    changed = change(
        prohibits=(Act.MOVEMENT,), where=("far",), sites="", windows=(window(),)
    )
    terms = agreement(readings=[reading("A"), reading("B", (), changes=[changed])])
    found = {f.reading: f for f in graded(incident(), terms)}
    assert (found["B"].p_act, found["B"].p_zone, found["B"].p_window) == (0, 0, 1)
    assert found["A"].standing is Standing.INSIDE


def test_a_version_is_cited_as_in_force_at_the_time():
    old = agreement()
    new = agreement(version="2", effective=hours(10, 11).begin)
    both = [incident(time=hours(2, 3)), incident(time=hours(12, 13), name="later")]
    found = grade(both, (old, new), (), (), SETTINGS)
    assert [f.version for f in found] == ["1", "2"]
    assert [f.agreement for f in found] == [old.id, new.id]


def test_a_clause_no_reading_could_mean_gives_no_finding():
    terms = agreement([clause("1", where=("far",)), clause("2", (Act.MOVEMENT,))])
    assert graded(incident(), terms) == ()


def test_what_cannot_be_tested_in_space_may_still_be_another_act():
    terms = agreement([clause("1", (Act.MOVEMENT,), where=("near",))])
    assert graded(incident(Unlocated()), terms) == ()


@pytest.mark.parametrize(
    ("act", "prohibits", "p"),
    [
        (Act.SHELLING, (Act.ATTACK,), 1.0),
        (Act.EXPLOSION, (Act.SHELLING,), 0.5),
        (Act.UNDETERMINED, (Act.SHELLING,), 0.5),
    ],
)
def test_an_act_known_too_broadly_is_neither_in_nor_out(act, prohibits, p):
    found = graded(incident(act=act), agreement([clause(prohibits=prohibits)]))[0]
    assert found.p_act == p
    assert (Reason.ACT_NOT_DETERMINED in found.reasons) == (p == 0.5)


def test_a_clause_on_weapons_is_undecided_while_the_weapon_is_not_known():
    terms = agreement([clause(weapons=(WeaponClass.MORTAR,))])
    found = graded(incident(), terms)[0]
    assert (found.p_act, found.standing) == (0.5, Standing.UNDECIDED)
    assert Reason.WEAPON_NOT_KNOWN in found.reasons


# Place -----------------------------------------------------------------------


@pytest.mark.parametrize("place", [Area("Odesa", "province"), Unlocated(), COARSE])
def test_a_coarse_place_is_untestable_against_a_zone_and_fine_for_everywhere(place):
    terms = agreement([clause("all", where=("all",)), clause("near", where=("near",))])
    found = {f.clause: f for f in graded(incident(place), terms)}
    assert found["all"].standing is Standing.INSIDE
    assert found["near"].standing is Standing.UNTESTABLE
    assert found["near"].grade is Grade.UNVERIFIABLE
    assert found["near"].p_breach == 0


def test_time_alone_excludes_even_what_cannot_be_tested_in_space():
    terms = agreement([clause(where=("near",))], [reading("A", ())])
    assert graded(incident(Unlocated()), terms)[0].standing is Standing.OUTSIDE


def test_a_protected_site_counts_from_its_extent():
    terms = agreement([clause(sites="energy")])
    near = incident(Place.circle(48.5, 37.5, 300.0))
    assert graded(near, terms)[0].p_zone > 0.99
    assert graded(incident(Place.circle(48.6, 37.5, 300.0)), terms) == ()


def test_a_zone_that_does_not_exist_is_an_error_of_the_agreement():
    with pytest.raises(AgreementError):
        graded(incident(), agreement([clause(where=("nowhere",))]))


@given(st.floats(100, 4_000), st.floats(1, 5))
def test_widening_an_ellipse_never_raises_the_chance_of_a_zone_it_is_in(radius_m, by):
    terms = agreement([clause(where=("near",))])

    def p_zone(r):
        return graded(incident(Place.circle(48.5, 37.5, r)), terms)[0].p_zone

    assert p_zone(radius_m * by) <= p_zone(radius_m) + 1e-6
