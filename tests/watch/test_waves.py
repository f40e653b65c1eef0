"""Records of small servers of our own are written down as sent, and read by the source.

The servers speak SeedLink 3 and the FDSN web services on localhost; nothing else does.
"""

import io
import socket
import threading
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.deliveries import counts, read
from trucewatch.collect.observation import Outcome
from trucewatch.collect.seismology import read_records
from trucewatch.collect.waveforms import Segments
from trucewatch.errors import SourceError
from trucewatch.watch.cli import code
from trucewatch.watch.rolled import Roll, Rolled
from trucewatch.watch.streams import Server, Stream

BEGIN_S = 1_900_000_000  # 2030-03-17 17:46:40 UTC


def records(begin_s=BEGIN_S, station="TST1", length_s=60, suspect=False):
    """Records of 512 bytes; ``suspect`` sets the flag of a doubtful time."""
    from obspy import Trace, UTCDateTime

    draw = np.random.default_rng(begin_s % 1000)
    trace = Trace(draw.integers(-5000, 5000, 20 * length_s).astype(np.int32))
    trace.stats.update({"network": "XX", "station": station, "channel": "BDF"})
    trace.stats.update({"sampling_rate": 20.0, "starttime": UTCDateTime(begin_s)})
    out = io.BytesIO()
    trace.write(out, format="MSEED", reclen=512)
    raw = bytearray(out.getvalue())
    if suspect:
        for at in range(38, len(raw), 512):
            raw[at] |= 128
    return [bytes(raw[at : at + 512]) for at in range(0, len(raw), 512)]


class FakeSeedLink:
    """Answers one client after the other, and sends each what is its turn."""

    def __init__(self, *turns, hello=b"SeedLink v3.1 (test)\r\nhere\r\n", answer=b"OK"):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.turns, self.hello, self.answer, self.asked = turns, hello, answer, []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with self.server:
            for turn in self.turns:
                with self.server.accept()[0] as peer:
                    peer.settimeout(20)
                    self.talk(peer, turn)

    def talk(self, peer, turn):
        for line in iter(lambda: self.line(peer), ""):
            self.asked.append(line)
            if line == "HELLO":
                peer.sendall(self.hello)
            elif line == "END":
                for number, raw in turn:
                    peer.sendall(b"SL%06X" % number + raw)
                if turn is not self.turns[-1]:
                    return
            else:
                peer.sendall(self.answer + b"\r\n")

    @staticmethod
    def line(peer):
        found = b""
        while not found.endswith(b"\r"):
            if not (one := peer.recv(1)):
                return ""
            found += one
        return found[:-1].decode()


def test_records_of_seedlink_are_written_as_sent_and_read_by_the_source(tmp_path):
    sent = records()
    server = FakeSeedLink(list(enumerate(sent, 1)))
    address = f"seedlink://127.0.0.1:{server.port}/XX_TST1:BDF"
    asked = ["listen", address, "--out", str(tmp_path), "--for-s", "30"]
    assert code([*asked, "--most", str(len(sent))]) == 0
    assert server.asked == ["HELLO", "STATION  TST1 XX", "SELECT BDF", "DATA", "END"]
    (path,) = tmp_path.iterdir()
    assert path.name == "XX.TST1.2030-03-17T17.mseed"
    assert path.read_bytes() == b"".join(sent)
    assert counts(read("waveforms", path.read_bytes()))["table_rows"] == 1


def test_after_a_break_the_next_is_asked_for_and_a_gap_stays(tmp_path, capsys):
    first, second = records(), records(BEGIN_S + 90)
    again = [(len(first), first[-1]), *enumerate(second, len(first) + 1)]
    server = FakeSeedLink(list(enumerate(first, 1)), again)
    address = f"seedlink://127.0.0.1:{server.port}/XX_TST1:BDF,XX_TST9:BDF"
    asked = ["listen", address, "--out", str(tmp_path), "--for-s", "30"]
    assert code([*asked, "--most", str(len(first) + len(second))]) == 0
    assert f"DATA {hex(len(first) + 1)}" in server.asked
    said = capsys.readouterr().out
    assert "1 records came again" in said
    assert "asked again 1 times, last because: 127.0.0.1" in said
    assert "nothing came of XX_TST9:BDF" in said
    (path,) = tmp_path.iterdir()
    (columns,) = read("waveforms", path.read_bytes()).tables
    assert sorted(Segments.from_columns(columns).begin_ns // 10**9) == [
        BEGIN_S,
        BEGIN_S + 90,
    ]


def test_a_clock_the_records_doubt_is_doubted_when_they_are_read(tmp_path):
    for suspect, outcome in ((True, Outcome.FAILURE), (False, Outcome.MISS)):
        sent = records(suspect=suspect)
        server = FakeSeedLink(list(enumerate(sent, 1)))
        address = f"seedlink://127.0.0.1:{server.port}/XX_TST1:BDF"
        out = tmp_path / str(suspect)
        asked = ["listen", address, "--out", str(out), "--for-s", "30"]
        assert code([*asked, "--most", str(len(sent))]) == 0
        (path,) = out.iterdir()
        options = {"place.TST": "48.0,33.0"}
        (look,) = read("waveforms", path.read_bytes(), options).acquisitions
        assert look.outcome is outcome


def test_a_record_that_is_none_is_left_out_and_told(tmp_path, capsys):
    sent = [records()[0], b"\0" * 512, records(BEGIN_S + 60)[0]]
    server = FakeSeedLink(list(enumerate(sent, 1)))
    address = f"seedlink://127.0.0.1:{server.port}/XX_TST1:BDF"
    asked = ["listen", address, "--out", str(tmp_path), "--for-s", "30"]
    assert code([*asked, "--most", "2"]) == 0
    assert "1 records could not be read" in capsys.readouterr().out
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == sent[0] + sent[2]


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (lambda: FakeSeedLink([], answer=b"ERROR"), "no stations accepted"),
        (lambda: FakeSeedLink([], hello=b"220 mail ready\r\n"), "HELLO"),
    ],
)
def test_a_server_that_refuses_or_is_another_is_a_clear_error(
    tmp_path, capsys, server, why
):
    port = server().port
    address = f"seedlink://127.0.0.1:{port}/XX_TST1:BDF"
    assert code(["listen", address, "--out", str(tmp_path), "--for-s", "20"]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.parametrize("scheme", ["seedlink", "fdsn"])
def test_a_server_that_is_not_there_is_a_clear_error(tmp_path, capsys, scheme):
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    address = f"{scheme}://127.0.0.1:{free}/XX_TST1:BDF"
    assert code(["listen", address, "--out", str(tmp_path), "--for-s", "5"]) == 2
    assert "refused" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.mseed"))


STATIONS = (
    b'<?xml version="1.0"?><FDSNStationXML schemaVersion="1.1" '
    b'xmlns="http://www.fdsn.org/xml/station/1"><Source>t</Source>'
    b"<Created>2030-01-01T00:00:00Z</Created>"
    b'<Network code="XX"><Station code="TST1"><Latitude>48</Latitude>'
    b"<Longitude>33</Longitude><Elevation>100</Elevation><Site><Name>t</Name></Site>"
    b'<Channel code="BDF" locationCode=""><Latitude>48.0</Latitude>'
    b"<Longitude>33.0</Longitude><Elevation>100</Elevation><Depth>0</Depth></Channel>"
    b"</Station></Network></FDSNStationXML>"
)


class FakeService:
    """Answers each request of a service with the next of its answers."""

    def __init__(self, **answers):
        self.asked = asked = []
        left = {name: list(one) for name, one in answers.items()}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                asked.append((parts.path, parse_qs(parts.query)))
                status, body = left[parts.path.split("/")[2]].pop(0)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        serve = partial(self.server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    made = []

    def make(**answers):
        made.append(FakeService(**answers))
        return made[-1]

    yield make
    for one in made:
        one.server.shutdown()
        one.server.server_close()


def test_records_and_places_of_an_fdsn_service_are_read_by_the_sources(
    tmp_path, service, monkeypatch
):
    monkeypatch.setattr("trucewatch.watch.fdsn.POLL_S", 0.05)
    sent = records(1_770_000_000, length_s=5)
    more = records(1_770_000_000 + 3600, length_s=5)
    rest = [(204, b"")] * 1000
    answers = [(200, sent[0]), (503, b"busy"), (200, sent[0] + more[0]), *rest]
    server = service(station=[(200, STATIONS)], dataselect=answers)
    address = f"fdsn://127.0.0.1:{server.port}/XX_TST1:BDF"
    asked = ["listen", address, "--out", str(tmp_path), "--since", "2026-01-01"]
    assert code([*asked, "--for-s", "1"]) == 0
    (_, first), (path, second), *_ = server.asked
    assert (path, first["level"]) == ("/fdsnws/dataselect/1/query", ["channel"])
    assert second["starttime"] == ["2026-01-01T00:00:00.000000"]
    assert (second["net"], second["sta"]) == (["XX"], ["TST1"])
    names = sorted(one.name for one in tmp_path.iterdir())
    assert [one.rsplit(".", 1)[1] for one in names] == ["mseed", "mseed", "xml"]
    assert (tmp_path / names[0]).read_bytes() == sent[0]
    assert (tmp_path / names[1]).read_bytes() == more[0]
    places = read("array_stations", (tmp_path / "stations.xml").read_bytes())
    assert counts(places)["table_rows"] == 1


@pytest.mark.parametrize(
    ("station", "dataselect", "why"),
    [
        ((400, b"no such network"), (204, b""), "400 no such network"),
        ((200, b"<html>"), (204, b""), "StationXML"),
        ((204, b""), (200, b"<html>" * 200), "cannot be read"),
        ((204, b""), (200, b"00"), "cannot be read"),
        ((204, b""), (503, b"later"), "503 later"),
        ((204, b""), (302, b""), "302"),
    ],
)
def test_an_fdsn_service_that_is_of_no_use_is_a_clear_error(
    tmp_path, service, capsys, station, dataselect, why
):
    server = service(station=[station], dataselect=[dataselect])
    address = f"fdsn://127.0.0.1:{server.port}/XX_TST1:BDF"
    assert code(["listen", address, "--out", str(tmp_path), "--for-s", "0.2"]) == 2
    assert why in capsys.readouterr().err


def test_an_hour_ends_a_file_and_what_comes_late_begins_another(tmp_path):
    out = Rolled(tmp_path, Roll.HOUR)
    early, late = records(BEGIN_S), records(BEGIN_S + 3600)
    for raw in (early[0], late[0], early[1]):
        (one,) = read_records(raw)
        assert out.add(one)
        assert not out.add(one)
    out.finish()
    assert out.repeated == 3
    found = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert found == {
        "XX.TST1.2030-03-17T17.mseed": early[0],
        "XX.TST1.2030-03-17T17.2.mseed": early[1],
        "XX.TST1.2030-03-17T18.mseed": late[0],
    }


def test_what_a_killed_run_left_half_written_is_mended(tmp_path):
    first, second = records()[:2]
    left = tmp_path / "XX.TST1.2030-03-17.part"
    left.write_bytes(first + second[:100])
    out = Rolled(tmp_path, Roll.DAY)
    out.add(read_records(second)[0])
    (path,) = out.finish()
    assert path.read_bytes() == first + second
    assert not left.exists()


@given(raw=st.binary(max_size=600) | st.binary(max_size=600).map(records()[0].__add__))
def test_any_bytes_are_records_or_a_source_error(raw):
    try:
        found = read_records(raw)
    except SourceError:
        return
    assert b"".join(one.raw for one in found) == raw


@pytest.mark.parametrize(
    "address",
    [
        *("seedlink://a", "seedlink:///XX_A:BDF", "seedlink://a/XX:BDF"),
        *("seedlink://a:99999/XX_A:BDF", "fdsn://a/XX_A", "fdsn://a/XX_A:BDF,"),
        "seedlink://a/XX_A:BDF\rQUIT",
    ],
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(SourceError, match="NET_STA:CHA"):
        Server.at(address)


def test_an_address_tells_server_and_streams():
    found = Server.at("fdsns://example.org/YJ_BRP?:BDF,IM_I57H1:--.BD?")
    assert (found.host, found.port) == ("example.org", 443)
    assert found.streams == (
        Stream("YJ", "BRP?", "BDF"),
        Stream("IM", "I57H1", "BD?", "--"),
    )
    assert str(found.streams[1]) == "IM_I57H1:--.BD?"


def test_a_file_is_named_by_the_hour_of_utc():
    time = datetime(2031, 5, 1, 10, 59, tzinfo=UTC)
    assert (Roll.HOUR.of(time), Roll.DAY.of(time)) == ("2031-05-01T10", "2031-05-01")
