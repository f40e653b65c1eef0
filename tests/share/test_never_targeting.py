"""Nothing finer than a release level leaves in any byte of any format."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from importlib import resources

import numpy as np
import pytest
from tests.share import dossiers, pdftext

from trucewatch.agreement.taxonomy import Act
from trucewatch.place import Area, Place
from trucewatch.plugin import load
from trucewatch.record import RecordId
from trucewatch.share.bulletin import MAP_FILE
from trucewatch.share.compose import compose
from trucewatch.share.release import GRAINS, Release, Stage

FORMATS = ("csv", "geojson", "geoparquet", "html", "json", "map", "pdf")
KEY = "patrol:canary-7f3a"
PERSON = "Ulyana Zhmerynska"
AT = dossiers.DAY.begin + timedelta(hours=16, minutes=37, seconds=42)  # 13:37:42
# Digits chosen so that no corner of a released cell begins with them.
LAT_DEG, LON_DEG = 48.13279, 30.72418
FIRING_LAT_DEG, FIRING_LON_DEG = 47.96231, 30.86421
CASES = [
    (stage, release)
    for stage in (Stage.F0, Stage.A3, Stage.R, Stage.FINAL)
    for release in Release
    if stage is not Stage.F0 or release is Release.CELL
]


def canaries():
    """One impact and one firing with telling coordinates, and a telling statement."""
    impact = dossiers.incident(
        "2031-05-05-00000001",
        Place(LAT_DEG, LON_DEG, 811.237, 203.519, 33.7),
        AT,
        (Act.EXPLOSION, 0.97),
        (Act.LAUNCH, 0.03),
        length_s=5,
        independence=KEY,
    )
    firing = dossiers.incident(
        "2031-05-05-00000002",
        Place(FIRING_LAT_DEG, FIRING_LON_DEG, 402.113, 301.771, 61.3),
        AT,
        (Act.BURST, 0.4),
        (Act.MUZZLE_FLASH, 0.2),
        (Act.EXPLOSION, 0.4),
        length_s=5,
        independence=KEY,
    )
    village = dossiers.incident(
        "2031-05-05-00000003",
        Area("Canaryville", "settlement"),
        AT,
        (Act.SHOT, 1.0),
        independence=KEY,
    )
    claimed = dossiers.incident(
        "2031-05-05-00000004",
        Area("Riverland", "province"),
        AT,
        (Act.LAUNCH, 1.0),
        claimed_by="NOR",
        independence="claims:NOR staff",
    )
    made = (impact, firing, village, claimed)
    said = dossiers.statement(
        f"{PERSON} saw a battery at {LAT_DEG}, {LON_DEG} on {PERSON.split()[1]}'s farm",
        PERSON,
        "north.example",
        ("shelling", 29_357_713),
    )
    delivery = dossiers.delivery("patrols", "canary-7f3a-patrol.csv")
    return dossiers.dossier(
        made,
        tuple(dossiers.finding(one) for one in made),
        observations=(said,),
        deliveries=(delivery,),
        sectors_of={RecordId(impact.id): "bridge"},
    )


@pytest.fixture(scope="module")
def rendered():
    """Every format of every stage and release, made once."""
    source = canaries()
    made = {
        case: compose(source, dossiers.order(*case), None, 7, "00" * 32)
        for case in CASES
    }
    return {
        (*case, name): [*load("trucewatch.share.formats", name).render(bulletin)]
        for case, bulletin in made.items()
        for name in FORMATS
    }


def filled(file):
    """Of the map's page what the bulletin put into it; other files whole.

    The rest is the same in every page: a drawing library full of numbers.
    """
    if file.name != MAP_FILE:
        return file
    built = resources.files("trucewatch.share") / "web" / MAP_FILE
    data = file.data
    for piece in re.split(rb"\{\{\w+\}\}", built.read_bytes()):
        assert piece in data
        data = data.replace(piece, b"\n", 1)
    assert b'{"bulletin":{' in data
    return replace(file, data=data)


def searched(files):
    """All a reader could get out of files: bytes, streams and words."""
    for file in map(filled, files):
        yield file.data.decode("latin-1")
        yield file.data.decode("utf-8", "replace")
        if file.name.endswith(".pdf"):
            inflated = pdftext.streams(file.data)
            assert inflated, "a PDF without streams was not searched"
            yield from (one.decode("latin-1") for one in inflated)
            yield pdftext.text(file.data)


@pytest.fixture(scope="module")
def texts(rendered):
    """All a reader could get out of each format, made once."""
    return {key: [*searched(files)] for key, files in rendered.items()}


def telling(value, decimals):
    """The first digits that a cell of so many decimals may not show."""
    cut = str(value)[: str(value).index(".") + 2 + decimals]
    return {cut, f"{value:.{decimals + 1}f}"}


def doubles(data):
    """Every eight bytes of the data, read as a number, from every offset."""
    for offset in range(8):
        whole = data[offset : offset + (len(data) - offset) // 8 * 8]
        yield np.frombuffer(whole, "<f8")
        yield np.frombuffer(whole, ">f8")


def near(numbers, value, within):
    """Whether any number is so near a value."""
    return bool(np.any((numbers > value - within) & (numbers < value + within)))


every = pytest.mark.parametrize(
    ("stage", "release", "name"), [(*case, name) for case in CASES for name in FORMATS]
)


@every
def test_no_coordinate_is_finer_than_the_release(texts, stage, release, name):
    decimals = GRAINS[release].decimals
    secret = telling(LAT_DEG, decimals) | telling(LON_DEG, decimals)
    for text in texts[stage, release, name]:
        assert not [one for one in secret if one in text]


@every
def test_no_firing_place_leaves_at_any_level(texts, stage, release, name):
    secret = {"47.962", "30.864", "47,96", "30,86", "Canaryville", "47°57", "30°51"}
    for text in texts[stage, release, name]:
        assert not [one for one in secret if one in text]


@every
def test_no_binary_number_is_near_a_true_coordinate(rendered, stage, release, name):
    for file in map(filled, rendered[stage, release, name]):
        for numbers in doubles(file.data):
            for secret in (LAT_DEG, LON_DEG):
                assert not near(numbers, secret, 1e-4)
            for secret in (FIRING_LAT_DEG, FIRING_LON_DEG):
                assert not near(numbers, secret, 5e-3)


@every
def test_no_time_is_finer_than_the_release(rendered, texts, stage, release, name):
    seconds = int(AT.timestamp())
    binary = [
        (seconds * scale).to_bytes(8, order)
        for scale in (1, 10**3, 10**6, 10**9)
        for order in ("little", "big")
    ]
    secret = ["13:37:42", str(seconds)]
    secret += [] if release is Release.CELL else ["13:37"]
    for file in map(filled, rendered[stage, release, name]):
        assert not [one for one in binary if one in file.data]
    for text in texts[stage, release, name]:
        assert not [one for one in secret if one in text]


@every
def test_sources_are_named_for_the_cell_only(texts, stage, release, name):
    if release is not Release.CELL:
        for text in texts[stage, release, name]:
            assert "canary-7f3a" not in text


@every
def test_no_person_is_named(texts, stage, release, name):
    for text in texts[stage, release, name]:
        assert not re.search("Ulyana|Zhmerynska", text, re.IGNORECASE)


@every
def test_the_address_of_a_statement_leaves_for_the_cell_only(
    texts, stage, release, name
):
    if release is not Release.CELL:
        for text in texts[stage, release, name]:
            assert "2031/05/05/report" not in text


@every
def test_no_origin_names_its_party_before_review(texts, stage, release, name):
    if stage.automatic:
        for text in texts[stage, release, name]:
            assert "claims:NOR" not in text
            assert "29,357,713" not in text
            assert "29357713" not in text


def test_the_search_finds_what_is_there(rendered):
    """Controls: each way of searching finds what a release does show."""
    at_cell = {name: rendered[Stage.R, Release.CELL, name] for name in FORMATS}
    for name in ("csv", "html", "map", "pdf"):
        assert any("48.133" in text for text in searched(at_cell[name])), name
    for name in ("csv", "html", "json", "map", "pdf"):
        assert any(KEY in text for text in searched(at_cell[name])) or name == "csv"
        assert any("13:37" in text for text in searched(at_cell[name])), name
    for name, said in (
        ("csv", "29357713"),
        ("html", "29,357,713"),
        ("map", "29357713"),
        ("pdf", "29,357,713"),
    ):
        assert any(said in text for text in searched(at_cell[name])), name
    for name in ("csv", "html", "json", "map", "pdf"):
        assert any("2031/05/05/report" in text for text in searched(at_cell[name])), (
            name
        )
    (parquet,) = at_cell["geoparquet"]
    assert any(near(numbers, 48.133, 1e-9) for numbers in doubles(parquet.data))


def test_firing_is_shown_as_a_mass_once_a_day_has_passed():
    source = canaries()
    early = compose(source, dossiers.order(Stage.R), None, 7, "00" * 32)
    late = compose(source, dossiers.order(Stage.FINAL), None, 7, "00" * 32)
    assert early.firing == ()
    assert early.firing_withheld == 2
    assert late.firing_withheld == 0
    cells = {(one.lat_deg, one.lon_deg, one.cell_deg) for one in late.firing}
    assert cells == {(47.95, 30.85, 0.05)}
    assert {one.held for one in late.firing} == {"left", "right"}


def test_a_raid_claimed_for_a_province_is_an_incident_without_a_place():
    made = compose(canaries(), dossiers.order(), None, 7, "00" * 32)
    (raid,) = (one for one in made.incidents if one.name.endswith("4"))
    assert (raid.located, raid.area, raid.lat_deg) == ("area", "Riverland", None)


def test_what_is_perhaps_firing_gets_a_cell_as_coarse_as_firing():
    perhaps = dossiers.incident(
        "2031-05-05-00000009",
        Place(LAT_DEG, LON_DEG, 100, 100),
        AT,
        (Act.EXPLOSION, 0.9),
        (Act.FIRING, 0.1),
    )
    made = compose(dossiers.dossier((perhaps,)), dossiers.order(), None, 7, "00" * 32)
    assert [one.cell_deg for one in made.incidents] == [0.05]


def test_sites_are_drawn_in_coarse_cells_at_every_level():
    source = canaries()
    site = replace(source.versions[0].sites[0], lat_deg=48.21327, lon_deg=31.01873)
    terms = replace(source.versions[0], sites=(site,))
    for release in Release:
        order = dossiers.order(release=release)
        made = compose(replace(source, versions=(terms,)), order, None, 7, "00" * 32)
        (row,) = (one for one in made.shapes if one.what == "site")
        assert '"coordinates":[31.0,48.2]' in row.geojson
