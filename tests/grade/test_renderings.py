"""One statement in several outlets, and the differences between its prints."""

import random

from tests.collect.prose.reading import minute, said
from trucewatch.collect.observation import Observation
from trucewatch.grade.register import register
from trucewatch.grade.renderings import complements, renderings


def heard(**texts):
    return [
        one
        for outlet, text in texts.items()
        for one in said(text, outlet=outlet)
        if isinstance(one, Observation)
    ]


ONE = "Northern Minister Ada Lind said on Tuesday that 12 shells hit the old bridge."
TWO = ONE.replace("Tuesday", "Monday").replace("12", "14")


def test_two_prints_of_one_statement_are_one():
    (one,) = renderings(heard(post=ONE, times=TWO))
    assert one.outlets == ("post", "times")
    found = {(d.aspect, d.nature) for d in one.differences}
    assert ("day", "contradiction") in found
    assert ("number", "contradiction") in found


def test_copies_are_one_statement_without_differences():
    (one,) = renderings(heard(post=ONE, times=ONE))
    assert len(one.prints) == 2
    assert one.differences == ()


def test_other_words_of_another_speaker_are_another_statement():
    other = "Harbour master Jon Berg said the ferry will leave at noon."
    assert len(renderings(heard(post=ONE, times=other))) == 2


def test_a_quotation_with_another_word_is_a_rendering():
    a = "Ada Lind said they are “legitimate military targets of the northern army”."
    b = "Ada Lind said they are “legitimate combat targets of the northern army”."
    (one,) = renderings(heard(post=a, times=b))
    (difference,) = one.differences
    assert (difference.nature, difference.aspect) == ("rendering", "wording")
    assert difference.first_says == "legitimate military targets"


def test_the_same_words_of_a_named_and_a_hidden_speaker_complement_each_other():
    words = "“the paper is essentially ready to be signed at the highest level”"
    a = f"Ukrainian President Olena Hai said {words}."
    b = f"A Ukrainian official said {words}."
    (one,) = renderings(heard(post=a, times=b))
    assert ("complement", "speaker") in {(d.nature, d.aspect) for d in one.differences}


def test_the_same_words_of_two_named_speakers_contradict():
    words = "“the paper is essentially ready to be signed at the highest level”"
    a = f"Minister Olena Hai said {words}."
    b = f"Minister Jon Berg said {words}."
    (one,) = renderings(heard(post=a, times=b))
    assert ("contradiction", "speaker") in {
        (d.nature, d.aspect) for d in one.differences
    }


def test_what_one_outlet_lacks_is_a_complement():
    a = f"{ONE}\nThe road was used by 300 families."
    found = complements(heard(post=a, times=ONE))
    assert [(d.aspect, d.first_says, d.second_says) for d in found] == [
        ("number", "300 families", "")
    ]


def test_outlets_with_nothing_in_common_are_not_compared():
    assert (
        complements(heard(post=ONE, times="The road was used by 300 families.")) == ()
    )


def test_order_never_matters():
    found = heard(post=f"{ONE}\nJon Berg denied it.", times=TWO, echo=ONE)
    shuffled = found[:]
    random.Random(3).shuffle(shuffled)
    assert renderings(shuffled) == renderings(found)
    assert complements(shuffled) == complements(found)
    assert register(shuffled) == register(found)


def test_every_difference_cites_both_prints():
    for one in renderings(heard(post=ONE, times=TWO)):
        for difference in one.differences:
            assert {difference.first, difference.second} <= {p.id for p in one.prints}
            assert difference.derived_from == tuple(
                sorted((difference.first, difference.second))
            )


def test_the_register_keeps_conditions_and_opposed_positions():
    text = (
        "Britain and France signed a declaration of intent after a ceasefire.\n"
        "Russia rejected the declaration of intent."
    )
    (entry,) = register(heard(post=text))
    assert entry.by == ("FR", "UK")
    assert entry.conditions == ("after a ceasefire",)
    assert [r.by for r in entry.positions] == ["RU"]
    assert entry.promises[0].said == minute()


def test_one_promise_on_two_conditions_is_a_contradiction():
    words = "Minister Jon Berg pledged on the northern bridge a multinational force {}."
    (one,) = renderings(
        heard(
            north=words.format("after a ceasefire takes hold"),
            south=words.format("in the event of a peace deal"),
        )
    )
    found = [d for d in one.differences if d.aspect.value == "condition"]
    assert [d.nature.value for d in found] == ["contradiction"]
    assert {found[0].first_says, found[0].second_says} == {
        "after a ceasefire takes hold",
        "in the event of a peace deal",
    }
