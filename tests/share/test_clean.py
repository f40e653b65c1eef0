import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.share.clean import WITHHELD, clean, without_coordinates, without_name


@given(st.text())
def test_clean_text_is_one_line_without_marks_and_stays_so(text):
    made = clean(text)
    assert not set(made) & set("\u200e\u200f\u202a\u202e\u2066\u2069\u061c\n\r\t\x00")
    assert clean(made) == made


def test_words_in_any_script_survive():
    words = "Обстріли № 5, Харків: «тиша» — café 日本"
    assert clean(words) == words


@pytest.mark.parametrize(
    "coordinate",
    [
        "48.13279, 30.72418",
        "48,13279; 30,72418",
        "48.13279N 30.72418E",
        "48.132",
        "48°07'58\"",
        "48° 07.9'",
        "36U VU 12345 67890",
        "36UVU1234567890",
    ],
)
def test_coordinates_are_taken_out_of_quotations(coordinate):
    made = without_coordinates(f"a battery at {coordinate} fired")
    assert WITHHELD in made
    assert not any(part in made for part in ("132", "724", "07", "1234"))


@pytest.mark.parametrize("count", ["2,935", "4,900", "1,234,567", "120 mm", "3.5 km"])
def test_counts_and_sizes_stay_in_quotations(count):
    said = f"there were {count} of them"
    assert without_coordinates(said) == said


def test_a_speakers_name_is_taken_out_whole_and_in_parts():
    said = "Anna Kovalenko told us; KOVALENKO added that Anna saw it"
    made = without_name(said, "Anna Kovalenko")
    assert "ovalenko" not in made
    assert "Anna" not in made
    assert "told us" in made


def test_no_name_takes_nothing_out():
    assert without_name("as it was", "") == "as it was"


def test_pictures_are_left_out_and_signs_of_writing_stay():
    assert clean("🎖🎖 Drones ▫️ 5 ⚡️ №7, 20 °C ©") == "Drones 5 №7, 20 °C ©"
