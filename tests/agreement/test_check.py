"""Contradictory and impossible terms, each said where it stands."""

import json

import pytest

from tests.agreement.samples import SOUND, spoiled, written
from trucewatch.agreement.read import problems, read_agreement

SQUARE = "[[45, 14], [45.2, 14], [45.2, 14.2], [45, 14.2], [45, 14]]"
EXTENT = "extent: {south_deg: 10, north_deg: 20, west_deg: 40, east_deg: 60}\n"
PATH = "[[45, 15], [46, 15.2], [47, 15]]"


def only(found):
    assert len(found) == 1, [str(p) for p in found]
    return found[0]


@pytest.mark.parametrize(
    ("old", "new", "where", "wrong"),
    [
        ("    in_force:\n      - {window: 2030-01-01/2030-02-01, stated: in January}\n",
         "", "readings/both/in_force", "undated"),
        ("2030-01-01/2030-02-01", "2030-02-01/2030-01-01",
         "readings/both/in_force/0/window", "ends before it begins"),
        ("2030-01-01/2030-02-01", "2030-01-01T10:00/..",
         "readings/both/in_force/0/window", "names no time zone"),
        ("held_by: [NORTH, SOUTH]", "held_by: [EAST]", "readings/both/held_by",
         "no party `EAST`"),
        ("clause: water", "clause: wine", "readings/both/changes/0/clause",
         "no clause `wine`"),
        ("where: [strip, land]", "where: sea", "clauses/water/where", "no zone `sea`"),
        ("    sites: water", "    sites: wine", "clauses/water/sites",
         "no list of sites `wine`"),
        ("prohibits: [strike]", "prohibits: [rudeness]", "clauses/water/prohibits/0",
         "`rudeness` is not known"),
        ("prohibits: [strike]", "prohibits: []", "clauses/water/prohibits",
         "fewer entries than 1"),
        ("domain: infrastructure", "domain: water", "clauses/water/domain",
         "`water` is not known"),
        ("weapons: [mortar]", "weapons: [catapult]", "clauses/water/weapons/0",
         "`catapult` is not known"),
        ("source: article 2", "source:", "clauses/water/source", "nothing"),
        ("    source: article 1\n", "", "clauses/peace/source", "is missing"),
        ("sides: {NORTH: left, SOUTH: right}", "sides: {NORTH: left, SOUTH: left}",
         "lines/river/sides", "both hold `left`"),
        ("SOUTH: right}", "SOUTH: rest}", "lines/river/sides/SOUTH", "no side `rest`"),
        ("side: SOUTH}", "side: EAST}", "zones/strip/near_line/side", "holds no side"),
        ("near_line: {line: river", "near_line: {line: road",
         "zones/strip/near_line/line", "no line `road`"),
        ("within_m: 10000", "within_m: -1", "zones/strip/near_line/within_m",
         "out of range"),
        ("within_m: 10000", "within_m: nan", "zones/strip/near_line/within_m",
         "not a number"),
        ("uncertainty_m: 300", "uncertainty_m: ten", "lines/river/uncertainty_m",
         "`ten` is not a number"),
        ("without: [town]", "without: [moon]", "zones/land", "no zone `moon`"),
        (PATH, "[[45, 15], [45, 15]]", "lines/river/path", "no length"),
        (PATH, "[[45, 15], [46, 95]]", "lines/river/path", "not on the earth"),
        (PATH, "[[45, 15], [15.2, 46], [47, 15]]", "lines/river/path",
         "outside the extent"),
        (PATH, "[[45, 15, 3], [46, 15, 3]]", "lines/river/path/0",
         "more entries than 2"),
        ("lat_deg: 15", "lat_deg: 95", "sites/dam/lat_deg", "out of range"),
        ("lat_deg: 15", "lat_deg: 45", "sites/dam", "outside the extent"),
        (SQUARE, "[[45, 14], [45.2, 14], [45.2, 14.2], [45, 14.2]]",
         "zones/town/polygon/outer", "not closed"),
        (SQUARE, "[[45, 14], [45.2, 14.2], [45.2, 14], [45, 14.2], [45, 14]]",
         "zones/town/polygon", "crosses itself"),
        (SQUARE, "[[45, 14], [45.2, 14], [45, 14]]", "zones/town/polygon/outer",
         "encloses nothing"),
        (SQUARE, f"{SQUARE}, holes: [[[46, 14], [46.1, 14], [46.1, 14.1], [46, 14]]]",
         "zones/town/polygon", "hole lies outside"),
        ("title: The town", "title: The town\n    disc: {lat_deg: 14, lon_deg: 45,"
         " radius_m: 10}", "zones/town", "polygon and disc"),
        ("title: The town", "title: The town\n    floor_m: 100\n    ceiling_m: 50",
         "zones/town/ceiling_m", "not above the floor"),
        ("south_deg: 10, north_deg: 20", "south_deg: 20, north_deg: 10", "extent",
         "not north"),
        (EXTENT, "", "", "no `extent`"),
        ("local_zone: Europe/Kyiv", "local_zone: Kyiv", "local_zone", "no time zone"),
        ("id: water", "id: peace", "clauses/peace", "used twice"),
        ("within: PT2H\n    where", "within: P1M\n    where", "exemptions/mines/within",
         "not a duration"),
        ("notify: [SOUTH]", "notify: [MOON]", "consultation/call/notify", "no party"),
        ("by: [NORTH]", "by: [MOON]", "commitments/aid/by", "no party"),
        ("parties:", "partys:", "partys", "no word"),
    ],
)  # fmt: skip
def test_a_spoiled_term_is_named_with_its_flaw(tmp_path, old, new, where, wrong):
    found = problems(written(tmp_path, spoiled(old, new)))
    assert any(p.where == where and wrong in p.wrong for p in found), [
        str(p) for p in found
    ]


def test_swapped_coordinates_come_with_the_right_order(tmp_path):
    path = written(tmp_path, spoiled(PATH, "[[15, 45], [15.2, 46], [15, 47]]"))
    found = problems(path)
    assert len(found) == 3
    assert found[0].right == "it is probably swapped: write [45, 15]"


def test_zones_made_of_themselves_are_refused(tmp_path):
    circle = "  a: {title: a, any_of: [b]}\n  b: {title: b, any_of: [a]}\nsites:"
    found = problems(written(tmp_path, spoiled("sites:\n", f"{circle}\n")))
    assert [p.wrong for p in found] == [
        "the zone `a` is made of itself",
        "the zone `b` is made of itself",
    ]


SECOND = """
  - id: again
    title: As the south also says
    held_by: [SOUTH]
    stance: accepted
    in_force: [{window: 2030-01-15/2030-03-01, stated: later}]
    sources: [a letter]
exemptions:"""


def test_one_holder_cannot_hold_two_readings_at_one_time(tmp_path):
    text = spoiled("\nexemptions:", SECOND)
    problem = only(problems(written(tmp_path, text)))
    assert problem.wrong == "SOUTH holds `both` and `again` at the same time"


def test_a_disputed_reading_may_stand_beside_another(tmp_path):
    text = SOUND.replace("\nexemptions:", SECOND.replace("accepted", "disputed"))
    assert problems(written(tmp_path, text)) == ()


def test_readings_one_after_the_other_are_no_contradiction(tmp_path):
    text = SOUND.replace("\nexemptions:", SECOND.replace("2030-01-15", "2030-02-01"))
    assert problems(written(tmp_path, text)) == ()


def test_windows_of_one_reading_must_not_overlap(tmp_path):
    more = "in January}\n      - {window: 2030-01-10/.., stated: later}"
    problem = only(problems(written(tmp_path, spoiled("in January}", more))))
    assert "overlap" in problem.wrong


def test_a_rejected_reading_cannot_be_in_force(tmp_path):
    path = written(tmp_path, spoiled("stance: accepted", "stance: rejected"))
    assert "rejects the terms" in only(problems(path)).wrong


def test_a_shape_across_the_antimeridian_stays_whole(tmp_path):
    wide = spoiled("west_deg: 40, east_deg: 60", "west_deg: 40, east_deg: -160")
    across = "[[175, 14], [185, 14], [185, 18], [175, 18], [175, 14]]"
    assert problems(written(tmp_path, wide.replace(SQUARE, across))) == ()
    leap = "[[175, 14], [-175, 14], [-175, 18], [175, 18], [175, 14]]"
    problem = only(problems(written(tmp_path, wide.replace(SQUARE, leap))))
    assert "leaps from 175 to -175" in problem.wrong


LINE = {"type": "LineString", "coordinates": [[45, 15], [46, 15.2]]}
AREA = {
    "type": "Polygon",
    "coordinates": [[[45, 14], [46, 14], [46, 15], [45, 14]]],
}


def with_line_file(folder, body, name="river.geojson"):
    if body is not None:
        text = body if isinstance(body, str) else json.dumps(body)
        (folder / "river.geojson").write_text(text, encoding="utf-8")
    return written(folder, spoiled(f"path: {PATH}", f"file: {name}"))


def test_a_line_may_stand_in_a_file_beside_the_agreement(tmp_path):
    body = {"type": "Feature", "properties": {}, "geometry": LINE}
    (agreement,) = read_agreement(with_line_file(tmp_path, body))
    assert agreement.lines[0].path == ((45.0, 15.0), (46.0, 15.2))


def test_a_line_may_be_the_border_of_areas(tmp_path):
    path = with_line_file(tmp_path, {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": AREA},
    ]})  # fmt: skip
    text = path.read_text().replace(
        "NORTH: left, SOUTH: right", "NORTH: inside, SOUTH: rest"
    )
    (agreement,) = read_agreement(written(tmp_path, text))
    assert agreement.lines[0].path == ()
    assert len(agreement.lines[0].areas) == 1


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ({"type": "LineString", "coordinates": [[45, "x"]]}, "is not a number"),
        ('{"type": "LineString", "coordinates": [[45, NaN]]}', "NaN is not a number"),
        ({"type": "Point", "coordinates": [45, 15]}, "river.geojson at the top"),
        ({"type": "FeatureCollection", "features": []}, "0 paths and 0 areas"),
        ({"type": "Feature", "geometry": LINE, "crs": {"type": "name"}}, "crs"),
        ({"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": LINE},
            {"type": "Feature", "geometry": AREA},
        ]}, "1 paths and 1 areas"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_line_is_named(tmp_path, body, wrong):
    problem = only(problems(with_line_file(tmp_path, body)))
    assert problem.where == "lines/river/file"
    assert wrong in problem.wrong


@pytest.mark.parametrize("name", ["../river.geojson", "/etc/hostname"])
def test_files_elsewhere_are_never_read(tmp_path, name):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "river.geojson").write_text(json.dumps(LINE))
    problem = only(problems(with_line_file(inner, None, name)))
    assert "outside the agreement's folder" in problem.wrong


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.geojson").write_text(json.dumps(LINE))
    (inner / "river.geojson").symlink_to(tmp_path / "secret.geojson")
    assert "outside" in only(problems(with_line_file(inner, None))).wrong


def test_a_link_to_itself_and_an_endless_name_are_problems(tmp_path):
    (tmp_path / "river.geojson").symlink_to(tmp_path / "river.geojson")
    assert only(problems(with_line_file(tmp_path, None))).where == "lines/river/file"
    path = with_line_file(tmp_path, None, "a" * 5000)
    assert only(problems(path)).where == "lines/river/file"


HEADER = "id,name,kind,lat_deg,lon_deg,radius_m,lists,source\n"


def with_sites(folder, text):
    (folder / "sites.csv").write_text(text, encoding="utf-8")
    more = spoiled("clauses:\n", "site_files: [sites.csv]\nclauses:\n")
    return written(folder, more)


def test_sites_may_stand_in_a_table_beside_the_agreement(tmp_path):
    row = '"mill","The mill, old",mill,15,46,100,water; wind,"a ""source"""\n'
    (agreement,) = read_agreement(with_sites(tmp_path, HEADER + row))
    mill = agreement.sites[1]
    assert (mill.name, mill.lists) == ("The mill, old", ("water", "wind"))
    assert mill.source == 'a "source"'


def test_every_wrong_row_of_sites_is_named_by_its_line(tmp_path):
    rows = (
        "a,A,mill,15,46,100,water,s\n"
        "b,B,mill,fifteen,46,100,water,s\n"
        "c,C,mill,15,46,100,,s\n"
        "d,D,mill,15,46,100,water,s,too much\n"
        "e,E,mill,46,15,100,water,s\n"
    )
    found = problems(with_sites(tmp_path, HEADER + rows))
    assert [(p.file[-9:], p.line) for p in found] == [
        ("sites.csv", line) for line in (3, 4, 5, 6)
    ]
    assert "probably swapped" in found[3].right


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("id,name\n", "has the columns id,name"), (HEADER + '"a', "is not CSV")],
)
def test_a_table_that_holds_no_sites_is_named(tmp_path, text, wrong):
    assert wrong in only(problems(with_sites(tmp_path, text))).wrong


@pytest.mark.parametrize("escape", ["\\e[2J", "\\u202e", "\\x9b"])
def test_a_text_cannot_command_the_terminal_or_turn_the_reading_order(tmp_path, escape):
    text = spoiled("name: The north", f'name: "The north{escape}"')
    problem = only(problems(written(tmp_path, text)))
    assert problem.where == "parties/NORTH/name"
    assert "unseen character" in problem.wrong


def test_a_problem_never_repeats_what_a_terminal_would_obey(tmp_path):
    path = written(tmp_path, spoiled("stance: accepted", 'stance: "\\e[2Jaccepted"'))
    assert str(only(problems(path))).isprintable()
