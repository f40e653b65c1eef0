"""Video metadata out of MPEG-TS says what the bare packets say."""

import contextlib
import os
import pathlib

import pytest

from tests.collect.deliveries import counts, read, sample
from tests.collect.filmed import klv
from tests.collect.transport import muxed
from trucewatch.errors import SourceError
from trucewatch.plugin import load

LENT = os.environ.get("TRUCEWATCH_DATA")
OPTIONS = sample("klv")[1]["options"]


def packets(count=12):
    return [klv(seconds) for seconds in range(count)]


def content(batch):
    return [(one.row, one.footprint, one.time) for one in batch.acquisitions]


@pytest.mark.parametrize("padding", [0, 3])
def test_packets_in_a_stream_are_read_like_bare_ones(padding):
    bare = read("klv", b"".join(packets()), OPTIONS)
    carried = read("klv", muxed(packets(), padding), OPTIONS)
    assert counts(bare)["acquisitions"] == 12
    assert content(carried) == content(bare)


def test_a_lost_transport_packet_loses_no_other_metadata_packet():
    raw = muxed(packets())
    whole = read("klv", raw, OPTIONS)
    for gone in (2, 7, 12):
        cut = raw[: gone * 188] + raw[(gone + 1) * 188 :]
        found = read("klv", cut, OPTIONS)
        kept = {one.time for one in found.acquisitions}
        assert kept < {one.time for one in whole.acquisitions}
        assert len(kept) >= 10


def test_a_recording_that_begins_amid_a_packet_is_followed():
    raw = muxed(packets())
    found = read("klv", raw + raw[: 188 * 20], OPTIONS)
    assert counts(found)["acquisitions"] >= 12


def test_damaged_streams_lose_nothing_in_silence():
    raw = muxed(packets(4))
    for at in range(0, len(raw), 37):
        damaged = raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :]
        with contextlib.suppress(SourceError):
            found = counts(read("klv", damaged, OPTIONS))
            assert found.pop("rows_read") == sum(found.values())


@pytest.mark.cases
@pytest.mark.skipif(not LENT, reason="TRUCEWATCH_DATA is not set")
def test_the_lent_packets_come_out_of_a_stream_byte_for_byte():
    cut = load("trucewatch.collect.sources", "klv").packets
    for path in sorted((pathlib.Path(LENT) / "klv").glob("*.bin")):
        bare = list(cut(path.read_bytes()))
        assert bare
        assert list(cut(muxed(bare))) == bare
