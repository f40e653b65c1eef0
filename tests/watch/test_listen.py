"""Messages of a small broker of our own are written down and read by the source."""

import json
import socket
import threading

import pytest

from tests.collect.deliveries import counts, read
from trucewatch.errors import SourceError
from trucewatch.watch.cli import code
from trucewatch.watch.listen import Broker


def packet(first, body):
    assert len(body) < 16384
    head = [len(body)] if len(body) < 128 else [len(body) % 128 | 128, len(body) // 128]
    return bytes([first, *head]) + body


def publish(topic, payload):
    return packet(0x30, len(topic).to_bytes(2) + topic + payload)


class FakeBroker:
    """Speaks MQTT 3.1.1 to one client: accepts, and publishes what it was given."""

    def __init__(self, messages, connack=b"\x20\x02\x00\x00"):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.messages, self.connack, self.filters = messages, connack, []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        with self.server, self.server.accept()[0] as peer:
            peer.settimeout(10)
            peer.recv(4096)  # CONNECT
            peer.sendall(self.connack)
            if self.connack[3]:
                return
            asked = peer.recv(4096)  # SUBSCRIBE
            self.filters.append(asked[6:-1])
            peer.sendall(b"\x90\x03" + asked[2:4] + b"\x00")
            for topic, payload in self.messages:
                peer.sendall(publish(topic, payload))
            peer.recv(4096)  # until DISCONNECT


PICK = json.dumps({"pick_id": "1", "time": "2031-05-01T10:00:00.5Z"}).encode()


def test_what_a_broker_passes_on_is_written_down_and_read(tmp_path):
    broker = FakeBroker([(b"acoustic/n1/pick", PICK), (b"acoustic/n1/pick", b"\xff")])
    out = tmp_path / "heard.jsonl"
    address = f"mqtt://127.0.0.1:{broker.port}/acoustic/#"
    asked = ["listen", address, "--out", str(out), "--for-s", "20", "--most", "2"]
    assert code(asked) == 0
    broker.thread.join(10)
    assert broker.filters == [b"acoustic/#"]
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["topic"] for one in lines] == ["acoustic/n1/pick"] * 2
    found = counts(read("acoustic_nodes", out.read_bytes()))
    assert (found["table_rows"], found["rejections"]) == (1, 1)


def test_a_broker_that_refuses_or_is_not_there_is_a_clear_error(tmp_path, capsys):
    broker = FakeBroker([], connack=b"\x20\x02\x00\x05")
    out = str(tmp_path / "heard.jsonl")
    address = f"mqtt://127.0.0.1:{broker.port}/acoustic/#"
    assert code(["listen", address, "--out", out, "--for-s", "10"]) == 2
    assert "refused" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert code(["listen", f"mqtt://127.0.0.1:{free}/a", "--out", out]) == 2
    assert "cannot be listened to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address", ["localhost", "http://a/b", "mqtt://a", "mqtt:///b", "mqtt://a:x/b"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(SourceError, match="mqtt://host/topic"):
        Broker.at(address)


def test_an_address_tells_user_port_and_topic():
    one = Broker.at("mqtts://me:p%40ss@example.org/acoustic/+/pick")
    assert (one.host, one.port, one.topic) == ("example.org", 8883, "acoustic/+/pick")
    assert (one.user, one.password, one.secure) == ("me", "p@ss", True)
