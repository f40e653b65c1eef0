"""Whatever arrives: an error that says what is wrong, or a rejection with its line."""

import contextlib
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import PACKAGE, counts, read, sample
from trucewatch.collect import unpack
from trucewatch.errors import SourceError
from trucewatch.plugin import names

# Feeds of machines, pictures and prose are no tables; tests of their own are beside.
MACHINES = {"adsb", "ais", "drone_photos", "klv", "mavlink", "remote_id", "ulog"}
MACHINES |= {"array_stations", "waveforms"}
MACHINES |= {"acoustic_nodes", "audio_clips", "waveform_picks"}
MACHINES |= {"orbital_elements", "patrol_tracks"}
PROSE = {"articles", "feeds", "mails", "telegram_exports", "web_archives"}
SOURCES = [name for name in names(PACKAGE) if name not in MACHINES | PROSE]
BOMB = gzip.compress(b"\n" * 8_000_000)
JSON_ONLY = {"damage_layers", "held_areas", "optical_changes", "party_claims"}
JSON_ONLY |= {"sar_changes"}
JSON_TOO = [
    "allegations",
    "camera_logs",
    "damage_layers",
    "held_areas",
    "notices",
    "optical_changes",
    "party_claims",
    "patrol_forms",
    "sar_changes",
    "satellite_passes",
    "table",
]
BINARY = {"waveforms"}
TABLES = [
    n
    for n in SOURCES
    if n not in JSON_ONLY | BINARY and n not in {"allegations", "table"}
]
LINES = [n for n in SOURCES if n not in BINARY]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_cut_short_keeps_all_rows_before_the_cut(name):
    raw, expected = sample(name)
    lines = raw.rstrip(b"\n").split(b"\n")
    cut = b"\n".join(lines[:-1]) + b"\n" + lines[-1][: len(lines[-1]) // 2]
    batch = read(name, cut, expected["options"])
    assert batch.rows_read == expected["counts"]["rows_read"]
    assert f"line {len(lines)}" in {one.where for one in batch.rejections}


@pytest.mark.parametrize("name", TABLES)
def test_utf_16_is_named_and_read_when_the_option_says_so(name):
    raw, expected = sample(name)
    wide = raw.decode("utf-8-sig").encode("utf-16")
    options = expected["options"]
    with pytest.raises(SourceError, match=r"UTF-16|is not UTF-8|lacks columns"):
        read(name, wide, options)
    found = counts(read(name, wide, {**options, "encoding": "utf-16"}))
    assert found == expected["counts"]


def test_cyrillic_in_cp1251_is_refused_and_read_when_the_option_says_so():
    text = sample("ministry_posts")[0].decode()
    raw = text.encode("cp1251", "ignore")
    options = sample("ministry_posts")[1]["options"]
    with pytest.raises(SourceError, match="option encoding"):
        read("ministry_posts", raw, options)
    batch = read("ministry_posts", raw, {**options, "encoding": "cp1251"})
    assert len(batch.observations) == 3


def test_one_row_in_another_encoding_costs_one_row():
    raw, expected = sample("media_reports")
    spoilt = raw.replace(b"Gardening fair", "Ярмарок".encode("cp1251"))
    batch = read("media_reports", spoilt, expected["options"])
    reasons = {one.where: one.why for one in batch.rejections}
    assert "not valid utf-8" in reasons["line 5"]
    assert batch.rows_read == expected["counts"]["rows_read"]


@pytest.mark.parametrize("name", LINES)
def test_a_line_beyond_all_measure_is_refused(name):
    raw, expected = sample(name)
    head = raw.split(b"\n")[0]
    huge = head + b"\n" + b"7" * (unpack.MAX_LINE_BYTES + 1)
    with pytest.raises(SourceError, match=r"longer than|not JSON"):
        read(name, huge, expected["options"])


def test_a_cell_beyond_all_measure_costs_its_rows_and_no_others():
    head = "datetime,lon,lat,place_name,event_type,headline\n"
    good = "2031-05-01,20.5,10.5,Town,artillery,x\n"
    bad = f'2031-05-01,20.5,10.5,Town,artillery,"{"x" * 200_000}"\n'
    batch = read("media_reports", head + good + bad + good)
    assert counts(batch)["observations"] >= 1
    assert any("not CSV" in one.why for one in batch.rejections)


def test_a_quotation_never_closed_names_the_lines_it_swallowed():
    head = "datetime,lon,lat,place_name,event_type,headline\n"
    good = "2031-05-01,20.5,10.5,Town,artillery,x\n"
    batch = read("media_reports", head + good + good.replace("x", '"x') + good * 3)
    assert len(batch.observations) == 1
    assert [one.where for one in batch.rejections] == ["lines 3-6"]


def test_nul_bytes_cost_their_row():
    raw, expected = sample("sirens")
    batch = read("sirens", raw.replace(b"South", b"So\0th"), expected["options"])
    assert {one.where: one.why for one in batch.rejections}["line 4"].count("NUL") == 1


@pytest.mark.parametrize("name", SOURCES)
def test_a_gzip_bomb_is_refused(name):
    with pytest.raises(SourceError, match="grows more than"):
        read(name, BOMB, sample(name)[1]["options"])


@pytest.mark.parametrize("name", SOURCES)
def test_a_zip_archive_is_refused(name):
    with pytest.raises(SourceError, match="ZIP"):
        read(name, b"PK\x03\x04" + bytes(100), sample(name)[1]["options"])


@pytest.mark.parametrize("name", SOURCES)
def test_a_gzip_stream_cut_short_is_refused(name):
    raw, expected = sample(name)
    packed = gzip.compress(raw)
    with pytest.raises(SourceError, match="cut short"):
        read(name, packed[: len(packed) // 2], expected["options"])


def test_gzip_members_are_read_one_after_the_other():
    assert unpack.plain(gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"


def test_bytes_after_a_gzip_stream_are_refused():
    with pytest.raises(SourceError, match="not gzip"):
        unpack.plain(gzip.compress(b"one ") + b"two")


@given(body=st.binary(max_size=5000))
def test_packing_and_unpacking_changes_nothing(body):
    assert unpack.plain(gzip.compress(body)) == body


@pytest.mark.parametrize("name", JSON_TOO)
def test_bottomless_json_is_refused(name):
    with pytest.raises(SourceError):
        read(name, b"[" * 200_000, sample(name)[1]["options"])


@pytest.mark.parametrize("name", JSON_TOO)
def test_json_with_nan_is_refused(name):
    with pytest.raises(SourceError, match="NaN"):
        read(name, b'[{"lat": NaN}]', sample(name)[1]["options"])


def keys_of(name):
    raw, expected = sample(name)
    text = raw.decode()
    wanted = [v for k, v in expected["options"].items() if k.startswith("column.")]
    header = [] if text[0] in "{[" else text.split("\n")[0].split(",")
    items = json.loads(text) if text[0] == "[" else []
    objects = [one for one in items if isinstance(one, dict)]
    return sorted({*wanted, *header, *(key for one in objects for key in one)})


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["\ud800", "2031-05-01", "2031-05-01T10:00Z", "9999-12-31"]),
    st.sampled_from(["explosion", "event", "track", "view", "hit", "demining", "1"]),
    st.sampled_from(["POINT (20 10)", "POINT (NaN 1)", "http://[", "artillery"]),
    st.just({"shelling": 10**30}),
)
shapes = st.one_of(
    st.none(),
    st.builds(
        lambda kind, where: {"type": kind, "coordinates": where},
        st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon"]),
        st.recursive(
            st.one_of(st.floats(-400, 400), st.integers(-400, 400), st.none()),
            lambda inner: st.lists(inner, max_size=4),
            max_leaves=12,
        ),
    ),
)


@pytest.mark.parametrize("name", JSON_TOO)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_json_loses_nothing(name, data):
    keys = st.sampled_from(keys_of(name) or ["x"])
    items = data.draw(st.lists(st.dictionaries(keys, scalars, max_size=12), max_size=4))
    body = [
        {"type": "Feature", "properties": item, "geometry": data.draw(shapes)}
        for item in items
    ]
    whole = {"type": "FeatureCollection", "features": body}
    options = sample(name)[1]["options"]
    for raw in (json.dumps(items), json.dumps(whole)):
        with contextlib.suppress(SourceError):
            found = counts(read(name, raw, options))
            assert found.pop("rows_read") == sum(found.values())


def test_a_frame_that_is_not_longitude_and_latitude_is_refused():
    raw = json.loads(sample("held_areas")[0])
    raw["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    with pytest.raises(SourceError, match="longitude and latitude"):
        read("held_areas", json.dumps(raw), sample("held_areas")[1]["options"])


@pytest.mark.parametrize("name", ["media_reports", "firms"])
def test_bounds_find_swapped_coordinates_that_are_in_range(name):
    text = {
        "media_reports": "datetime,lon,lat,place_name,event_type,headline\n"
        "2031-05-01,10.5,40.5,T,artillery,x\n2031-05-01,40.5,10.5,T,artillery,x\n",
        "firms": "latitude,longitude,acq_date\n40.5,10.5,2031-05-01\n"
        "10.5,40.5,2031-05-01\n",
    }[name]
    batch = read(name, text, {"bounds": "35,5,45,15"})
    assert [(one.where, "swapped" in one.why) for one in batch.rejections] == [
        ("line 2", True)
    ]
    assert batch.rows_read == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("zone", "Europe"),
        ("zone", "../etc"),
        ("bounds", "1,2,3"),
        ("bounds", "0,50,10,40"),
        ("radius_m", "-3"),
        ("radius_m", "inf"),
        ("feed", "two words"),
    ],
)
def test_an_unusable_option_is_a_clear_error(option, value):
    raw, expected = sample("media_reports")
    with pytest.raises(SourceError, match=f"option {option} .* it must be"):
        read("media_reports", raw, {**expected["options"], option: value})


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("launch_claims", "speaker"),
        ("loss_claims", "against"),
        ("ministry_posts", "speaker"),
        ("held_areas", "party"),
        ("table", "as"),
    ],
)
def test_a_required_option_is_asked_for(name, option):
    raw, expected = sample(name)
    rest = {k: v for k, v in expected["options"].items() if k != option}
    with pytest.raises(SourceError, match=f"needs the option {option}"):
        read(name, raw, rest)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_delivery_is_not_of_the_form(name):
    with pytest.raises(SourceError, match=r"lacks columns|is empty"):
        read(name, b"", sample(name)[1]["options"])
