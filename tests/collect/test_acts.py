import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.agreement.taxonomy import Act, WeaponClass
from trucewatch.collect.acts import (
    REPORT_TAGS,
    SILENT_TAGS,
    act,
    flow,
    means,
    part,
    tagged,
    weapon,
)
from trucewatch.collect.observation import Flow, Means

TAGS = st.sampled_from(sorted({*REPORT_TAGS, *SILENT_TAGS}))


@given(one=st.sampled_from(list(Act)))
def test_every_act_is_named_by_its_value_in_any_writing(one):
    assert act(one.value) is one
    assert act(one.value.replace("_", " ").upper()) is one


def test_not_known_is_a_value_and_not_an_error():
    assert act("N/K") is Act.UNDETERMINED
    assert weapon("") is weapon("N/K") is WeaponClass.NOT_KNOWN
    assert means("N/K") is Means.NOT_KNOWN
    assert flow("") is Flow.UNDETERMINED


@pytest.mark.parametrize("words", [act, weapon, means, flow])
def test_an_unknown_word_is_refused_with_the_known_ones(words):
    with pytest.raises(ValueError, match="none of .*, "):
        words("rumour")


@given(tags=st.lists(TAGS, max_size=6))
def test_tags_become_the_acts_they_name_once_each_and_in_order(tags):
    named = [REPORT_TAGS[tag] for tag in tags if tag in REPORT_TAGS]
    assert tagged("|".join(tags)) == tuple(dict.fromkeys(named))


def test_a_tag_whose_end_was_cut_is_the_tag():
    assert tagged("firefighb") == tagged("firefight") == (Act.FIRING,)
    assert tagged("retreab|arresb|airalerb") == (Act.LINE_MOVE,)


def test_consequences_and_places_are_no_acts():
    assert tagged("loc|civcas||property") == ()


def test_a_label_nobody_knows_counts_undetermined_acts():
    assert part("catapults") is Act.UNDETERMINED
    assert part("FPV") is Act.DRONE_IMPACT
