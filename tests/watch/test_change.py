"""The change command, from pictures on disk, in a store or a catalogue to a mission."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
import rasterio

from tests.collect.deliveries import read
from tests.radar import SINCE, TOWN, damaged, geotiffs, pictures
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.watch.change import Wish, change, map_tiles
from trucewatch.watch.change_places import squares
from trucewatch.watch.change_run import Asked, run
from trucewatch.watch.cli import code
from trucewatch.watch.pictures import listed

SETTINGS = ChangeSettings(looks_ratio=4.0, tile=40, probes=300)


def asked(files, out, **more):
    given = {"footprints": files / "houses.geojson", **more}
    return Asked(str(files / "scenes.csv"), SINCE, out, **given)


def made(folder):
    return [(folder / n).read_bytes() for n in ("changes.geojson", "change.tif")]


def test_the_command_finds_the_houses_that_fell(files, tmp_path, capsys):
    given = ["change", str(files / "scenes.csv"), "--since", "2031-05-01"]
    given += ["--footprints", str(files / "houses.geojson"), "--looks", "4"]
    assert code([*given, "--out", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pictures"], told["folded"]) == (44, 44)
    found = json.loads((tmp_path / "changes.geojson").read_text())["features"]
    truth = {f"house-{at + 1}" for at in np.flatnonzero(damaged(TOWN))}
    called = {
        one["properties"]["id"]
        for one in found[1:]
        if one["properties"]["log10_likelihood_ratio"] >= 1
    }
    assert len(called & truth) > 0.6 * len(truth)
    assert len(called - truth) < 0.1 * (len(damaged(TOWN)) - len(truth))


def test_what_the_command_writes_a_mission_reads(files, tmp_path):
    run(asked(files, tmp_path), SETTINGS)
    raw = (tmp_path / "changes.geojson").read_bytes()
    batch = read("sar_changes", raw)
    assert not batch.rejections
    (look,) = batch.acquisitions
    assert look.procedure == "sar/sentinel-1"
    assert look.time.end > look.time.begin
    times = {one.phenomenon_time.begin for one in batch.observations}
    assert min(times) >= look.time.begin
    assert len(batch.observations) == len(json.loads(raw)["features"]) - 1


def test_the_map_has_the_pictures_grid_and_marks_the_fallen(files, tmp_path):
    run(asked(files, tmp_path), SETTINGS)
    with rasterio.open(tmp_path / "change.tif") as found:
        assert (found.height, found.width, found.crs.to_epsg()) == (96, 96, 32637)
        assert found.descriptions == ("signed score", "log10 likelihood ratio")
        signed, ratio = found.read()
    labels = TOWN.houses()
    fell = np.append(False, damaged(TOWN))[labels]
    quiet = np.nanmedian(np.abs(signed[labels == 0]))
    assert np.median(np.abs(signed[fell])) > 2 * quiet
    assert np.isnan(signed).sum() < 0.01 * signed.size  # corners of the grid only
    assert np.median(ratio[fell]) > np.median(ratio[(labels > 0) & ~fell])


def early(files, until):
    lines = (files / "scenes.csv").read_text().splitlines()
    kept = [line for line in lines[1:] if line.split(",")[1] < until]
    path = files / f"until-{until}.csv"
    path.write_text("\n".join([lines[0], *kept]) + "\n")
    return path


def test_a_later_picture_is_folded_in_without_reading_an_earlier_one(files, tmp_path):
    whole, parts, state = tmp_path / "whole", tmp_path / "parts", tmp_path / "state"
    run(asked(files, whole), SETTINGS)
    few = replace(
        asked(files, parts, state=state), stack=str(early(files, "2031-05-20"))
    )
    first = run(few, SETTINGS)
    second = run(asked(files, parts, state=state), SETTINGS)
    assert first["folded"] + second["folded"] == second["pictures"] == 44
    assert made(whole) == made(parts)
    assert run(asked(files, parts, state=state), SETTINGS)["folded"] == 0
    assert made(whole) == made(parts)


class Refusing:
    """A stack that gives each picture once."""

    def __init__(self, stack, names):
        self.stack, self.names = stack, names
        self.grid, self.scenes = stack.grid, stack.scenes

    def read(self, scene, window, every=1):
        assert scene.name not in self.names, f"{scene.name} was read again"
        return self.stack.read(scene, window, every)


def test_known_pictures_are_not_opened_again(files, tmp_path):
    some = listed(early(files, "2031-05-20"), "power")
    places = squares(some.grid, 5)
    change(Wish(some, places, SINCE, SETTINGS), tmp_path, None)
    names = {one.name for one in some.scenes}
    every = Refusing(listed(files / "scenes.csv", "power"), names)
    found = change(Wish(every, places, SINCE, SETTINGS), tmp_path, None)
    assert found.folded == len(every.scenes) - len(names) > 0


def test_a_later_date_makes_the_pictures_so_far_background(files, tmp_path):
    later = datetime.fromisoformat("2031-05-20T00:00+00:00")
    some = listed(early(files, "2031-05-20"), "power")
    every = listed(files / "scenes.csv", "power")
    places = squares(some.grid, 5)
    change(Wish(some, places, SINCE, SETTINGS), tmp_path / "a", None)
    moved = change(Wish(every, places, later, SETTINGS), tmp_path / "a", None)
    anew = change(Wish(every, places, later, SETTINGS), tmp_path / "b", None)
    pairs = zip(map_tiles(moved, None), map_tiles(anew, None), strict=True)
    for (_, one), (_, other) in pairs:
        assert np.allclose(one, other, atol=2e-3, equal_nan=True)


def test_a_date_among_known_pictures_is_refused(files, tmp_path):
    run(asked(files, tmp_path / "o", state=tmp_path / "s"), SETTINGS)
    among = datetime.fromisoformat("2031-05-10T00:00+00:00")
    wish = replace(asked(files, tmp_path / "o", state=tmp_path / "s"), since=among)
    with pytest.raises(Exception, match="name another --state"):
        run(wish, SETTINGS)


@pytest.mark.parametrize("tile", [17, 40, 200])
def test_the_size_of_tiles_and_who_works_them_do_not_matter(files, tmp_path, tile):
    stack = listed(files / "scenes.csv", "power")
    places = squares(stack.grid, 5)
    wishes = [
        Wish(stack, places, SINCE, replace(SETTINGS, tile=side)) for side in (64, tile)
    ]
    alone = change(wishes[0], tmp_path / "a", None)
    with ThreadPoolExecutor(2) as executor:
        shared = change(wishes[1], tmp_path / "b", executor)
    # Sums over tiles are in another order: the last bits of a square may differ.
    assert np.allclose(
        alone.places.score, shared.places.score, atol=1e-3, equal_nan=True
    )


def test_a_killed_update_leaves_the_state_whole(files, tmp_path):
    state = tmp_path / "s"
    few = replace(
        asked(files, tmp_path / "o", state=state), stack=str(early(files, "2031-05-20"))
    )
    run(few, SETTINGS)
    before = (state / "state.json").read_bytes()
    (state / "g2").mkdir()
    (state / "g2/tile-0-0.npz").write_bytes(b"half a tile")
    assert run(few, SETTINGS)["folded"] == 0
    assert (state / "state.json").read_bytes() == before
    assert run(asked(files, tmp_path / "o", state=state), SETTINGS)["folded"] > 0


def test_a_state_of_other_places_is_refused(files, tmp_path):
    run(asked(files, tmp_path / "o", state=tmp_path / "s"), SETTINGS)
    with pytest.raises(Exception, match="made for other places"):
        run(
            asked(files, tmp_path / "o", state=tmp_path / "s", footprints=None),
            SETTINGS,
        )


def test_bad_input_is_two_and_one_message(files, tmp_path, capsys):
    def refused(*more, table="scenes.csv"):
        given = ["change", str(files / table), "--since", "2031-05-01"]
        assert code([*given, "--out", str(tmp_path / "o"), *more]) == 2
        return capsys.readouterr().err

    assert "does not exist" in refused(table="none.csv")
    assert "--scale must be one of" in refused("--scale", "louder")
    assert "--fdr must lie" in refused("--fdr", "2")
    (files / "bad.csv").write_text("file,when\na.tif,now\n")
    assert "columns file, time, orbit" in refused(table="bad.csv")
    (files / "bad.csv").write_text("file,time,orbit,polarisation\nno.tif,now,1,vv\n")
    assert "line 2" in refused(table="bad.csv")
    (files / "bad.csv").write_text(
        "file,time,orbit,polarisation\nno.tif,2031-01-01,1,vv\n"
    )
    assert "no.tif cannot be read" in refused(table="bad.csv")
    lines = (files / "scenes.csv").read_text().splitlines()
    (files / "bad.csv").write_text("\n".join([*lines, lines[1]]))
    assert "is there twice" in refused(table="bad.csv")
    (files / "bad.csv").write_text("\n".join(lines[:9]))
    assert "no band has 4 pictures" in refused(table="bad.csv")
    (tmp_path / "far.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}"
    )
    assert "lies on the pictures" in refused(
        "--footprints", str(tmp_path / "far.geojson")
    )


def test_pictures_of_other_grids_are_refused(tmp_path):
    geotiffs(replace(TOWN, before=1, after=1, size=20), tmp_path)
    lines = (tmp_path / "scenes.csv").read_text()
    other = next(iter(pictures(replace(TOWN, size=24, before=1, after=1))))
    (tmp_path / "b").mkdir()
    geotiffs(TOWN, tmp_path / "b", [other])
    name = f"b/{other[0]}-{other[1]}-{other[2]:%Y%m%d}.tif"
    (tmp_path / "scenes.csv").write_text(lines + f"{name},2030-01-01,14,vv\n")
    with pytest.raises(Exception, match="another grid"):
        listed(tmp_path / "scenes.csv", "power")
