"""Prose becomes incidents: with a gazetteer, its places are resolved in a mission."""

import json

import pytest

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Observation
from trucewatch.detect.detection import Channel, Detection
from trucewatch.fuse.incident import Incident
from trucewatch.place import Place, Unlocated
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import bundled

GAZETTEER = """\
geonameid,name,latitude,longitude,population,admin1code,alternatenames,radius_m
1,Torske,48.97,37.94,1500,05,Торське|Торское,
2,Lyman,48.99,37.80,20000,05,Лиман|Лиман,
3,Vovcha,49.50,37.10,800,07,Вовча|Волчья,900
4,Broken,here,37.10,800,07,,
"""
MINISTRY = "Минобороны России"
POSTS = f"""\
time,text
2025-04-20 10:15:00,"Росія обстріляла будинки у Торському, повідомили в ЗСУ."
2025-04-20 10:40:00,"Около 09.30 ВСУ обстреляли село Волчья, заявило {MINISTRY}."
2025-04-20 11:05:00,Окупанти обстріляли село Вовча: поранено двох людей.
2025-04-20 11:30:00,"Украинские войска обстреляли дома в Торском на Лиманском \
направлении, сообщило {MINISTRY}."
"""
MISSION = """\
mission: prose
title: Prose on invented facts
agreement: {agreement}
days: {{first: 2025-04-20, last: 2025-04-20}}
zone: Europe/Kyiv
procedures: [media]
detectors: [reports, allegations]
deliveries:
  - {{source: posts, files: posts.csv, options: {{zone: Europe/Kyiv, feed: press}}}}
{more}
bulletins:
  - {{stage: R, releases: [cell], days: all, formats: [json]}}
"""
NAMED = "  - {source: gazetteers, files: gazetteer.csv}"


def mission(folder, more=NAMED, gazetteer=GAZETTEER):
    agreement = bundled("easter2025").parents[1] / "agreements" / "easter2025.yaml"
    folder.mkdir(parents=True)
    (folder / "posts.csv").write_text(POSTS, "utf-8")
    (folder / "gazetteer.csv").write_text(gazetteer, "utf-8")
    path = folder / "mission.yaml"
    path.write_text(MISSION.format(agreement=agreement, more=more), "utf-8")
    return path


def ran(folder, left=0, **how):
    path = mission(folder / "mission", **how)
    assert code(["run", str(path), "--out", str(folder / "out")]) == left
    return folder / "out"


@pytest.fixture(scope="module")
def out(tmp_path_factory, keys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        return ran(tmp_path_factory.mktemp("prose"))


def held(out, kind):
    with view(out / "ledger", KINDS) as ledger:
        return ledger.records(kind)


def test_places_of_prose_become_detections_of_parties_and_of_media(out):
    found = {(d.channel, d.claimed_by, d.against) for d in held(out, Detection)}
    assert (Channel.PARTY, "UA", "RU") in found
    assert (Channel.PARTY, "RU", "UA") in found
    assert (Channel.MEDIA, "", "") in found


def test_the_gazetteers_own_radius_is_the_ellipse_of_the_place(out):
    radii = {
        round(one.place.semi_major_m)
        for one in held(out, Detection)
        if isinstance(one.place, Place)
    }
    assert radii == {900, 3_000}  # Vovcha as told, Torske by its population


def test_a_settlement_on_an_axis_is_the_settlement(out):
    near = [one for one in held(out, Detection) if one.claimed_by == "RU"]
    assert all(one.place.semi_major_m < 5_000 for one in near)


def test_parties_who_accuse_each_other_of_one_place_meet_in_one_incident(out):
    both = [
        one
        for one in held(out, Incident)
        if {c.claimed_by for c in one.contributions} == {"UA", "RU"}
    ]
    assert len(both) == 1
    printed = json.loads(
        (out / "bulletins/2025-04-20/R-cell-en/bulletin.json").read_text()
    )
    row = next(i for i in printed["incidents"] if i["name"] == both[0].name)
    assert {f["grade"] for f in row["findings"]} == {"Contested"}


def test_words_without_an_hour_speak_of_the_hours_before_the_print(out):
    told = {d.claimed_by: d for d in held(out, Detection) if d.made_known}
    assert told["UA"].time.end == told["UA"].made_known
    assert 3_600 < told["UA"].time.duration_s < 12 * 3_600


def test_the_delivery_cites_the_gazetteer_it_was_read_with(out):
    by_source = {one.source: one for one in held(out, Delivery)}
    assert by_source["posts"].derived_from == (by_source["gazetteers"].id,)


def test_a_bad_row_of_the_gazetteer_is_kept_and_the_others_serve(out, capsys):
    capsys.readouterr()
    assert code(["rejects", str(out)]) == 0
    assert "latitude is 'here'" in capsys.readouterr().out


def test_the_ledger_verifies_and_the_bulletin_replays(out, capsys):
    assert code(["verify", str(out / "ledger")]) == 0
    assert code(["replay", str(out), "--bulletin", _bulletin(out)]) == 0
    assert "byte for byte" in capsys.readouterr().out


def _bulletin(out):
    from trucewatch.share.bulletin import Bulletin

    return held(out, Bulletin)[0].id


def test_without_a_gazetteer_settlements_stay_open(tmp_path):
    out = ran(tmp_path, more="")
    places = [one.place for one in held(out, Observation)]
    assert places
    assert all(place == Unlocated() for place in places)


def test_another_gazetteer_makes_another_delivery(tmp_path, out):
    other = ran(tmp_path, gazetteer=GAZETTEER.replace("900", "950"))
    ids = [
        next(d.id for d in held(one, Delivery) if d.source == "posts")
        for one in (out, other)
    ]
    assert ids[0] != ids[1]


def test_the_order_of_deliveries_in_the_mission_never_matters(tmp_path, out):
    path = mission(tmp_path / "mission")
    text = path.read_text("utf-8")
    lines = text.splitlines()
    at = lines.index("deliveries:") + 1
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert code(["run", str(path), "--out", str(tmp_path / "out")]) == 0
    same = [
        sorted(i.id for i in held(one, Incident)) for one in (out, tmp_path / "out")
    ]
    assert same[0] == same[1]


def test_a_gazetteer_nobody_can_read_is_rejected_and_prose_is_read_without(tmp_path):
    out = ran(tmp_path, left=2, gazetteer="nothing\n1\n")
    assert held(out, Observation)
    assert not held(out, Detection)
