"""Names of places in any case, settled by what stands beside them."""

import pytest

from tests.collect.prose.reading import HEADER, places, results
from trucewatch.collect.prose.gazetteer import read_gazetteer
from trucewatch.collect.prose.toponyms import toponyms
from trucewatch.errors import SourceError
from trucewatch.place import Area, Place, Unlocated, where_prec


def named(text, taken=()):
    found = toponyms(text, 0, len(text), places(), taken)
    return [(text[n.begin : n.end], n.key, n.place) for n in found]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("вибухи у Великому Лісі", "Velykyi Lis"),
        ("обстрел Большого Леса", "Velykyi Lis"),
        ("бої біля Соснівки", "Sosnivka"),
        ("взрывы в Сосновке", "Sosnivka"),
        ("удар по Грабову", "Hrabiv"),
        ("на Соснівському напрямку", "Sosnivka"),
        ("shelling of Sosnivka", "Sosnivka"),
        ("на Харківщині", "Kharkiv"),
        ("в Харьковской области", "Kharkiv"),
        ("у Криму", "Crimea"),
        ("над акваторией Черного моря", "Black Sea"),
        ("на ЗАЕС", "ZNPP"),
        ("in the Kherson and Sumy regions", "Kherson"),
    ],
)
def test_inflected_names_are_found(text, key):
    assert named(text)[0][1] == key


def test_a_province_beside_the_name_says_which_of_two_is_meant():
    ((_, key, place), _) = named("у Кам'янці Запорізької області")
    assert key == "Kamianets"
    assert round(place.lat_deg, 1) == 47.1


def test_a_settlement_beside_the_name_says_which_of_two_is_meant():
    found = named("удари по Заріччю та біля Кам'янця")
    assert round(found[1][2].lat_deg, 1) == 47.1


def test_a_name_that_fits_no_entry_beside_it_stays_open():
    ((printed, key, place), _) = named("у Соснівці Запорізької області")
    assert printed == "Соснівці"
    assert (key, place) in (("Sosnivka", place), ("", Unlocated()))


def test_two_that_fit_equally_are_both_kept_and_no_point_is_made_up():
    found = toponyms("вибухи у Кам'янці", 0, 17, places())
    (one,) = found
    assert set(one.candidates) == {"3", "4"}
    assert one.place == Unlocated()


def test_the_ellipse_grows_from_town_to_axis_to_province():
    town = named("у Соснівці")[0][2]
    axis = named("на Соснівському напрямку")[0][2]
    province = named("на Харківщині")[0][2]
    assert isinstance(town, Place)
    assert town.semi_major_m < axis.semi_major_m
    assert isinstance(province, Area)
    assert where_prec(town) <= where_prec(axis) < where_prec(province)


def test_names_of_speakers_and_persons_are_no_places():
    assert named("приїхала Олена Соснівка") == []
    assert named("мер Соснівки: усе спокійно", taken=((0, 12),)) == []


def test_a_capital_that_acts_is_no_place():
    assert named("Киев обвинил союзников") == []


def test_an_allegation_is_placed():
    (one,) = [
        o
        for o in results(
            "Ada Lind said shells hit the mill near Sosnivka.", gazetteer=places()
        )
    ]
    (toponym,) = one.claims[0].toponyms
    assert (toponym.name, toponym.candidates) == ("Sosnivka", ("5",))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"a,b\n1,2\n", "lacks columns"),
        ((HEADER + "1,X,north,2,3,4,\n").encode(), "line 2"),
        ((HEADER + "1,X,95,2,3,4,\n").encode(), "no place on Earth"),
    ],
)
def test_a_bad_gazetteer_is_refused(raw, why):
    with pytest.raises(SourceError, match=why):
        read_gazetteer(raw)
