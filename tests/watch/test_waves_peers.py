"""What is written down live is what ObsPy's own clients get of the same servers."""

import io
from contextlib import ExitStack

import numpy as np
import pytest

from tests.watch.test_waves import (
    BEGIN_S,
    STATIONS,
    FakeSeedLink,
    FakeService,
    records,
)
from trucewatch.watch.cli import code


@pytest.fixture
def asked_of(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ExitStack() as open_now:

        def make(**answers):
            made = FakeService(**answers)
            open_now.callback(made.server.server_close)
            open_now.callback(made.server.shutdown)
            return made

        yield make


class Enough(Exception):
    """All records came."""


def same(one, other):
    """Whether two streams hold the same channels, times and samples."""
    one, other = (stream.copy().merge(method=-1).sort() for stream in (one, other))
    return len(one) == len(other) > 0 and all(
        a.id == b.id
        and a.stats.starttime.ns == b.stats.starttime.ns
        and np.array_equal(a.data, b.data)
        for a, b in zip(one, other, strict=True)
    )


def written(folder):
    import obspy

    raw = b"".join(path.read_bytes() for path in sorted(folder.glob("*.mseed")))
    return obspy.read(io.BytesIO(raw))


def test_the_seedlink_client_of_obspy_gets_what_was_written_down(tmp_path):
    from obspy import Stream, UTCDateTime
    from obspy.clients.seedlink.easyseedlink import EasySeedLinkClient

    sent = records()
    listened = FakeSeedLink(list(enumerate(sent, 1)))
    address = f"seedlink://127.0.0.1:{listened.port}/XX_TST1:BDF"
    asked = ["listen", address, "--out", str(tmp_path), "--for-s", "60"]
    assert code([*asked, "--most", str(len(sent))]) == 0
    got = Stream()

    class Client(EasySeedLinkClient):
        def on_data(self, trace):
            got.append(trace)
            if trace.stats.endtime >= UTCDateTime(BEGIN_S + 59.9):
                raise Enough

    theirs = FakeSeedLink(list(enumerate(sent, 1)))
    client = Client(f"127.0.0.1:{theirs.port}", autoconnect=False)
    client.conn.timeout = 60
    client.conn.add_stream("XX", "TST1", "BDF", -1, None)
    with pytest.raises(Enough):
        client.run()
    client.conn.socket.close()
    assert same(got, written(tmp_path))
    # Both say hello, name the station and the channel, and ask for data.
    assert [line.split()[0] for line in listened.asked[-5:]] == [
        line.split()[0] for line in theirs.asked[-5:]
    ]


def test_the_fdsn_client_of_obspy_gets_what_was_written_down(tmp_path, asked_of):
    from obspy import UTCDateTime
    from obspy.clients.fdsn import Client

    sent = b"".join(records(1_770_000_000, length_s=30))
    nothing = [(204, b"")] * 20
    ours = asked_of(station=[(200, STATIONS)], dataselect=[(200, sent), *nothing])
    address = f"fdsn://127.0.0.1:{ours.port}/XX_TST1:BDF"
    asked = ["listen", address, "--out", str(tmp_path), "--since", "2026-01-01"]
    assert code([*asked, "--for-s", "0.2"]) == 0
    theirs = asked_of(station=[(200, STATIONS)], dataselect=[(200, sent)])
    client = Client(f"http://127.0.0.1:{theirs.port}", _discover_services=False)
    began, ended = UTCDateTime(2026, 1, 1), UTCDateTime(2026, 12, 31)
    got = client.get_waveforms("XX", "TST1", "", "BDF", began, ended)
    assert same(got, written(tmp_path))
    places = client.get_stations(
        network="XX", station="TST1", channel="BDF", level="channel"
    )
    assert places[0][0][0].latitude == pytest.approx(48.0)
    assert (tmp_path / "stations.xml").read_bytes() == STATIONS
    paths = [{path for path, _ in one.asked} for one in (ours, theirs)]
    assert paths[0] == paths[1]
    # The standard lets net and network, sta and station, mean the same.
    long = {"net": "network", "sta": "station", "cha": "channel", "loc": "location"}
    for path, query in ours.asked[:2]:
        (peer,) = (other for name, other in theirs.asked if name == path)
        mine = {long.get(name, name): value for name, value in query.items()}
        assert {n: mine[n] for n in ("network", "station", "channel")} == {
            n: peer[n] for n in ("network", "station", "channel")
        }
        if "starttime" in mine:
            assert UTCDateTime(mine["starttime"][0]) == UTCDateTime(
                peer["starttime"][0]
            )
