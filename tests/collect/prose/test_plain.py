"""Readable text leads back to every character as delivered."""

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.collect.prose.plain import plain_text

ODD = "аb\u200b\u202e\u00ad**__é\u0301’ʼ –−x\u00a0й[t](https://a.b/c)\n0"


@given(st.text(alphabet=ODD, max_size=80))
def test_every_part_leads_back_into_the_text(text):
    plain = plain_text(text)
    for begin in range(len(plain.text)):
        span = plain.origin(begin, begin + 1)
        assert 0 <= span.begin < span.end <= len(text)
    spans = [plain.origin(at, at + 1).begin for at in range(len(plain.text))]
    assert spans == sorted(spans)


@given(st.text(alphabet=ODD, max_size=60), st.data())
def test_a_part_leads_to_where_the_whole_leads(text, data):
    plain = plain_text(text, offset=7)
    if not plain.text:
        return
    begin = data.draw(st.integers(0, len(plain.text) - 1))
    end = data.draw(st.integers(begin + 1, len(plain.text)))
    part = plain.part(begin, end)
    assert part.text == plain.text[begin:end]
    assert part.origin(0, end - begin) == plain.origin(begin, end)


def test_direction_marks_and_soft_hyphens_are_left_out():
    plain = plain_text("said\u202e on\u200b Tues\u00adday")
    assert plain.text == "said on Tuesday"
    assert plain.origin(8, 15).begin == 10


def test_letters_of_another_script_are_read_as_the_word_has_them():
    mixed = "Хeрcон"  # e and c are Latin
    assert plain_text(mixed).text == "Херсон"
    assert plain_text("Kyіv").text == "Kyiv"  # і is Cyrillic


def test_a_word_of_one_script_is_left_alone():
    for word in ("HIMARS", "Херсон", "С-300"):
        assert plain_text(word).text == word


def test_a_decomposed_letter_is_one_letter():
    plain = plain_text("сеи\u0306час")
    assert plain.text == "сейчас"
    assert plain.origin(2, 4).end == 5


def test_the_mark_up_of_posts_is_not_read():
    post = "**сбит** [дрон](https://example.org/1) __ночью__"
    assert plain_text(post).text == "сбит дрон ночью"
