from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import SPOT, claim, detection, hours, observation
from tests.grade.build import SETTINGS, agreement, clause, reading, window
from tests.grade.test_contradict import said
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import StatementKind
from trucewatch.fuse.associate import associate
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.grade.dispute import Told, disputes
from trucewatch.grade.finding import ContradictionKind
from trucewatch.place import Place

SHELLS = [((Act.SHELLING, Act.SHELLING), 4)]


def alleged(speaker, against, row="1", **fields):
    made = said(
        speaker, SHELLS, against=against, kind=StatementKind.ALLEGATION, row=row
    )
    return replace(made, place=SPOT, **fields)


def denied(speaker, place=SPOT, row="9"):
    return replace(said(speaker, kind=StatementKind.DENIAL, row=row), place=place)


def word(one):
    result = one.result
    return claim(
        result.speaker,
        result.against,
        time=one.phenomenon_time,
        derived_from=(one.id,),
    )


def found(*observations, versions=(), log10_miss=0.0, more=()):
    words = [
        word(one) for one in observations if one.result.kind is StatementKind.ALLEGATION
    ]
    seen = (*words, *more)
    incidents = [
        replace(one, log10_miss_ratio=log10_miss)
        for one in associate(seen, (), default_fusion_settings())
    ]
    return disputes(Told(observations, incidents, seen, versions), SETTINGS)


def test_two_who_accuse_each_other_of_one_act_are_cited_side_by_side():
    one, other = alleged("A", "B"), alleged("B", "A", "2")
    (made,) = found(one, other)
    assert made.disagreement is ContradictionKind.PARTIES
    assert {made.first, made.second} == {one.id, other.id}
    assert set(made.derived_from) == {one.id, other.id}


def test_a_denial_by_the_accused_stands_beside_the_allegation():
    one, no = alleged("A", "B"), denied("B")
    (made,) = found(one, no)
    assert (made.first, made.second, made.about) == (one.id, no.id, "denied=yes")


def test_a_denial_by_somebody_else_or_elsewhere_contradicts_nothing():
    assert not found(alleged("A", "B"), denied("C"))
    far = Place.circle(50.0, 30.0, 500.0)
    assert not found(alleged("A", "B"), denied("B", far))


def test_a_repeated_claim_makes_one_contradiction_citing_its_earliest_print():
    prints = [alleged("A", "B", str(n), result_time=hours(n, n + 1)) for n in range(5)]
    no = denied("B")
    (made,) = found(*prints, no)
    assert made.first == prints[0].id


def test_a_breach_alleged_when_no_reading_has_terms_in_force():
    read = reading(windows=(window(hours(100, 101), hours(200, 201)),))
    version = agreement(clauses=(clause(),), readings=(read,))
    result = replace(alleged("A", "B").result, words="They broke the ceasefire again.")
    one = observation(result, SPOT)
    (made,) = found(one, versions=(version,))
    assert made.disagreement is ContradictionKind.TERMS
    assert (made.first, made.second) == (one.id, version.id)


def test_in_force_or_without_a_word_of_the_truce_the_terms_contradict_nothing():
    late = reading(windows=(window(hours(100, 101), None),))
    one = alleged("A", "B")
    truce = observation(replace(one.result, words="They broke the truce."), SPOT)
    for observed, readings in ((one, (late,)), (truce, (late, reading("B")))):
        version = agreement(clauses=(clause(),), readings=readings)
        assert not found(observed, versions=(version,))


def test_a_claim_where_sensors_looked_and_noticed_nothing():
    one = alleged("A", "B")
    (made,) = found(one, log10_miss=-1.0)
    assert made.disagreement is ContradictionKind.SENSORS
    assert made.first == one.id
    assert made.second.startswith("incident:")
    assert made.about == "act=undetermined, noticed=no, p_noticed=0.90" or (
        made.about == "act=shelling, noticed=no, p_noticed=0.90"
    )


def test_sensors_that_would_hardly_have_noticed_contradict_nothing():
    assert not found(alleged("A", "B"), log10_miss=-0.3)


def test_what_others_saw_too_is_not_contradicted_by_silence():
    seen = detection(key="viirs")
    assert not found(alleged("A", "B"), log10_miss=-1.0, more=(seen,))


@given(st.randoms())
@settings(max_examples=10, deadline=None)
def test_the_order_never_matters(random):
    told = [alleged("A", "B"), alleged("B", "A", "2"), denied("A", row="3")]
    mixed = random.sample(told, len(told))
    assert found(*mixed) == found(*told)
