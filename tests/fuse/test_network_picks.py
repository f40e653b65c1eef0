from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.detect.build import DAY0, day, detection
from tests.fuse.acoustic.scenes import INCIDENTS
from tests.fuse.nodes import PLANE, START_S, tables, where
from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.planar import distance_m
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.fuse.associate import associate
from trucewatch.fuse.law import Heard
from trucewatch.fuse.network_picks import listening
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.fuse.weigh import p_of
from trucewatch.period import Period
from trucewatch.place import Place

pytest.importorskip("numba")
SETTINGS = default_fusion_settings()
TODAY = Period(DAY0, DAY0 + timedelta(days=1))
DAY_NS = 86_400 * 10**9
BEGIN_NS = int(DAY0.timestamp()) * 10**9


def fused(columns, *detections, watched=TODAY, acquisitions=()):
    heard = Heard(tuple(columns), watched)
    return associate(detections, acquisitions, SETTINGS, heard)


def told(incidents):
    return [(i.name, i.place, i.time, i.p_exists, i.acts) for i in incidents]


def test_every_bang_becomes_an_incident_where_and_when_it_was():
    found = fused(tables())
    assert len(found) == len(INCIDENTS)
    for one, (x, y, t, _) in zip(found, INCIDENTS, strict=True):
        lat, lon = where(x, y)
        away = distance_m(
            np.array([[one.place.lon_deg, one.place.lat_deg]]), np.array([[lon, lat]])
        )
        assert away[0] < 30
        assert abs(one.time.begin.timestamp() - START_S - t) < 0.2
        assert one.p_exists > 0.9


def test_one_network_is_one_origin_and_cites_the_rows_it_rests_on():
    nodes, picks = tables()
    for one in fused((nodes, picks)):
        (origin,) = one.contributions
        assert origin.independence == "acoustic:nodes"
        assert len(origin.detections) >= 4
        assert all(d.startswith(f"{picks.table.id}#") for d in origin.detections)
        assert set(origin.detections) <= set(one.derived_from)
        assert one.p_without_strongest == 0


def test_the_odds_are_prior_contributions_and_misses_and_nothing_else():
    lat, lon = where(*INCIDENTS[0][:2])
    report = detection(Place.circle(lat, lon, 1_000.0), day(), "press")
    for one in fused(tables(), report):
        added = sum(c.log10_likelihood_ratio for c in one.contributions)
        log10_odds = one.log10_prior_odds + added + one.log10_miss_ratio
        assert one.p_exists == pytest.approx(p_of(log10_odds), abs=2e-6)


def test_no_pick_is_used_twice():
    cited = [d for i in fused(tables()) for c in i.contributions for d in c.detections]
    assert len(cited) == len(set(cited))


def test_the_order_of_rows_and_tables_never_matters():
    total = 400
    count = tables()[1].table.rows
    order = np.random.default_rng(7).permutation(count)
    assert count < total
    mixed = tables(order=order)
    assert told(fused(tables())) == told(fused(mixed[::-1]))


def test_picks_delivered_twice_count_once():
    once, again = tables(), tables(name="again")
    assert told(fused(once)) == told(fused((*once, *again)))


def test_days_come_out_the_same_whichever_are_watched_beside_them():
    late = tables(start_s=START_S + 86_400, name="tomorrow")
    longer = Period(TODAY.begin - timedelta(days=2), TODAY.end + timedelta(days=1))
    both = fused((*tables(), *late), watched=longer)
    assert len(both) == 2 * len(INCIDENTS)
    assert set(told(fused((*tables(), *late)))) <= set(told(both))


def test_nothing_known_after_the_end_of_the_watch_is_used():
    cut = START_S + 300 - DAY0.timestamp()
    watched = Period(DAY0, DAY0 + timedelta(seconds=cut))
    assert len(fused(tables(), watched=watched)) == 2


def test_a_report_joins_the_bang_and_takes_its_instant():
    lat, lon = where(*INCIDENTS[1][:2])
    report = detection(Place.circle(lat, lon, 500.0), day(), "press", 4.0)
    found = fused(tables(), report)
    joined = [one for one in found if len(one.contributions) == 2]
    assert len(found) == len(INCIDENTS)
    assert {one.independence for one in joined[0].contributions} == {
        "acoustic:nodes",
        "press",
    }
    assert joined[0].time.duration_s < 1


def test_what_a_report_says_was_done_is_not_lent_to_every_bang_it_may_mean():
    """Firing stays possible, so releases keep such incidents in coarse cells."""
    lat, lon = where(*INCIDENTS[0][:2])  # two bangs there, 380 s apart
    report = detection(Place.circle(lat, lon, 500.0), day(), "press", act=Act.SHELLING)
    for one in fused(tables(), report):
        assert Act.FIRING in {share.act for share in one.acts}


def torn(columns, **moved):
    """The table of nodes again, with some of its columns changed."""
    from tests.fuse.nodes import delivery
    from trucewatch.collect.nodes import Nodes

    read = Nodes.from_columns(columns)
    return replace(read, **moved).to_columns(delivery("moved"), "acoustic")


def test_nodes_surveyed_in_two_places_are_not_used():
    nodes, picks = tables()
    from trucewatch.collect.nodes import Nodes

    elsewhere = torn(nodes, lat_deg=Nodes.from_columns(nodes).lat_deg + 0.01)
    assert fused((nodes, elsewhere, picks)) == ()


def test_a_network_on_one_line_or_without_places_says_nothing():
    nodes, picks = tables()
    from trucewatch.collect.nodes import Nodes

    line = torn(nodes, lon_deg=np.full(nodes.table.rows, 37.5))
    lat = Nodes.from_columns(nodes).lat_deg
    line = torn(line, lat_deg=48.0 + np.arange(len(lat)) * 0.01)
    assert fused((line, picks)) == ()
    assert fused((picks,)) == ()


def test_two_networks_are_solved_apart():
    one, other = tables(network="north"), tables(network="south", name="south")
    heard = listening((*one, *other), BEGIN_NS, BEGIN_NS + DAY_NS)
    assert [network.key for network in heard] == ["acoustic:north", "acoustic:south"]
    for incident in fused((*one, *other)):
        assert len(incident.contributions) == 2


def look(sensor, outcome=Outcome.MISS, network="nodes", p_clear=1.0):
    west, south = PLANE.lon_deg - 0.05, PLANE.lat_deg - 0.05
    east, north = west + 0.1, south + 0.1
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Acquisition(
        procedure=f"acoustic/{sensor}",
        footprint=Polygon(ring),
        time=day(),
        outcome=outcome,
        p_clear=p_clear,
        independence=f"acoustic:{network}/{sensor}",
        row="line 2",
    )


def test_the_silence_of_listening_nodes_counts_against_a_report():
    report = detection(Place(*PLANE_AT, 500.0, 500.0), day(3), "press")
    alone = fused((), report)[0]
    looks = [_of(day(3), look(f"n{n}")) for n in range(6)]
    silent = fused((), report, acquisitions=looks)[0]
    one = fused((), report, acquisitions=looks[:1])[0]
    assert one.log10_miss_ratio == 0  # a node by itself places nothing
    assert silent.log10_miss_ratio < 0
    assert silent.p_exists < alone.p_exists


@pytest.mark.parametrize("deaf", [{"outcome": Outcome.FAILURE}, {"p_clear": 0.0}])
def test_nodes_that_could_not_hear_say_nothing(deaf):
    report = detection(Place(*PLANE_AT, 500.0, 500.0), day(3), "press")
    looks = [_of(day(3), look(f"n{n}", **deaf)) for n in range(6)]
    found = fused((), report, acquisitions=looks)
    assert found[0].log10_miss_ratio == 0


def test_nodes_of_a_network_that_heard_it_did_not_miss_it():
    looks = [look(f"S{n:02d}") for n in range(20)]
    assert all(i.log10_miss_ratio == 0 for i in fused(tables(), acquisitions=looks))
    others = [look(f"x{n}", network="other") for n in range(6)]
    assert all(i.log10_miss_ratio < 0 for i in fused(tables(), acquisitions=others))


PLANE_AT = (PLANE.lat_deg, PLANE.lon_deg)


def _of(period, acquisition):
    return replace(acquisition, time=period)


def test_picks_by_clocks_that_never_were_set_place_nothing():
    import pyarrow as pa

    from tests.fuse.nodes import delivery
    from trucewatch.collect.nodes import NodePicks

    nodes, picks = tables()
    read = NodePicks.from_columns(picks)
    free = replace(read, clock=pa.array(["free"] * len(read), pa.string()))
    assert fused((nodes, free.to_columns(delivery("free"), "acoustic"))) == ()


SALVO = [(8_010.0 + 12 * k, 6_020.0 - 9 * k, 60.0 + 11 * k, 108.0) for k in range(6)]


def test_the_rounds_of_one_attack_are_one_incident_that_counts_them():
    (one,) = fused(tables(SALVO))
    assert (one.units_low, one.units_best, one.units_high) == (6, 6, 6)
    assert one.time.begin.timestamp() == pytest.approx(START_S + 60, abs=0.2)
    assert one.time.end.timestamp() == pytest.approx(START_S + 115, abs=0.2)
    (origin,) = one.contributions
    assert len(origin.detections) >= 6 * 4
    lat, lon = where(*SALVO[2][:2])
    spot = np.array([[one.place.lon_deg, one.place.lat_deg]])
    assert distance_m(spot, np.array([[lon, lat]]))[0] < 60


def test_a_report_of_the_attack_joins_all_its_rounds():
    lat, lon = where(*SALVO[0][:2])
    report = detection(Place.circle(lat, lon, 500.0), day(), "press", 4.0)
    (one,) = fused(tables(SALVO), report)
    assert len(one.contributions) == 2
    assert one.time.duration_s == pytest.approx(55, abs=1)


def test_an_attack_across_midnight_is_one_incident():
    late_s = DAY0.timestamp() + 86_400 - 88
    longer = Period(DAY0, DAY0 + timedelta(days=2))
    (one,) = fused(tables(SALVO, start_s=late_s), watched=longer)
    assert one.units_best == 6


def test_what_is_known_at_the_cut_off_helps_but_makes_no_later_incident():
    late = tables(SALVO, start_s=DAY0.timestamp() + 86_400 - 88)
    heard = Heard(tuple(late), TODAY, TODAY.end + timedelta(hours=12))
    (today,) = associate((), (), SETTINGS, heard)
    assert today.units_best == 3
    assert today.time.end <= TODAY.end + timedelta(seconds=1)
