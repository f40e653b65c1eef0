"""What ObsPy reads, with its many ways to fail made one."""

from __future__ import annotations

import io
import re
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucewatch.collect.nodes import Clock
from trucewatch.errors import SourceError

if TYPE_CHECKING:
    from obspy import Inventory, Stream
    from obspy.core.event import Pick

MISSING = (
    "reading waveforms needs ObsPy, which is not installed: "
    "pip install trucewatch[waveforms]"
)
_NAMES = ("network", "station", "location", "channel")
# A record of miniSEED 2 is a power of two in bytes. Source: SEED 2.4, blockette 1000.
_LEAST_BYTES, _MOST_BYTES = 64, 1 << 20
# What damaged bytes raise inside ObsPy and what it stands on.
_FAULTS = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(struct.error, OSError, EOFError, NotImplementedError, ArithmeticError),
    *(UnicodeError, AssertionError, MemoryError),
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of miniSEED as it came, flags of the clock and all.

    Attributes:
        raw: its bytes.
        channel_id: SEED name ``NET.STA.LOC.CHA``.
        begin: of its first sample.
        end: of its last sample.
    """

    raw: bytes
    channel_id: str
    begin: datetime
    end: datetime

    @property
    def station(self) -> str:
        """Network and station, with what could not stand in a file's name replaced."""
        return re.sub(r"[^A-Za-z0-9.]", "_", ".".join(self.channel_id.split(".")[:2]))


def read_records(raw: bytes) -> list[Record]:
    """The records of miniSEED bytes in their order, not decoded.

    Raises:
        SourceError: if ObsPy is absent, or a record is damaged or cut.
    """
    found: list[Record] = []
    at = 0
    while at < len(raw):
        if (form := _form(raw[at:])) != "MSEED":
            msg = f"byte {at} begins a record of {form}, not of miniSEED"
            raise SourceError(msg)
        with _told(), _translated(form):
            from obspy.io.mseed.util import get_record_information

            told = get_record_information(io.BytesIO(raw[at : at + _MOST_BYTES]))
            size = int(told["record_length"])
            begin, end = (
                datetime.fromtimestamp(float(told[name].timestamp), UTC)
                for name in ("starttime", "endtime")
            )
        if size < _LEAST_BYTES or at + size > len(raw):
            msg = f"the record from byte {at} is cut: {len(raw) - at} of {size} bytes"
            raise SourceError(msg)
        names = (str(told[name]) for name in _NAMES)
        found.append(Record(raw[at : at + size], ".".join(names), begin, end))
        at += size
    return found


def read_stream(raw: bytes) -> tuple[Stream, tuple[str, ...]]:
    """The traces of miniSEED or SAC bytes, and what ObsPy said was wrong with them.

    The form is told from the bytes; forms that can run code when read (pickles) or
    name other files are never tried.

    Raises:
        SourceError: if ObsPy is absent, or the bytes are neither form, or damaged.
    """
    form = _form(raw)
    with _told() as said, _translated(form):
        stream = _reader(form)(io.BytesIO(raw))
    return stream, tuple(sorted(set(said)))


def clock_of(raw: bytes) -> Clock:
    """What the records of miniSEED bytes say of their clock; SAC says nothing.

    ``locked`` where every record says so, ``free`` where any calls its time suspect.

    Raises:
        SourceError: if ObsPy is absent, or the bytes are neither form, or damaged.
    """
    if (form := _form(raw)) != "MSEED":
        return Clock.UNKNOWN
    with _told(), _translated(form):
        from obspy.io.mseed.util import get_flags

        found = get_flags(io.BytesIO(raw), timing_quality=False)
        suspect = int(found["data_quality_flags_counts"]["suspect_time_tag"])
        locked = int(found["io_and_clock_flags_counts"]["clock_locked"])
        records = int(found["number_of_records_used"])
    if suspect:
        return Clock.FREE
    return Clock.LOCKED if 0 < records == locked else Clock.UNKNOWN


def read_inventory(raw: bytes) -> Inventory:
    """The inventory of StationXML bytes; nothing outside them is ever opened.

    Raises:
        SourceError: if ObsPy is absent, or the bytes are no StationXML.
    """
    if b"\0" in raw or b"<!" in raw.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        msg = "StationXML must be UTF-8 without a document type of its own"
        raise SourceError(msg)
    with _told(), _translated("StationXML"):
        from obspy.io.stationxml.core import _read_stationxml

        return _read_stationxml(io.BytesIO(raw))


def read_picks(raw: bytes) -> tuple[Pick, ...]:
    """The picks of QuakeML bytes, of all events in order.

    Raises:
        SourceError: if ObsPy is absent, or the bytes are no QuakeML.
    """
    if b"\0" in raw or b"<!" in raw.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        msg = "QuakeML must be UTF-8 without a document type of its own"
        raise SourceError(msg)
    with _told(), _translated("QuakeML"):
        from obspy.io.quakeml.core import Unpickler

        events = Unpickler().loads(raw)
        return tuple(pick for event in events for pick in event.picks)


def _reader(form: str) -> Callable[[io.BytesIO], Stream]:
    """ObsPy's own reader of one form; its general one may raise plain ``Exception``."""
    if form == "MSEED":
        from obspy.io.mseed.core import _read_mseed

        read: Callable[[io.BytesIO], Stream] = _read_mseed
        return read
    from obspy.io.sac.core import _read_sac

    read = _read_sac
    return read


def _form(raw: bytes) -> str:
    """Which of the forms the bytes begin like.

    Raises:
        SourceError: if like none.
    """
    if len(raw) >= 48 and raw[:6].replace(b" ", b"0").isdigit() and raw[6:7] in b"DRQM":
        return "MSEED"
    if len(raw) >= 632:
        for order in "<>":
            version = struct.unpack(f"{order}i", raw[304:308])[0]
            if version in (6, 7):
                return "SAC"
    msg = "this is neither miniSEED 2 nor SAC; deliver one of them"
    raise SourceError(msg)


@contextmanager
def _told() -> Iterator[list[str]]:
    """What is warned of meanwhile, as text."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield said
    said += [
        " ".join(str(one.message).split())[:200]
        for one in caught
        if not issubclass(one.category, DeprecationWarning)
    ]


@contextmanager
def _translated(form: str) -> Iterator[None]:
    """Faults of ObsPy become a ``SourceError``.

    Raises:
        SourceError: for each.
    """
    try:
        from obspy.core.util.obspy_types import ObsPyException
        from obspy.io.sac.util import SacError
    except ImportError as error:
        raise SourceError(MISSING) from error
    try:
        yield
    except (*_FAULTS, ObsPyException, SacError, SyntaxError) as error:
        what = " ".join(str(error).split())[:200] or type(error).__name__
        msg = f"this {form} delivery cannot be read: {what}"
        raise SourceError(msg) from error
    except Exception as error:
        if type(error) is not Exception:  # ObsPy raises the plain one in places
            raise
        msg = f"this {form} delivery cannot be read: {str(error)[:200]}"
        raise SourceError(msg) from error
