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

from trucewatch.errors import SourceError

if TYPE_CHECKING:
    from obspy import Inventory, Stream
    from obspy.core.event import Pick

MISSING = (
    "reading waveforms needs ObsPy and pymseed, which are not installed: "
    "pip install trucewatch[waveforms]"
)
_NAMES = ("network", "station", "location", "channel")
# A record of miniSEED 2 is a power of two in bytes. Source: SEED 2.4, blockette 1000.
_LEAST_BYTES, _MOST_BYTES = 64, 1 << 20
# Where SAC says whether distances are wanted: after 70 reals and 38 whole numbers.
# Source: SAC data file format, header word 108.
_LCALDA = 4 * (70 + 38)
# What damaged bytes raise inside ObsPy and what it stands on.
_FAULTS = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(struct.error, OSError, EOFError, NotImplementedError, ArithmeticError),
    *(UnicodeError, AssertionError, MemoryError, StopIteration),
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
        if (form := _form(raw[at:])) not in ("MSEED", "MSEED3"):
            msg = f"byte {at} begins a record of {form}, not of miniSEED"
            raise SourceError(msg)
        with _told(), _translated(form):
            size, name, begin, end = (_of_2 if form == "MSEED" else _of_3)(
                raw[at : at + _MOST_BYTES]
            )
        if size < _LEAST_BYTES or at + size > len(raw):
            msg = f"the record from byte {at} is cut: {len(raw) - at} of {size} bytes"
            raise SourceError(msg)
        found.append(Record(raw[at : at + size], name, begin, end))
        at += size
    return found


def _of_2(raw: bytes) -> tuple[int, str, datetime, datetime]:
    """Size, SEED name, begin and end of the miniSEED 2 record that bytes begin with."""
    from obspy.io.mseed.util import get_record_information

    told = get_record_information(io.BytesIO(raw))
    begin, end = (
        datetime.fromtimestamp(float(told[name].timestamp), UTC)
        for name in ("starttime", "endtime")
    )
    name = ".".join(str(told[name]) for name in _NAMES)
    return int(told["record_length"]), name, begin, end


def _of_3(raw: bytes) -> tuple[int, str, datetime, datetime]:
    """The same of the miniSEED 3 record that bytes begin with."""
    from pymseed import MS3Record, sourceid2nslc

    one = next(MS3Record.from_buffer(raw))
    begin, end = (
        datetime.fromtimestamp(ns / 1e9, UTC) for ns in (one.starttime, one.endtime)
    )
    return int(one.reclen), ".".join(sourceid2nslc(one.sourceid)), begin, end


def read_stream(raw: bytes) -> tuple[Stream, tuple[str, ...]]:
    """The traces of miniSEED or SAC bytes, and what was said to be wrong with them.

    The form is told from the bytes; forms that can run code when read (pickles) or
    name other files are never tried.

    Raises:
        SourceError: if ObsPy is absent, or the bytes are neither form, or damaged.
    """
    form = _form(raw)
    known = _without_distances(raw) if form == "SAC" else raw
    with _told() as said, _translated(form):
        stream = _reader(form)(io.BytesIO(known))
    return stream, tuple(sorted(set(said)))


def _without_distances(raw: bytes) -> bytes:
    """SAC bytes that ask for no distances.

    ObsPy would reckon them from places nobody checked: a longitude of 1e30 degrees it
    turns back by 360 at a time, for ever.
    """
    return raw[:_LCALDA] + bytes(4) + raw[_LCALDA + 4 :]


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
    if form == "MSEED3":
        return _read_mseed3
    if form == "MSEED":
        from obspy.io.mseed.core import _read_mseed

        read: Callable[[io.BytesIO], Stream] = _read_mseed
        return read
    from obspy.io.sac.core import _read_sac

    read = _read_sac
    return read


def _read_mseed3(file: io.BytesIO) -> Stream:
    """Traces of miniSEED 3, which ObsPy does not know, by EarthScope's library."""
    from obspy import Stream, Trace, UTCDateTime
    from pymseed import MS3Record, sourceid2nslc

    made = Stream()
    for one in MS3Record.from_buffer(file.getvalue(), unpack_data=True):
        names = sourceid2nslc(one.sourceid)
        header = {
            **dict(zip(_NAMES, names, strict=True)),
            "sampling_rate": one.samprate,
            "starttime": UTCDateTime(ns=int(one.starttime)),
        }
        data = one.np_datasamples.copy()
        made.append(Trace(data, header=header))
    text = [one for one in made if one.data.dtype.kind not in "iuf"]
    rest = Stream([one for one in made if one.data.dtype.kind in "iuf"])
    # Records that follow one another become one trace; overlaps stay apart.
    return Stream([*rest.merge(method=-1), *text])


def _form(raw: bytes) -> str:
    """Which of the forms the bytes begin like.

    Raises:
        SourceError: if like none.
    """
    if len(raw) >= 48 and raw[:6].replace(b" ", b"0").isdigit() and raw[6:7] in b"DRQM":
        return "MSEED"
    if len(raw) >= 40 and raw[:3] == b"MS\3":
        return "MSEED3"
    if len(raw) >= 632:
        for order in "<>":
            version = struct.unpack(f"{order}i", raw[304:308])[0]
            if version in (6, 7):
                return "SAC"
    msg = "this is neither miniSEED 2 or 3 nor SAC; deliver one of them"
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
        from pymseed.exceptions import PymseedError
    except ImportError as error:
        raise SourceError(MISSING) from error
    try:
        yield
    except (*_FAULTS, ObsPyException, SacError, PymseedError, SyntaxError) as error:
        what = " ".join(str(error).split())[:200] or type(error).__name__
        msg = f"this {form} delivery cannot be read: {what}"
        raise SourceError(msg) from error
    except Exception as error:
        if type(error) is not Exception:  # ObsPy raises the plain one in places
            raise
        msg = f"this {form} delivery cannot be read: {str(error)[:200]}"
        raise SourceError(msg) from error
