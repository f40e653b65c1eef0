"""Live intake from a broker: messages written down one per line, as they arrive.

A mission reads the file as it reads any other delivery, so that what was heard live can
be hashed, replayed and checked like the rest; a run itself never waits for a network.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from trucewatch.errors import SourceError

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_STEP_S = 0.2
MAX_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Broker:
    """Where messages come from.

    Attributes:
        host: name or address.
        port: of the broker.
        topic: filter, such as ``acoustic/#``.
        secure: whether TLS is used, with the certificates the system trusts.
        user: empty for nobody.
        password: empty for none.
    """

    host: str
    port: int
    topic: str
    secure: bool
    user: str = ""
    password: str = ""

    @classmethod
    def at(cls, address: str) -> Broker:
        """The broker of an address ``mqtt://[user:password@]host[:port]/topic``.

        Raises:
            SourceError: if it is none.
        """
        wrong = "an address must be mqtt://host/topic or mqtts://host/topic"
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            msg = f"{wrong}: {error}"
            raise SourceError(msg) from error
        # A fragment is no part of other addresses; here it is the broker's wildcard.
        topic = unquote(parts.path.lstrip("/")) + ("#" if address[-1:] == "#" else "")
        if parts.scheme not in _PORTS or not parts.hostname or not topic:
            msg = f"{wrong}, such as mqtt://localhost/acoustic/#"
            raise SourceError(msg)
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            topic=topic,
            secure=parts.scheme == "mqtts",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def listen(broker: Broker, out: Path, for_s: float, most: int) -> int:
    """Every message of ``for_s`` seconds stands in ``out``; how many there were.

    Lines are added to what the file holds. Stops early after ``most`` messages.

    Raises:
        SourceError: if paho-mqtt is absent, or the broker is out of reach or refuses.
    """
    client, refused = _client(broker)
    count = 0
    with out.open("a", encoding="utf-8") as file:

        def note(_client: Client, _data: None, message: MQTTMessage) -> None:
            nonlocal count
            if count < most and file.tell() < MAX_BYTES:
                _write(file, message)
                count += 1

        client.on_message = note
        until = time.monotonic() + for_s
        try:
            client.connect(broker.host, broker.port, keepalive=30)
            while count < most and time.monotonic() < until and not refused():
                client.loop(timeout=_STEP_S)
        except OSError as error:
            msg = f"{broker.host}:{broker.port} cannot be listened to: {error}"
            raise SourceError(msg) from error
        finally:
            client.disconnect()
    if why := refused():
        msg = f"{broker.host}:{broker.port} refused: {why}"
        raise SourceError(msg)
    return count


def _client(broker: Broker) -> tuple[Client, Callable[[], str]]:
    """A client that subscribes once connected, and why it was refused, if it was.

    Raises:
        SourceError: if paho-mqtt is not installed.
    """
    try:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion
    except ImportError as error:
        msg = "listening needs paho-mqtt: pip install 'trucewatch[live]'"
        raise SourceError(msg) from error
    whys: list[str] = []
    client = Client(CallbackAPIVersion.VERSION2)
    if broker.user:
        client.username_pw_set(broker.user, broker.password or None)
    if broker.secure:
        client.tls_set()

    def connected(client: Client, *told: object) -> None:
        code = told[2]
        if getattr(code, "is_failure", False):
            whys.append(str(code))
        else:
            client.subscribe(broker.topic, qos=1)

    client.on_connect = connected
    return client, lambda: "; ".join(whys[:1])


def _write(file: IO[str], message: MQTTMessage) -> None:
    """One message as one line, in the form of ``mosquitto_sub -F %j``."""
    payload = bytes(message.payload).decode("utf-8", "backslashreplace")
    line = {
        "tst": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "topic": str(message.topic),
        "qos": int(message.qos),
        "retain": int(message.retain),
        "payload": payload,
    }
    file.write(json.dumps(line) + "\n")
    file.flush()
