from hypothesis import given
from hypothesis import strategies as st

from tests.detect.build import day, hours, observation
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Figure, Statement, StatementKind
from trucewatch.grade.contradict import contradictions
from trucewatch.grade.finding import ContradictionKind
from trucewatch.place import Unlocated

GUNS, DRONES, OTHER = ((a, a) for a in (Act.SHELLING, Act.STRIKE, Act.MINE))


def said(speaker, counts=(), total=None, time=None, result_time=None, **fields):
    figures = tuple(
        Figure(label, act, units, fields.get("at_least", False))
        for (label, act), units in counts
    )
    result = Statement(
        fields.get("kind", StatementKind.FIGURE),
        speaker,
        fields.get("against", ""),
        figures,
        total,
        "",
        fields.get("outlet", "paper.example"),
        "",
        fields.get("total_at_least", False),
    )
    time = time or day()
    return observation(
        result,
        Unlocated(),
        time,
        fields.get("row", "1"),
        result_time=result_time or time,
    )


RED = [(GUNS, 412), (DRONES, 873), (OTHER, 51)]


def test_figures_printed_as_anothers_are_caught_and_the_fuller_print_is_first():
    full, copied = said("RED", RED), said("BLUE", RED[:2], row="2")
    found = contradictions([copied, full])
    assert len(found) == 1
    assert found[0].disagreement is ContradictionKind.ATTRIBUTION
    assert (found[0].first, found[0].second) == (full.id, copied.id)
    assert found[0].about == "shelling=412, strike=873"


def test_the_print_that_occurs_most_often_is_first():
    wrong = said("BLUE", RED, row="1")
    right = [said("RED", RED[:2], outlet=f"{n}.example") for n in range(3)]
    found = contradictions([wrong, *right])
    assert {one.second for one in found} == {wrong.id}
    assert len(found) == 3


def test_one_equal_figure_small_ones_or_weeks_apart_are_chance():
    red = said("RED", RED)
    assert not contradictions([red, said("BLUE", RED[:1])])
    small = [(GUNS, 3), (DRONES, 4)]
    assert not contradictions([said("RED", small), said("BLUE", small)])
    assert not contradictions([red, said("BLUE", RED, time=day(20))])


def test_two_outlets_quoting_one_speaker_do_not_contradict():
    assert not contradictions([said("RED", RED), said("RED", RED, outlet="b.example")])


def test_more_than_some_and_later_many_more_is_a_growing_tally():
    first = said("RED", (), 1300, total_at_least=True)
    later = said("RED", (), 4900, time=hours(0, 48), result_time=day(1))
    assert not contradictions([first, later])


def test_more_than_a_thousand_and_more_than_1300_may_both_be_right():
    low, high = (
        said("RED", RED, total, row=str(total), total_at_least=True)
        for total in (1000, 1300)
    )
    assert not contradictions([low, high])


def test_more_than_some_contradicts_fewer_said_later():
    first = said("RED", (), 1300, hours(0, 48), day(), total_at_least=True)
    fewer = said("RED", (), 500, hours(0, 48), day(1))
    assert [c.about for c in contradictions([first, fewer])] == [
        "total=1300, total=500"
    ]


def test_a_tally_that_grows_is_no_conflict_and_one_that_shrinks_is():
    few, many = (
        said("RED", (), total, time=hours(0, 48), result_time=day(n), against="BLUE")
        for n, total in ((0, 1000), (1, 2000))
    )
    assert not contradictions([few, many])
    fewer = said("RED", (), 500, hours(0, 48), day(2), against="BLUE")
    found = contradictions([many, fewer])
    assert [c.disagreement for c in found] == [ContradictionKind.FIGURE]
    assert found[0].about == "total=2000, total=500"


def test_two_totals_of_one_day_said_at_one_time_conflict():
    one, other = (said("RED", (), n, row=str(n)) for n in (1000, 2000))
    assert len(contradictions([one, other])) == 1


def test_a_rounded_total_is_no_conflict():
    assert not contradictions([said("RED", (), 2935), said("RED", (), 3000)])


def test_totals_about_different_sides_or_by_different_speakers_do_not_meet():
    assert not contradictions([
        said("RED", (), 1000, against="BLUE"),
        said("RED", (), 2000, against="GREEN"),
    ])
    assert not contradictions([said("RED", (), 1000), said("BLUE", (), 2000)])


statements = st.lists(
    st.builds(
        said,
        st.sampled_from(["RED", "BLUE"]),
        st.sampled_from([RED, RED[:2], RED[1:], ()]),
        st.sampled_from([None, 1000, 2000, 2050]),
        st.sampled_from([day(), day(1), hours(0, 48)]),
    ),
    max_size=8,
)


@given(statements, st.randoms())
def test_the_order_of_statements_never_matters(found, random):
    shuffled = found[:]
    random.shuffle(shuffled)
    assert contradictions(found) == contradictions(shuffled)


@given(statements)
def test_nothing_contradicts_itself(found):
    assert all(one.first != one.second for one in contradictions(found))
