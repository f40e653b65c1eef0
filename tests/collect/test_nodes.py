"""Acoustic nodes: every form says the same, seals hold, silence needs a heartbeat."""

import json
from base64 import b64encode
from datetime import datetime

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import counts, read, sample
from trucewatch.collect.listening import Stretch, stretches
from trucewatch.collect.messages import signed_bytes
from trucewatch.collect.nodes import (
    HEARTBEATS,
    NODES,
    OUTAGES,
    PICKS,
    STILL_NS,
    Heartbeats,
    NodeOutages,
    NodePicks,
    Nodes,
)
from trucewatch.collect.observation import Outcome
from trucewatch.errors import SourceError

KINDS = {PICKS: NodePicks, NODES: Nodes, OUTAGES: NodeOutages, HEARTBEATS: Heartbeats}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = b64encode(KEY.public_key().public_bytes_raw()).decode()
PICK = {"kind": "pick", "pick_id": "1", "sensor_id": "a", "time": "2031-05-01T10:00Z"}


def tables(batch):
    return {
        one.table.schema: KINDS[one.table.schema].from_columns(one)
        for one in batch.tables
    }


def lines(*messages):
    return "\n".join(json.dumps(one) for one in messages)


def signed(message):
    seal = b64encode(KEY.sign(signed_bytes(message))).decode()
    return {**message, "signature": seal}


def at(text):
    return datetime.fromisoformat(text)


def seen():
    raw, expected = sample("acoustic_nodes")
    return read("acoustic_nodes", raw, expected["options"])


def test_the_sample_gives_picks_with_their_errors_clocks_and_seals():
    picks = tables(seen())[PICKS]
    assert picks.sensor_id.to_pylist() == ["n1", "n2"]
    assert picks.pick_id.to_pylist() == ["n1-1", "n2-1"]
    assert picks.time_ns.tolist() == [1935396077123456000, 1935396078250000000]
    assert picks.onset_sd_s[0] == 0.004
    assert np.isnan(picks.onset_sd_s[1])
    assert picks.clock.to_pylist() == ["locked", "unknown"]
    assert picks.seal.to_pylist() == ["signed", "unsigned"]
    assert set(picks.independence.to_pylist()) == {"acoustic:nodes"}
    assert picks.row.to_pylist() == ["line 5", "line 6"]


def test_looks_join_heartbeats_and_are_cut_by_outages_and_lost_clocks():
    looks = {}
    for one in seen().acquisitions:
        looks.setdefault(one.procedure, []).append(one)
    (first,) = looks["acoustic/n1"]
    assert (first.time.begin, first.time.end) == (
        at("2031-05-01T10:00:00Z"),
        at("2031-05-01T10:02:00.5Z"),
    )
    assert first.p_clear == pytest.approx((60 + 57) / 120.5, abs=1e-6)
    assert first.row == "line 3 to line 4"
    assert [one.outcome for one in looks["acoustic/n2"]] == [
        Outcome.MISS,
        Outcome.FAILURE,
        Outcome.MISS,
    ]
    (blind,) = looks["acoustic/n3"]
    assert blind.outcome is Outcome.FAILURE
    assert blind.p_clear == 0


def test_csv_in_the_form_of_associate_gives_the_same_picks_as_json():
    head = "pick_id,sensor_id,time,level_db\n"
    table = head + "1,a,2031-05-01T10:00:00.5Z,99\n2,b,2031-05-01T10:00:01Z,\n"
    told = [
        {
            "pick_id": "1",
            "sensor_id": "a",
            "time": "2031-05-01T10:00:00.5Z",
            "level_db": 99,
        },
        {"pick_id": "2", "sensor_id": "b", "time_s": 1935396001},
    ]
    first, second, third = (
        tables(read("acoustic_nodes", raw))[PICKS]
        for raw in (table, lines(*told), json.dumps(told))
    )
    for other in (second, third):
        assert first.pick_id == other.pick_id
        assert first.time_ns.tolist() == other.time_ns.tolist()
        assert first.level_db[0] == other.level_db[0] == 99


def test_tables_of_sensors_and_status_are_read_as_associate_reads_them():
    nodes = read("acoustic_nodes", "sensor_id,lat,lon,noise_db\na,10,20,60\nb,0,0,\n")
    assert tables(nodes)[NODES].noise_db.tolist() == [60.0]
    assert [one.why for one in nodes.rejections] == ["0, 0 is a missing place"]
    head, ten, eleven = "sensor_id,down,up\n", "2031-05-01T10:00Z", "2031-05-01T11:00Z"
    outages = read("acoustic_nodes", f"{head}a,{ten},\na,{eleven},{ten}\n")
    assert tables(outages)[OUTAGES].up_ns.tolist() == [STILL_NS]
    assert "ends before" in outages.rejections[0].why


def test_nodes_on_a_plane_have_no_place_in_a_mission():
    batch = read("acoustic_nodes", "sensor_id,x_m,y_m\na,1,2\n")
    assert "no place on Earth" in batch.rejections[0].why


def test_no_heartbeat_no_look():
    told = lines({"sensor_id": "a", "lat": 10, "lon": 20}, PICK)
    assert read("acoustic_nodes", told).acquisitions == ()
    beat = {"kind": "heartbeat", "sensor_id": "a", "time": "2031-05-01T10:00Z"}
    assert read("acoustic_nodes", lines(beat)).acquisitions == ()
    placed = lines({**beat, "lat": 10, "lon": 20})
    (look,) = read("acoustic_nodes", placed, {"beat_s": "30"}).acquisitions
    assert look.time.duration_s == 30


def test_an_outage_without_an_end_lasts_to_the_last_time_told():
    told = lines(
        {"sensor_id": "a", "lat": 10, "lon": 20},
        {"sensor_id": "a", "down": "2031-05-01T10:00:30Z"},
        {"kind": "heartbeat", "sensor_id": "a", "time": "2031-05-01T10:01Z"},
    )
    first, second = read("acoustic_nodes", told).acquisitions
    assert (first.time.duration_s, first.outcome) == (30, Outcome.MISS)
    assert (second.time.duration_s, second.outcome) == (30, Outcome.FAILURE)


@pytest.mark.parametrize("field", ["time", "level_db", "sensor_id", "pick_id"])
def test_a_signed_message_that_was_changed_is_rejected(field):
    message = signed({**PICK, "level_db": 90})
    good = read("acoustic_nodes", lines(message), {"key.a": PUBLIC})
    assert tables(good)[PICKS].seal.to_pylist() == ["signed"]
    changed = {
        "time": "2031-05-01T10:01Z",
        "level_db": 91,
        "sensor_id": "b",
        "pick_id": "2",
    }
    forged = {**message, field: changed[field]}
    keys = {"key.a": PUBLIC, "key.b": PUBLIC}
    batch = read("acoustic_nodes", lines(forged), keys)
    assert counts(batch)["table_rows"] == 0
    assert "signature is not of the key" in batch.rejections[0].why


def test_a_signature_is_marked_unknown_without_a_key_and_asked_for_by_option():
    told = lines(PICK, signed({**PICK, "pick_id": "2"}))
    assert tables(read("acoustic_nodes", told))[PICKS].seal.to_pylist() == [
        "unsigned",
        "unknown_key",
    ]
    strict = read("acoustic_nodes", told, {"signed": "yes"})
    assert ["is not signed" in strict.rejections[0].why, len(strict.tables)] == [
        True,
        0,
    ]
    with pytest.raises(SourceError, match="cannot be signed"):
        read("acoustic_nodes", "pick_id,sensor_id,time\n", {"signed": "yes"})


def test_a_key_that_is_none_is_refused():
    with pytest.raises(SourceError, match="32 bytes"):
        read("acoustic_nodes", lines(PICK), {"key.a": "AAAA"})


def test_a_table_of_nothing_known_is_refused_with_what_would_be():
    with pytest.raises(SourceError, match="pick_id"):
        read("acoustic_nodes", "sensor_id,colour\na,red\n")


def test_damaged_columns_are_noticed():
    (one, *_) = seen().tables
    with pytest.raises(ValueError, match="expected a table"):
        KINDS[PICKS if one.table.schema != PICKS else NODES].from_columns(one)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False),
    st.text(max_size=6),
    st.sampled_from(["2031-05-01T10:00Z", "locked", "a", "pick", "node", "\ud800", {}]),
)
FIELDS = st.sampled_from([
    *("kind", "pick_id", "sensor_id", "time", "time_s", "lat", "lon", "down", "up"),
    *("begin", "end", "clock", "level_db", "signature", "topic", "payload", "x_m"),
])


@given(st.lists(st.dictionaries(FIELDS, VALUES, max_size=8), max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_messages_lose_nothing(told):
    for raw in (lines(*told), json.dumps(told)):
        try:
            found = counts(read("acoustic_nodes", raw, {"key.a": PUBLIC}))
        except SourceError:
            continue
        assert found.pop("rows_read") == sum(found.values()) == len(told)


SPANS = st.tuples(st.integers(0, 50), st.integers(1, 20), st.booleans())


@given(st.lists(SPANS, max_size=10))
def test_stretches_never_overlap_and_keep_every_instant_told(spans):
    told = [
        Stretch(a, a + long, 0.0 if bad else 1.0, bad, "x", "x")
        for a, long, bad in spans
    ]
    made = stretches(told, 0.0)
    covered = [t for one in made for t in range(one.begin_ns, one.end_ns)]
    assert sorted(set(covered)) == covered
    wanted = {t for one in told for t in range(one.begin_ns, one.end_ns)}
    assert set(covered) == wanted
    bad = {t for one in told if one.failed for t in range(one.begin_ns, one.end_ns)}
    assert {t for o in made if o.failed for t in range(o.begin_ns, o.end_ns)} == bad
