"""Every response model gives chances, for every act."""

import inspect

import pytest

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import (
    SENSORS,
    Response,
    family_of,
    of_act,
    response_of,
)
from trucewatch.plugin import names


@pytest.mark.parametrize("family", names(SENSORS))
@pytest.mark.parametrize("act", Act)
def test_every_model_gives_a_chance_and_a_duration(family, act):
    response = response_of(family)
    assert 0 <= response.p_notice(act) <= 1
    assert response.lasting_s(act) >= 0


@pytest.mark.parametrize("family", names(SENSORS))
@pytest.mark.parametrize("name", ["p_notice", "lasting_s"])
def test_every_model_has_the_form_of_the_contract(family, name):
    offered = inspect.signature(getattr(response_of(family), name))
    asked = inspect.signature(getattr(Response, name))
    assert list(offered.parameters) == list(asked.parameters)[1:]


def test_a_family_nobody_modelled_has_no_response():
    assert response_of("dowsing") is None


def test_the_family_stands_before_the_slash():
    assert family_of("viirs/N20") == family_of("viirs") == "viirs"


def test_a_case_of_an_act_is_noticed_like_the_nearest_broader_one():
    table = {Act.EXPLOSION: 0.8, Act.STRIKE: 0.9}
    assert of_act(table, Act.GLIDE_BOMB) == 0.9
    assert of_act(table, Act.SHELLING) == 0.8
    assert of_act(table, Act.ATTACK) == 0.0


def test_thermal_passes_see_no_shots_that_burn_nothing():
    viirs = response_of("viirs")
    assert viirs.p_notice(Act.JAMMING) == viirs.lasting_s(Act.JAMMING) == 0
