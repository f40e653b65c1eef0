"""What people see of an agreement: text, page, map, and the commands."""

import json
import re
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from tests.agreement.samples import SOUND, spoiled, written
from trucewatch.agreement.chart import chart
from trucewatch.agreement.page import page
from trucewatch.agreement.read import read_agreement
from trucewatch.plugin import load

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def command():
    app = load("trucewatch.watch.commands", "agreement").app
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def drawn(versions):
    return ElementTree.fromstring(chart(versions[-1]))


def classes(svg, tag):
    return [one.get("class") for one in svg.iter(f"{SVG}{tag}")]


def test_the_map_shows_lines_zones_sites_and_nothing_else(tmp_path):
    svg = drawn(read_agreement(written(tmp_path)))
    paths = classes(svg, "path")
    assert paths.count("zone") == 3
    assert (paths.count("line"), paths.count("band")) == (1, 1)
    assert classes(svg, "circle") == ["site"]
    assert set(paths) == {"grid", "zone", "line", "band", "scale"}


def test_north_is_up_and_the_left_side_of_an_eastward_line_is_north(tmp_path):
    svg = drawn(read_agreement(written(tmp_path)))
    heights = {
        text.text: float(text.get("y"))
        for text in svg.iter(f"{SVG}text")
        if text.get("class") == "side"
    }
    assert heights["NORTH"] < heights["SOUTH"]


def test_the_scale_bar_is_as_long_as_it_says(tmp_path):
    svg = drawn(read_agreement(written(tmp_path)))
    (bar,) = (p for p in svg.iter(f"{SVG}path") if p.get("class") == "scale")
    (label,) = (t for t in svg.iter(f"{SVG}text") if t.get("class") == "scale")
    width_px = float(re.search(r"h([\d.]+)", bar.get("d"))[1])
    length_m = float(label.text.removesuffix(" km")) * 1000
    (line,) = (p for p in svg.iter(f"{SVG}path") if p.get("class") == "line")
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", line.get("d"))]
    per_px_m = length_m / width_px
    # 2 degrees along 15 N, by the circumference of that parallel on WGS 84.
    assert (max(xs) - min(xs)) * per_px_m == pytest.approx(215_100, rel=0.01)


def test_an_agreement_without_shapes_has_no_map(tmp_path):
    text = SOUND[: SOUND.index("lines:")] + SOUND[SOUND.index("clauses:") :]
    text = text.replace("where: [strip, land]\n    sites: water", "where: everywhere")
    versions = read_agreement(written(tmp_path, text))
    assert chart(versions[-1]) == ""
    assert "<svg" not in page(versions)


def test_a_shape_across_the_antimeridian_is_drawn_in_one_piece(tmp_path):
    text = (
        spoiled("west_deg: 40, east_deg: 60", "west_deg: 170, east_deg: -170")
        .replace("[[45, 15], [46, 15.2], [47, 15]]", "[[178, 15], [182, 15]]")
        .replace("[[45, 14], [45.2, 14], [45.2, 14.2], [45, 14.2], [45, 14]]",
                 "[[179, 14], [181, 14], [181, 14.5], [179, 14.5], [179, 14]]")
        .replace("lon_deg: 46", "lon_deg: 180")
    )  # fmt: skip
    svg = drawn(read_agreement(written(tmp_path, text)))
    (line,) = (p for p in svg.iter(f"{SVG}path") if p.get("class") == "line")
    xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", line.get("d"))]
    assert all(abs(b - a) < 50 for a, b in zip(xs, xs[1:], strict=False))


def test_the_page_says_every_clause_reading_and_source(tmp_path):
    html = page(read_agreement(written(tmp_path)))
    for words in ("Nobody strikes the dam.", "As signed", "article 2", "in January"):
        assert words in html
    assert "some time on 1 January 2030 (Europe/Kyiv)" in html


def test_the_page_loads_nothing_and_runs_nothing(tmp_path):
    html = page(read_agreement(written(tmp_path)))
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|img|link|iframe|object)", html)
    assert not re.search(r"\b(src|srcset)=|url\(", html)


def test_words_of_the_file_cannot_become_markup(tmp_path):
    evil = "'<script>alert(1)</script>'"
    text = SOUND.replace("The dam", evil).replace("The river", evil)
    html = page(read_agreement(written(tmp_path, text.replace("article 2", evil))))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_an_address_that_is_no_web_address_is_no_link(tmp_path):
    text = spoiled("source: article 2", "source: 'javascript:alert(1)'")
    html = page(read_agreement(written(tmp_path, text)))
    assert "javascript:alert(1)" in html
    assert 'href="javascript' not in html


def test_check_says_that_nothing_is_wrong(command, tmp_path):
    result = command("check", written(tmp_path))
    assert (result.exit_code, "nothing is wrong" in result.output) == (0, True)


def test_check_lists_problems_and_exits_2(command, tmp_path):
    path = written(tmp_path, spoiled("stance: accepted", "stance: glad"))
    result = command("check", path)
    assert result.exit_code == 2
    assert "readings/both/stance: `glad` is not known here" in result.output


def test_check_gives_problems_as_json(command, tmp_path):
    path = written(tmp_path, spoiled("stance: accepted", "stance: glad"))
    result = command("check", path, "--json")
    body = json.loads(result.output)
    assert result.exit_code == 2
    assert body["ok"] is False
    assert body["problems"][0]["where"] == "readings/both/stance"


def test_show_prints_text_and_writes_a_page(command, tmp_path):
    path = written(tmp_path)
    text = command("show", path)
    assert text.exit_code == 0
    assert "Nobody strikes the dam." in text.output
    out = tmp_path / "out.html"
    assert command("show", path, "--html", out).exit_code == 0
    assert "<svg" in out.read_text("utf-8")


def test_an_address_is_never_broken_in_the_terminal(command, tmp_path):
    address = "https://example.org/" + "a" * 200
    path = written(tmp_path, spoiled("source: article 2", f"source: {address}"))
    assert address in command("show", path).output


def test_show_refuses_a_bad_file_and_an_unwritable_page(command, tmp_path):
    assert command("show", tmp_path / "absent.yaml").exit_code == 2
    path = written(tmp_path)
    result = command("show", path, "--html", tmp_path)
    assert (result.exit_code, "cannot be written" in result.output) == (2, True)


def test_schema_prints_json(command):
    assert json.loads(command("schema").output)["title"] == "trucewatch agreement"
