"""A record is its content: equal content, equal name; read back, it is the same."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.observation import (
    Credibility,
    MediaReport,
    Observation,
    Reliability,
    Rounding,
)
from trucewatch.period import Period
from trucewatch.place import Area, Place, Unlocated
from trucewatch.record import Value, canonical, decoded, written_out

DAY = Period(datetime(2025, 4, 20, tzinfo=UTC), datetime(2025, 4, 21, tzinfo=UTC))

places = st.one_of(
    st.builds(
        Place.circle,
        st.floats(-90, 90),
        st.floats(-180, 180),
        st.floats(0.01, 1e6),
    ),
    st.just(Area("Nowhere oblast", "province")),
    st.just(Unlocated()),
)


def observed(where):
    return Observation(
        procedure="media:test",
        result=MediaReport((), "", "00"),
        place=where,
        phenomenon_time=DAY,
        result_time=DAY,
        independence="media:test",
        reliability=Reliability.C,
        credibility=Credibility.POSSIBLE,
        rounding=Rounding.DAY,
        row="line 2",
        derived_from=("delivery:0",),
    )


@given(places)
def test_reading_back_what_was_written_gives_the_same_record(where):
    one = observed(where)
    back = decoded(Observation, json.loads(canonical(one)))
    assert back == one
    assert back.id == one.id
    assert canonical(back) == canonical(one)


def test_options_survive_the_ledger():
    one = Delivery(
        source="s", name="n", sha256="0", size_bytes=3, options=(Option("a", "b"),)
    )
    assert decoded(Delivery, json.loads(canonical(one))).option("a", "") == "b"


def test_numbers_finer_than_any_source_give_the_same_name():
    near, same = (
        observed(Place.circle(48.1 + d, 37.0, 500.0)).id for d in (0.0, 1e-12)
    )
    assert near == same


def test_a_default_is_not_written_so_that_old_records_keep_their_names():
    one = Delivery(source="s", name="n", sha256="0", size_bytes=3)
    assert set(json.loads(canonical(one))) == {
        "kind",
        "name",
        "sha256",
        "size_bytes",
        "source",
    }
    assert json.loads(written_out(one))["licence"] == ""
    assert decoded(Delivery, json.loads(written_out(one))) == one


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_number_that_cannot_exist_is_refused(wrong):
    with pytest.raises(ValueError, match="finite"):
        Place.circle(wrong, 37.0, 500.0)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("row"),
        lambda body: body.update(extra=1),
        lambda body: body.update(kind="Finding"),
        lambda body: body.update(place={"kind": "Nothing"}),
        lambda body: body.update(reliability="Z"),
    ],
)
def test_a_spoilt_body_is_refused(spoil):
    body = json.loads(canonical(observed(Unlocated())))
    spoil(body)
    with pytest.raises(ValueError):
        decoded(Observation, body)


@dataclass(frozen=True, slots=True)
class Holding(Value):
    """Anything, among fields whose names sort before and after that of the kind."""

    z: object
    a: object = 1.0
    kind: object = None


def told(part, left_out=()):
    """The tree that RFC 8785 is to write."""
    if isinstance(part, tuple):
        return [told(one, left_out) for one in part]
    if not isinstance(part, Holding):
        return part
    fields = {"a": part.a, "kind_": part.kind, "z": part.z}
    kept = {k: told(v, left_out) for k, v in fields.items() if (k, v) not in left_out}
    return {"kind": "Holding", **kept}


parts = st.recursive(
    st.none()
    | st.booleans()
    | st.text(max_size=8)
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
    | st.decimals(-(10**9), 10**9, places=6).map(float),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple) | st.builds(Holding, inner, inner, inner)
    ),
    max_leaves=12,
)


@given(parts)
def test_records_are_written_as_rfc_8785_has_it(part):
    one = Holding(part)
    assert written_out(one) == rfc8785.dumps(told(one))


@given(parts)
def test_what_holds_its_default_is_left_out(part):
    defaults = [("a", 1.0), ("kind_", None)]
    assert canonical(Holding(part)) == rfc8785.dumps(told(Holding(part), defaults))


@pytest.mark.parametrize("number", [2.0, 1e-5, 1e-7, 5e-324, 0.1, 1e15 + 0.5, 1e300])
def test_rare_numbers_are_written_as_rfc_8785_has_it(number):
    one = Holding((number, -number, np.float64(number)))
    assert written_out(one) == rfc8785.dumps(told(one))


@pytest.mark.parametrize("what", [2**53, float("nan"), float("inf"), "\ud800"])
def test_what_rfc_8785_refuses_is_refused(what):
    with pytest.raises(ValueError, match="."):
        canonical(Holding((what,)))


@pytest.mark.parametrize("what", [[1], {"a": 1}, b"x", {1}])
def test_what_is_no_value_has_no_canonical_form(what):
    with pytest.raises(TypeError, match="no canonical form"):
        canonical(Holding(what))
