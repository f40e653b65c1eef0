from hypothesis import given
from hypothesis import strategies as st

from trucewatch.collect.words import digest, nameless, outlet


def test_names_are_left_out_and_public_words_stay():
    said = "It's quiet, said Ivan Example of Kyiv (Example, Sunday). The line holds."
    assert nameless(said) == "It's quiet, said […] of Kyiv. The line holds."


@given(name=st.from_regex(r"\A[B-ZА-Я][a-zа-я]{9,12}(-[A-ZА-Я][a-zа-я]{2,8})?\Z"))
def test_a_capitalised_word_that_is_not_public_never_comes_through(name):
    for said in (f"{name} said so", f"so said {name}, twice", f"'{name}' - {name}"):
        assert name not in nameless(said)


@given(text=st.text("abAB '.([)]", max_size=300))
def test_no_capital_comes_through_but_of_public_words(text):
    kept = nameless(text).replace("A", "")
    assert kept == kept.lower()
    assert len(kept) <= 240


def test_the_outlet_is_the_host():
    assert outlet("https://www.press.example:8080/a?b") == "press.example"
    assert outlet("press") == ""


def test_any_words_have_a_digest():
    assert digest("\ud800") != digest("")
