"""A small ledger of invented records, for tests and benchmarks."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Credibility,
    MediaReport,
    Observation,
    Reliability,
    Rounding,
)
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.record import Record
from trucewatch.store.ledger import Ledger
from trucewatch.store.manifest import seal
from trucewatch.store.note import COSIGNATURE, cosigned, public_key

NOW = datetime(2025, 4, 21, 6, 0, tzinfo=UTC)
DAY = Period(datetime(2025, 4, 20, tzinfo=UTC), datetime(2025, 4, 21, tzinfo=UTC))
RAW = "time,place\n2025-04-20,Нове\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(Record):
    """As much of a bulletin as the store looks at."""

    name: str
    ledger_size: int
    ledger_root: str


def delivery(raw=RAW, name="day.csv"):
    digest = sha256(raw).hexdigest()
    return Delivery(source="media", name=name, sha256=digest, size_bytes=len(raw))


def observations(count, source, first=0):
    """Invented reports on a grid, all different, all derived from one delivery."""
    one = Observation(
        procedure="media:test",
        result=MediaReport((), "outlet.example", "00"),
        place=Place.circle(48.0, 37.0, 500.0),
        phenomenon_time=DAY,
        result_time=DAY,
        independence="media:test",
        reliability=Reliability.C,
        credibility=Credibility.POSSIBLE,
        rounding=Rounding.DAY,
        row="",
        derived_from=(source.id,),
    )
    rows = range(first, first + count)
    return [replace(one, row=f"line {row + 2}") for row in rows]


def opened(folder, **changes):
    """A ledger with its keys beside it."""
    given = {"now": NOW, "who": "tester", "kinds": (Bulletin,), **changes}
    keys = given.pop("keys", folder.parent / "keys")
    return Ledger.open(folder, keys=keys, **given)


def filled(folder, count=300, commits=3):
    """A ledger with a delivery, its rows in several commits, and a witness."""
    source = delivery()
    rows = observations(count, source)
    with opened(folder) as ledger:
        ledger.append([source], [RAW], why="delivered")
        for begin in range(0, count, -(-count // commits)):
            part = rows[begin : begin + -(-count // commits)]
            ledger.append(part, why="read")
        witness = Ed25519PrivateKey.from_private_bytes(bytes(32))
        line = cosigned(ledger.head_text, witness, "witness.example", NOW)
        key = public_key(witness, "witness.example", COSIGNATURE)
        ledger.cosign(str(line), key)
        ledger.export(rows[0].id, why="shown to a test")
    return folder


def sealed(folder, ledger_folder):
    """A sealed bulletin of an existing ledger, in ``folder``."""
    folder.mkdir()
    (folder / "bulletin.html").write_text("<p>Nothing was recorded.</p>\n")
    (folder / "annex").mkdir()
    (folder / "annex" / "incidents.csv").write_bytes(b"incident,day\n")
    with opened(ledger_folder) as ledger:
        bulletin = Bulletin(
            name="test/2025-04-20",
            ledger_size=ledger.size,
            ledger_root=ledger.root.hex(),
        )
        ledger.append([bulletin], why="bulletin")
        seal(folder, bulletin, ledger)
    return folder


def problems(steps):
    """All problems of a verification, each with its step."""
    return [f"{one.number}: {said}" for one in steps for said in one.problems]
