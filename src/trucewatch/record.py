"""What every stage's output has in common: a name made of its content.

Numbers are quantised when a value is built, by the unit in the field's name, so
that the last bits in which two machines may differ never reach a hash, and so that
a record read back from the ledger equals the one that was written.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import (
    Any,
    NewType,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import rfc8785

RecordId = NewType("RecordId", str)
V = TypeVar("V", bound="Value")
Writer = Callable[[Any], str]

# Decimals kept of a float, by the end of its field name; finer than any source.
_DECIMALS = {
    "_deg": 7,  # 1 cm
    "_m": 3,
    "_km": 3,
    "_km2": 3,
    "_s": 6,
    "_mw": 3,
    "_ratio": 6,
    "_percent": 3,
    "_per_day": 6,
}
# Between these a broken number has the same digits in Python and in ES6; whole ones
# below 2^53 are written without a point. Source: ECMA-262, Number::toString.
_LEAST, _WHOLE = 1e-4, 2**53
_DECIMALS_OTHERWISE = 6  # probabilities, log ratios


@dataclass(frozen=True, slots=True)
class Value:
    """An immutable value whose floats are finite and quantised by their unit."""

    def __post_init__(self) -> None:
        """Quantise every float, then let the subclass check itself."""
        for name, decimals in _float_fields(cast(Any, type(self))):
            number = getattr(self, name)
            if isinstance(number, float | int) and not isinstance(number, bool):
                object.__setattr__(self, name, _quantised(name, number, decimals))
        self.check()

    def check(self) -> None:
        """Refuse a value that cannot exist, by raising ``ValueError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Value):
    """Anything the mechanism states; never changed, only superseded.

    Attributes:
        derived_from: ids of what this was computed from (PROV ``wasDerivedFrom``);
            ``id#row`` names one row of a table.
    """

    _id: RecordId = field(init=False, compare=False, repr=False)
    derived_from: tuple[RecordId, ...] = ()

    def __post_init__(self) -> None:
        """Quantise and check; the name is made when it is first asked for."""
        object.__setattr__(self, "_id", "")
        Value.__post_init__(self)

    @property
    def id(self) -> RecordId:
        """Kind and SHA-256 of the canonical bytes: equal content, equal id."""
        if not self._id:
            digest = sha256(canonical(self)).hexdigest()
            name = RecordId(f"{type(self).__name__.lower()}:{digest}")
            object.__setattr__(self, "_id", name)
        return self._id


def canonical(value: Value) -> bytes:
    """The one byte string that stands for a value in hashes and signatures.

    A field that holds its default is left out, so that a later version can add a field
    with a default and still read, and name alike, what was logged before.

    Raises:
        ValueError: if it holds a number or a text that RFC 8785 cannot write.
        TypeError: if it holds something else than values, tuples and scalars.

    Source: RFC 8785 (JSON Canonicalization Scheme).
    """
    return _text(value, False).encode()


def written_out(value: Value) -> bytes:
    """The same JSON with every field, for readers that do not know the defaults."""
    return _text(value, True).encode()


def decoded(kind: type[V], body: object) -> V:
    """Rebuild a value of ``kind`` from the parsed JSON of its canonical bytes.

    Raises:
        ValueError: if ``body`` is not what ``canonical`` writes for that kind.
    """
    try:
        made: object = _decoder(cast(Any, kind))(body)
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"this is not a {kind.__name__}: {error!r}"
        raise ValueError(msg) from error
    if not isinstance(made, kind):
        msg = f"expected a {kind.__name__}, found a {type(made).__name__}"
        raise ValueError(msg)
    return made


def _quantised(name: str, number: float, decimals: int) -> float:
    rounded = round(float(number), decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    if rounded != rounded or rounded in (float("inf"), float("-inf")):
        msg = f"{name} must be a finite number, not {number}"
        raise ValueError(msg)
    return rounded


@cache
def _float_fields(kind: Any) -> tuple[tuple[str, int], ...]:
    hints = get_type_hints(kind)
    found = []
    for one in fields(kind):
        if float in (hints[one.name], *get_args(hints[one.name])):
            ends = (n for end, n in _DECIMALS.items() if one.name.endswith(end))
            found.append((one.name, next(ends, _DECIMALS_OTHERWISE)))
    return tuple(found)


@cache
def _content_fields(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.init)


def _key(name: str) -> str:
    """The JSON name of a field; ``kind`` itself names the class."""
    return "kind_" if name == "kind" else name


@cache
def _writer(kind: Any, whole: bool) -> Writer:
    """What writes values of a type as RFC 8785 has it; all fields where ``whole``.

    One pass makes the text: most of what is logged is written more than once.

    Raises:
        TypeError: if the type has no canonical form.
    """
    simple: dict[Any, Writer] = {
        str: encode_basestring,
        bool: lambda value: "true" if value else "false",
        int: _number,
        float: _number,
    }
    if issubclass(kind, Enum):
        return lambda value: _text(value.value, whole)
    if kind in simple:
        return simple[kind]
    if issubclass(kind, str | int | float | types.NoneType):
        return _rarity
    if issubclass(kind, tuple):
        return lambda value: f"[{','.join(_each(value, whole))}]"
    if issubclass(kind, datetime):
        return _instant
    if is_dataclass(kind):
        return _value_writer(kind, whole)
    msg = f"{kind.__name__} has no canonical form"
    raise TypeError(msg)


def _text(value: Any, whole: bool) -> str:
    kind: Any = type(value)
    return _writer(kind, whole)(value)


def _each(values: tuple[Any, ...], whole: bool) -> Iterable[str]:
    kinds: set[Any] = set(map(type, values))
    if len(kinds) == 1:
        return map(_writer(kinds.pop(), whole), values)
    return [_text(one, whole) for one in values]


def _number(value: float) -> str:
    if -_WHOLE < value < _WHOLE:
        if value == int(value):
            return str(int(value))
        if not -_LEAST < value < _LEAST:
            return repr(value)
    return _rarity(value)


def _rarity(value: object) -> str:
    """What Python would write otherwise than ES6 does."""
    return rfc8785.dumps(cast(Any, value)).decode()


def _instant(value: datetime) -> str:
    return f'"{value.astimezone(UTC).isoformat().replace("+00:00", "Z")}"'


def _value_writer(kind: Any, whole: bool) -> Writer:
    """Fields by the order of their JSON names, the kind of the value among them."""
    defaults = {} if whole else _defaults(kind)
    parts = sorted(
        (_key(name), f'"{_key(name)}":', name, defaults.get(name, MISSING))
        for name in _content_fields(kind)
    )
    before = [one[1:] for one in parts if one[0] < "kind"]
    after = [one[1:] for one in parts if one[0] > "kind"]
    named = f'"kind":"{kind.__name__}"'

    def write(value: Any) -> str:
        told = _fields_of(value, before, whole)
        told.append(named)
        told += _fields_of(value, after, whole)
        return "{" + ",".join(told) + "}"

    return write


def _fields_of(
    value: Any, asked: Sequence[tuple[str, str, Any]], whole: bool
) -> list[str]:
    told = []
    for key, name, default in asked:
        part = getattr(value, name)
        if default is MISSING or default != part:
            told.append(key + _text(part, whole))
    return told


@cache
def _defaults(kind: Any) -> dict[str, Any]:
    return {f.name: f.default for f in fields(kind) if f.default is not MISSING}


@cache
def _decoder(hint: Any) -> Callable[[Any], Any]:
    """A function that turns parsed JSON into a value of the hinted type."""
    if get_origin(hint) is tuple:
        return _tuple_decoder(get_args(hint))
    if get_origin(hint) in (Union, types.UnionType):
        return _union_decoder(get_args(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        return _value_decoder(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    simple: dict[Any, Callable[[Any], Any]] = {
        datetime: datetime.fromisoformat,
        float: float,
    }
    return simple.get(hint, _as_it_is)


def _tuple_decoder(items: tuple[Any, ...]) -> Callable[[Any], Any]:
    if items[-1] is Ellipsis:
        item = _decoder(items[0])
        return lambda body: tuple(item(one) for one in body)
    each = [_decoder(one) for one in items]
    return lambda body: tuple(f(one) for f, one in zip(each, body, strict=True))


def _as_it_is(body: Any) -> Any:
    return body


def _value_decoder(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    parts = [(name, _decoder(hints[name])) for name in _content_fields(kind)]
    keys = {"kind", *(_key(name) for name, _ in parts)}

    def decode(body: Any) -> Any:
        if body["kind"] != kind.__name__:
            msg = f"expected a {kind.__name__}, found a {body['kind']}"
            raise ValueError(msg)
        if extra := set(body) - keys:
            msg = f"a {kind.__name__} has no {sorted(extra)}"
            raise ValueError(msg)
        given = [(name, part) for name, part in parts if _key(name) in body]
        return kind(**{name: part(body[_key(name)]) for name, part in given})

    return decode


def _union_decoder(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    classes = [c for c in choices if isinstance(c, type) and is_dataclass(c)]
    named = {c.__name__: _decoder(c) for c in classes}
    bare = [c for c in choices if c not in classes and c is not type(None)]
    plain = _decoder(bare[0]) if bare else _as_it_is

    def decode(body: Any) -> Any:
        if body is None:
            return None
        if isinstance(body, dict):
            return named[body["kind"]](body)
        return plain(body)

    return decode
