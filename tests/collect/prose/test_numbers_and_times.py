"""Numbers count things; times are periods."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.collect.prose.reading import counted, results, when

NUMBERS = [
    ("en", "12 shells and three drones", [("12", "shells"), ("3", "drones")]),
    ("en", "more than 1,300 attacks", [("1300", "attacks")]),
    ("en", "twenty-five boats", [("25", "boats")]),
    ("en", "2.5 million people", [("2500000", "people")]),
    ("en", "one of them, no one, Su-25, S-300, 106th brigade", []),
    ("en", "a four-year war", [("4", "year")]),
    (
        "ru",
        "уничтожены две БМП-2 и три десятка С-300",
        [("2", "БМП-2"), ("30", "С-300")],
    ),
    ("ru", "106 гвардейская дивизия", []),
    ("ru", "двадцать пять снарядов", [("25", "снарядов")]),
    ("ru", "готова на две трети", [("2/3", "")]),
    ("uk", "понад 400 тис грн", [("400000", "UAH")]),
    ("uk", "п'ятеро дітей", [("5", "дітей")]),
    ("uk", "площею 500 кв.м", [("500", "m2")]),
    ("fr", "plus de 20 drones", [("20", "drones")]),
    ("fr", "quatre-vingt-dix-sept obus", [("97", "obus")]),
    (
        "fr",
        "mille deux cents obus, 1.500 drones",
        [("1200", "obus"), ("1500", "drones")],
    ),
    ("fr", "3,5 millions d'obus, une frappe", [("3500000", "d'obus")]),
    ("en", "two hundred and fifty boats", [("250", "boats")]),
    ("en", "35 of 40 drones", [("35", ""), ("40", "drones")]),
    ("en", "1.305 km", [("1.305", "km")]),
    ("ru", "тысяча двести человек", [("1200", "человек")]),
    ("ru", "полтора миллиона тонн", [("1500000", "tonne")]),
    ("ru", "1.305 снарядов", [("1305", "снарядов")]),
    ("ru", "3,125 млн тонн", [("3125000", "tonne")]),
    ("uk", "новини 421 дня війни, танк Leopard 1", []),
    ("uk", "премія 2023, звіт (2014-2022)", []),
    ("uk", "збили 2000 дронів із сім'єю", [("2000", "дронів")]),
    ("uk", "за €7 млн", [("7000000", "EUR")]),
]


@pytest.mark.parametrize(("language", "text", "found"), NUMBERS)
def test_numbers(language, text, found):
    assert counted(text, language) == found


def test_a_number_is_open_ended_or_cumulative_where_the_words_say_so():
    text = (
        "Ada Lind said more than 80 attacks were counted since the start of the year."
    )
    (one,) = results(text)
    (number,) = one.claims[0].quantities
    assert (number.bound.value, number.tally.value) == ("at_least", "cumulative")


def test_a_total_that_rose_to_a_number_is_that_number():
    (one,) = results("Мер: кількість поранених зросла до 12")
    (number,) = one.claims[0].quantities
    assert (number.numeral, number.bound.value) == ("12", "exact")


def test_a_dozen_is_about_twelve():
    (one,) = results("Мер: вирубано сотню дерев")
    (number,) = one.claims[0].quantities
    assert (number.numeral, number.bound.value) == ("100", "about")


TIMES = [
    ("en", "on Tuesday", [("01-06 00:00", "01-07 00:00")]),
    ("en", "yesterday", [("01-07 00:00", "01-08 00:00")]),
    ("en", "overnight", [("01-07 21:00", "01-08 07:00")]),
    ("en", "on 3 January", [("01-03 00:00", "01-04 00:00")]),
    ("en", "in June 2024", [("06-01 00:00", "07-01 00:00")]),
    ("en", "31 February", []),
    ("uk", "у вівторок", [("01-06 00:00", "01-07 00:00")]),
    ("uk", "вночі", [("01-07 21:00", "01-08 07:00")]),
    ("uk", "за добу", [("01-07 14:00", "01-08 14:00")]),
    ("ru", "с 23.00 5 января до 7.00 6 января", [("01-05 23:00", "01-06 07:00")]),
    ("ru", "с 31 декабря по 3 января", [("12-31 00:00", "01-04 00:00")]),
    ("ru", "около 10.15 мск", [("01-08 09:00", "01-08 09:30")]),
    ("ru", "с 25.00 до 26.00", []),
    ("ru", "3-5 января", [("01-03 00:00", "01-06 00:00")]),
    ("ru", "5 января около 17.00", [("01-05 16:45", "01-05 17:15")]),
]


@pytest.mark.parametrize(("language", "text", "found"), TIMES)
def test_times(language, text, found):
    assert when(text, language) == found


def test_hours_belong_to_the_night_that_ended_before_the_post():
    posted = datetime(2026, 2, 5, 21, 34, tzinfo=UTC)  # 00:34 in Moscow
    moscow = ZoneInfo("Europe/Moscow")
    found = when("С 18.00 мск до 23.00 мск", "ru", posted, moscow)
    assert found == [("02-05 18:00", "02-05 23:00")]


def test_a_day_that_the_words_look_forward_to_lies_ahead():
    found = when("у п'ятницю проводитимуть роботи", "uk")
    assert found == [("01-09 00:00", "01-10 00:00")]
