import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
import shapely
from tests.share import dossiers, pdftext

from trucewatch.agreement.taxonomy import Act
from trucewatch.place import Place
from trucewatch.plugin import load
from trucewatch.share.compose import compose
from trucewatch.share.release import Release, Stage
from trucewatch.share.said import DifferenceRow, RegisterRow, ReportRow, SharedRow

FORMATS = ("csv", "geojson", "geoparquet", "html", "json", "pdf")
NOON = dossiers.DAY.begin + timedelta(hours=12)


def render(name, bulletin):
    files = load("trucewatch.share.formats", name).render(bulletin)
    return {one.name: one.data for one in files}


def bulletin(source=None, *order):
    return compose(
        source or dossiers.full(6), dossiers.order(*order), None, 7, "0f" * 32
    )


def digests():
    made = bulletin()
    return {
        file: hashlib.sha256(data).hexdigest()
        for name in FORMATS
        for file, data in render(name, made).items()
    }


def test_every_format_gives_the_same_bytes_in_a_fresh_process():
    code = "from tests.share.test_formats import digests; print(digests())"
    hashed = {"PYTHONHASHSEED": "77", "PYTHONPATH": ":".join(filter(None, sys.path))}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=hashed, check=True
    )
    assert run.stdout.decode().strip() == str(digests())


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_bulletin_can_be_rendered(name):
    assert all(render(name, bulletin(dossiers.dossier())).values())


def table(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


def test_csv_holds_every_row_of_the_bulletin():
    made = bulletin(None, Stage.FINAL)
    files = render("csv", made)
    assert len(table(files, "incidents.csv")) == len(made.incidents)
    assert len(table(files, "statements.csv")) == len(made.statements)
    assert len(table(files, "counts.csv")) == len(made.counts)
    assert len(table(files, "coverage.csv")) == len(made.coverage)
    assert len(table(files, "deliveries.csv")) == len(made.deliveries)
    assert len(table(files, "firing.csv")) == len(made.firing)
    count = sum(len(one.findings) for one in made.incidents)
    assert len(table(files, "findings.csv")) == count


def test_csv_sets_statements_side_by_side():
    made = bulletin()
    second, first = made.statements
    differs = DifferenceRow("rendering", "wording", first.id, "x", "=1", "two")
    shared = SharedRow("prints", (first.id, second.id), ("n", "s"))
    reports = (
        ReportRow(first.id, "commitment", "NOR", "north.example", 3, 9),
        ReportRow(second.id, "denial", "SUD", "south.example", 0, 5, "if paid"),
    )
    topic = RegisterRow("hub", ("NOR",), ("land",), reports, (("stance", 0, 1),))
    said = {"differences": (differs,), "shared": (shared,), "register": (topic,)}
    files = render("csv", replace(made, **said))
    (row,) = table(files, "contradictions.csv")
    assert (row["first"], row["second"]) == (first.id, second.id)
    assert (row["first_speaker"], row["second_speaker"]) == ("NOR", "SUD")
    assert (row["first_outlet"], row["second_outlet"]) == (first.outlet, second.outlet)
    (row,) = table(files, "differences.csv")
    assert (row["first_says"], row["second_says"]) == ("'=1", "two")
    assert (row["first_speaker"], row["second_speaker"]) == ("NOR", "")
    (row,) = table(files, "shared.csv")
    assert row["statements"] == f"{first.id}; {second.id}"
    one, other = table(files, "register.csv")
    assert (one["topic"], one["promised_by"], one["by"]) == ("hub", "NOR", "NOR")
    assert one["against"] == f"stance={second.id}"
    assert other["against"] == f"stance={first.id}"
    assert (other["begin"], other["end"], other["condition"]) == ("0", "5", "if paid")


def test_csv_of_an_automatic_stage_sets_nothing_side_by_side():
    files = render("csv", bulletin(None, Stage.A3))
    for name in ("contradictions", "differences", "shared", "register", "statements"):
        assert table(files, f"{name}.csv") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_csv_cell_starts_a_formula(start):
    evil = f"{start}HYPERLINK(1,2)"
    said = dossiers.statement(evil, "NOR", "n.example", (evil, 3))
    files = render("csv", bulletin(dossiers.dossier(observations=(said,))))
    (row,) = table(files, "statements.csv")
    assert row["words"] == f"'{evil}"
    assert row["figures"].startswith(f"'{start}")


def test_direction_marks_reach_no_format():
    said = dossiers.statement("abc\u202egpj.exe\u2066", "NOR", "n.example")
    made = bulletin(dossiers.dossier(observations=(said,)))
    for name in ("csv", "html", "json"):
        assert not any("\u202e" in d.decode() for d in render(name, made).values())


def test_letters_of_every_script_reach_every_format():
    words = "Обстріли міста «Місто» – été"
    said = dossiers.statement(words, "NOR", "n.example")
    made = bulletin(dossiers.dossier(observations=(said,)))
    assert words in render("csv", made)["statements.csv"].decode()
    assert words in render("html", made)["bulletin.html"].decode()
    assert "Обстріли" in pdftext.text(render("pdf", made)["bulletin.pdf"])


def test_html_escapes_whatever_others_wrote():
    evil = "<script>alert(1)</script><img src=x onerror=1>"
    said = dossiers.statement(evil, "NOR", 'n.example"><b>')
    html = render("html", bulletin(dossiers.dossier(observations=(said,))))
    text = html["bulletin.html"].decode()
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_an_address_that_is_no_web_address_is_no_link():
    said = dossiers.statement("x", "NOR", "n.example")
    result = replace(said.result, address="javascript:alert(1)")
    source = dossiers.dossier(observations=(replace(said, result=result),))
    text = render("html", bulletin(source))["bulletin.html"].decode()
    assert 'href="javascript' not in text


def test_html_loads_nothing():
    text = render("html", bulletin())["bulletin.html"].decode()
    loading = r"(src=|url\(|@import|<link|<script|<iframe|srcset)"
    assert not re.search(loading, text)
    links = re.findall(r'href="([^"]*)"', text)
    assert all(one.startswith(("#", "https://", "map.html")) for one in links)
    assert "default-src 'none'" in text


def test_html_has_one_heading_per_section_and_no_id_twice():
    text = render("html", bulletin())["bulletin.html"].decode()
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert text.count("<h1") == 1
    assert text.count("<h2") == text.count("<section")
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets <= set(ids)


def test_a_long_day_shows_the_gravest_in_full_and_all_in_the_overview():
    text = render("html", bulletin(dossiers.full(120)))["bulletin.html"].decode()
    assert text.count("<article") == 80
    assert text.count('href="#incident-') == 80
    assert len(bulletin(dossiers.full(120)).incidents) > 80
    assert "80 are: inside the terms first" in text


def test_pdf_is_tagged_archival_and_dated_by_the_cutoff():
    pdf = render("pdf", bulletin())["bulletin.pdf"]
    whole = pdf + b"".join(pdftext.streams(pdf))
    assert b"<pdfaid:part>2</pdfaid:part>" in whole
    assert b"/MarkInfo" in whole
    assert b"2031-05-05T16:30:00" in whole
    assert "What this bulletin cannot see" in pdftext.text(pdf)


def test_geojson_cells_are_closed_and_run_counter_clockwise():
    files = render("geojson", bulletin())
    body = json.loads(files["incidents.geojson"])
    assert body["type"] == "FeatureCollection"
    shapes = [f["geometry"] for f in body["features"] if f["geometry"]]
    assert shapes
    for shape in shapes:
        (ring,) = shape["coordinates"]
        assert ring[0] == ring[-1]
        assert shapely.LinearRing(ring).is_ccw


def test_an_incident_without_a_place_has_no_geometry():
    body = json.loads(render("geojson", bulletin())["incidents.geojson"])
    located = {f["properties"]["located"]: f["geometry"] for f in body["features"]}
    assert located["unlocated"] is None


def at(lat_deg, lon_deg):
    place = Place.circle(lat_deg, lon_deg, 500)
    one = dossiers.incident("a", place, NOON, (Act.EXPLOSION, 1.0))
    return bulletin(dossiers.dossier((one,)), Stage.R, Release.PUBLIC)


@pytest.mark.parametrize("lon_deg", [179.98, -179.98, 180.0])
def test_a_cell_across_the_antimeridian_is_cut_in_two(lon_deg):
    body = json.loads(render("geojson", at(10, lon_deg))["incidents.geojson"])
    shape = shapely.from_geojson(json.dumps(body["features"][0]["geometry"]))
    west, south, east, north = shape.bounds
    assert (shape.geom_type, west, east) == ("MultiPolygon", -180, 180)
    assert shape.area == pytest.approx(0.01)


def test_a_cell_at_the_pole_ends_there():
    body = json.loads(render("geojson", at(90, 0))["incidents.geojson"])
    ring = body["features"][0]["geometry"]["coordinates"][0]
    assert max(lat for _, lat in ring) == 90


def test_geoparquet_says_what_its_geometry_is():
    made = bulletin()
    data = render("geoparquet", made)["incidents.parquet"]
    table_read = pq.read_table(io.BytesIO(data))
    geo = json.loads(table_read.schema.metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0"
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Polygon"])
    shapes = [
        shapely.from_wkb(one) if one else None
        for one in table_read["geometry"].to_pylist()
    ]
    bounds = shapely.total_bounds([one for one in shapes if one]).tolist()
    assert column["bbox"] == bounds
    for row, shape in zip(made.incidents, shapes, strict=True):
        assert (shape is None) == (row.lat_deg is None)
        if shape is not None:
            assert shape.contains(shapely.Point(row.lon_deg, row.lat_deg))


def test_the_json_bulletin_is_the_bytes_its_name_is_made_of():
    made = bulletin()
    data = render("json", made)["bulletin.json"]
    assert made.id == f"bulletin:{hashlib.sha256(data).hexdigest()}"
