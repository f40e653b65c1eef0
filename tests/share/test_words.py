import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.share.words import BANDS, word, words


@pytest.mark.parametrize(
    ("p", "code"),
    [
        (0.0, "almost_no_chance"),
        (0.0499, "almost_no_chance"),
        (0.05, "very_unlikely"),
        (0.20, "unlikely"),
        (0.45, "roughly_even"),
        (0.55, "likely"),
        (0.80, "very_likely"),
        (0.95, "almost_certain"),
        (1.0, "almost_certain"),
    ],
)
def test_a_boundary_takes_the_word_above_it(p, code):
    assert word(p) == code


@given(st.floats(0, 1))
def test_every_probability_has_the_word_of_its_band(p):
    band = next(one for one in BANDS if one.code == word(p))
    assert band.p_low <= p <= band.p_high


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_greater_probability_never_has_a_lesser_word(a, b):
    codes = [one.code for one in BANDS]
    low, high = sorted((a, b))
    assert codes.index(word(low)) <= codes.index(word(high))


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_interval_says_the_words_of_both_its_ends(a, b):
    low, high = sorted((a, b))
    said = words(low, high)
    assert (said[0], said[-1]) == (word(low), word(high))
    assert len(said) == (1 if word(low) == word(high) else 2)


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="probability"):
        word(p)


def test_a_reversed_interval_is_refused():
    with pytest.raises(ValueError, match="interval"):
        words(0.6, 0.4)
