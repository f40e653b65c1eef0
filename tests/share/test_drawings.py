"""The still map and the time line of windows."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.share import dossiers

from trucewatch.agreement.geometry import Site
from trucewatch.agreement.taxonomy import Act
from trucewatch.place import Place
from trucewatch.share.bulletin import ReadingRow
from trucewatch.share.compose import compose
from trucewatch.share.release import Release, Stage
from trucewatch.share.sketch import sketch
from trucewatch.share.strip import strip

SVG = "{http://www.w3.org/2000/svg}"
NOON = dossiers.DAY.begin + timedelta(hours=12)


def made(*places, **terms):
    incidents = tuple(
        dossiers.incident(f"i{n}", place, NOON, (Act.EXPLOSION, 1.0))
        for n, place in enumerate(places, start=1)
    )
    agreement = replace(dossiers.agreement(), **terms)
    source = dossiers.dossier(incidents, versions=(agreement,))
    return compose(source, dossiers.order(Stage.R, Release.PUBLIC), None, 7, "00" * 32)


def drawn(text):
    """Elements by the class that styles them."""
    found = {}
    for one in ElementTree.fromstring(text).iter():
        found.setdefault(one.get("class", one.tag), []).append(one)
    return found


def points(path):
    pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
    return [(float(x), float(y)) for x, y in pairs]


def ground(found):
    box = found["m-ground"][0]
    return float(box.get("width")), float(box.get("height"))


places = st.builds(Place.circle, st.floats(-80, 80), st.floats(-179, 179), st.just(500))


@given(st.lists(places, max_size=5))
def test_all_incidents_and_the_whole_line_are_in_the_frame(found_places):
    found = drawn(sketch(made(*found_places), "map"))
    width, height = ground(found)
    (line,) = found["m-line"]
    assert len(points(line)) >= 4
    for x, y in points(line):
        assert -0.1 <= x <= width + 0.1 and -0.1 <= y <= height + 0.1
    for cell in found.get("m-cell", []):
        x = float(cell.get("x")) + float(cell.get("width")) / 2
        y = float(cell.get("y")) + float(cell.get("height")) / 2
        assert -0.1 <= x <= width + 0.1 and -0.1 <= y <= height + 0.1


def test_degrees_are_named_with_the_half_of_the_earth_they_lie_in():
    south_west = made(Place.circle(-33.4, -70.6, 500), lines=(), zones=(), sites=())
    words = {one.text for one in drawn(sketch(south_west, "map"))["m-label"]}
    assert "33.4°S" in words
    assert "70.6°W" in words


def test_the_scale_is_as_long_as_it_says():
    found = drawn(sketch(made(Place.circle(0, 30, 500), lines=(), zones=()), "map"))
    (bar,) = found["m-scale"]
    left, right = re.fullmatch(r"M([\d.]+) [\d.]+v5H([\d.]+)v-5", bar.get("d")).groups()
    km = next(float(o.text[:-3]) for o in found["m-label"] if o.text.endswith(" km"))
    meridians = re.findall(r"M([\d.]+) 0V", found["m-grid"][0].get("d"))
    unit = float(meridians[1]) - float(meridians[0])
    names = [o.text for o in found["m-label"] if o.text.endswith("E")]
    degrees = float(names[1][:-2]) - float(names[0][:-2])
    assert (float(right) - float(left)) / unit * degrees * 111.195 == pytest.approx(
        km, rel=0.01
    )


def test_incidents_of_one_cell_share_a_square_and_are_numbered_in_it():
    here = Place.circle(48.1, 30.7, 500)
    there = Place.circle(48.6, 30.3, 500)
    found = drawn(sketch(made(here, here, there), "map"))
    assert len(found["m-cell"]) == 2
    assert sorted(one.text for one in found["m-number"]) == ["1,2", "3"]


def test_no_number_hides_another():
    near = [Place.circle(48.1 + k / 10, 30.7, 500) for k in range(4)]
    far = Place.circle(-20, -60, 500)
    found = drawn(sketch(made(*near, far), "map"))
    assert len(found["m-cell"]) == 5
    assert [one.text for one in found["m-number"]] == ["1", "5"]


@pytest.mark.parametrize(("n", "shown"), [(8, 8), (30, 2)])
def test_of_many_sites_only_those_near_incidents_are_drawn(n, shown):
    sites = tuple(
        Site(f"p{k}", f"Plant {k}", "power", 47.5 + k / 20, 30.5, 300, ("e",), "inv")
        for k in range(n)
    )
    # From 0.2 degrees off the incident they stand 0.05 degrees apart.
    end = Place.circle(47.3, 30.5, 500)
    found = drawn(sketch(made(end, sites=sites, zones=()), "map"))
    assert len(found["m-site"]) == shown


def test_nothing_to_draw_gives_no_drawing():
    assert sketch(made(lines=(), zones=(), sites=()), "map") == ""


def test_what_others_wrote_is_escaped():
    line = replace(dossiers.agreement().lines[0], title="<script>&")
    assert "&lt;script&gt;&amp;" in sketch(made(lines=(line,)), '"<map>')
    assert "<map>" not in sketch(made(), '"<map>')


def bars(*windows):
    row = ReadingRow("one", "One", ("NOR",), "accepted", windows, 0.0, "")
    text = strip(replace(made(), readings=(row,)), "windows", "never")
    found = drawn(text)
    return found, [
        (float(o.get("x")), float(o.get("width")), o.get("fill-opacity"))
        for o in found.get("m-window", [])
    ]


def test_a_window_is_drawn_against_the_period():
    found, [(left, width, pale), (sure_left, sure_width, full)] = bars(
        "2031-05-04T21:00:00Z/2031-05-05T21:00:00Z"
    )
    (now,) = found["m-now"]
    assert (left, width) == (float(now.get("x")), float(now.get("width")))
    assert (sure_left, sure_width) == (left, width)
    assert float(pale) < float(full)


def test_only_what_is_sure_of_a_window_has_full_colour():
    _, [(left, width, _), (sure_left, sure_width, _)] = bars(
        "2031-05-03T00:00:00Z~2031-05-04T00:00:00Z/.."
    )
    assert left < sure_left
    assert left + width == pytest.approx(sure_left + sure_width)


def test_a_window_whose_edges_may_cross_is_nowhere_sure():
    _, found = bars(
        "2031-05-03T00:00:00Z~2031-05-06T00:00:00Z/2031-05-04T00:00:00Z~2031-05-07T00:00:00Z"
    )
    assert [opacity for _, _, opacity in found] == ["0.3"]


def test_a_window_beyond_the_line_is_not_drawn():
    assert bars("2020-01-01T00:00:00Z/2020-02-01T00:00:00Z")[1] == []


def test_a_reading_without_a_window_says_never():
    found, _ = bars()
    assert "never" in {one.text for one in found["m-label"]}


def test_without_readings_there_is_no_line():
    assert strip(replace(made(), readings=()), "windows", "never") == ""
