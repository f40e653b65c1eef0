"""Every source, found by its file name, keeps the same promises.

A new source joins these tests by bringing ``data/collect/<name>/sample.*`` and, in
``expected.json`` beside it, its options and the counts a person checked by hand.
"""

import contextlib
import gzip
import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.collect.deliveries import PACKAGE, counts, delivered, read, sample
from trucewatch.collect.source import Source
from trucewatch.errors import SourceError
from trucewatch.plugin import load, names

SOURCES = names(PACKAGE)
BRIEF = settings(max_examples=25, deadline=None)


def records(batch):
    tables = [one.table for one in batch.tables]
    return [*batch.observations, *batch.acquisitions, *tables, *batch.rejections]


@pytest.mark.parametrize("name", SOURCES)
def test_every_row_is_accounted_for(name):
    raw, expected = sample(name)
    batch = read(name, raw, expected["options"])
    assert counts(batch) == expected["counts"]
    found = counts(batch)
    assert found.pop("rows_read") == sum(found.values())


@pytest.mark.parametrize("name", SOURCES)
def test_every_rejection_says_where_and_why(name):
    raw, expected = sample(name)
    batch = read(name, raw, expected["options"])
    reasons = {one.where: one.why for one in batch.rejections}
    assert sorted(reasons) == sorted(expected["rejected"])
    for where, why in expected["rejected"].items():
        assert why in reasons[where]


@pytest.mark.parametrize("name", SOURCES)
def test_every_record_cites_its_delivery(name):
    raw, expected = sample(name)
    delivery = delivered(name, raw, expected["options"])
    found = records(load(PACKAGE, name).read(raw, delivery))
    assert found
    assert all(one.derived_from == (delivery.id,) for one in found)


@pytest.mark.parametrize("name", SOURCES)
def test_reading_twice_gives_the_same_records(name):
    raw, expected = sample(name)
    first, second = (read(name, raw, expected["options"]) for _ in range(2))
    assert [one.id for one in records(first)] == [one.id for one in records(second)]
    assert [one.blob for one in first.tables] == [one.blob for one in second.tables]


@pytest.mark.parametrize("name", SOURCES)
def test_no_two_rows_become_one_record(name):
    raw, expected = sample(name)
    ids = [one.id for one in records(read(name, raw, expected["options"]))]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", SOURCES)
def test_gzip_says_the_same_as_plain(name):
    raw, expected = sample(name)
    packed = gzip.compress(raw, mtime=0)
    assert counts(read(name, packed, expected["options"])) == expected["counts"]


@pytest.mark.parametrize("name", SOURCES)
def test_every_observation_has_a_key_a_procedure_and_a_row(name):
    raw, expected = sample(name)
    batch = read(name, raw, expected["options"])
    for one in (*batch.observations, *batch.acquisitions):
        assert ":" in one.independence
        assert "/" in one.procedure
        assert one.row


@pytest.mark.parametrize("name", SOURCES)
@given(raw=st.binary(max_size=300))
@BRIEF
def test_any_bytes_give_a_batch_or_a_source_error(name, raw):
    with contextlib.suppress(SourceError):
        read(name, raw, sample(name)[1]["options"])


@pytest.mark.parametrize("name", SOURCES)
@given(text=st.text(alphabet='a0-9.,:;"\n\r\t\0é|{}[]-+eE/ТZ', max_size=200))
@BRIEF
def test_any_text_under_the_right_header_loses_nothing(name, text):
    raw, expected = sample(name)
    head = raw.split(b"\n")[0]
    with contextlib.suppress(SourceError):
        found = counts(read(name, head + b"\n" + text.encode(), expected["options"]))
        assert found.pop("rows_read") == sum(found.values())


@pytest.mark.parametrize("name", SOURCES)
@given(data=st.data())
@BRIEF
def test_a_damaged_sample_gives_a_batch_or_a_source_error(name, data):
    raw, expected = sample(name)
    where = data.draw(st.integers(0, len(raw)))
    gone = data.draw(st.integers(0, 40))
    new = data.draw(st.binary(max_size=20))
    with contextlib.suppress(SourceError):
        damaged = raw[:where] + new + raw[where + gone :]
        found = counts(read(name, damaged, expected["options"]))
        assert found.pop("rows_read") == sum(found.values())


@pytest.mark.parametrize("name", SOURCES)
def test_the_module_is_a_source(name):
    promised = inspect.signature(Source.read)
    _, *parameters = promised.parameters.values()
    expected = promised.replace(parameters=parameters)
    assert inspect.signature(load(PACKAGE, name).read) == expected


@pytest.mark.parametrize("name", SOURCES)
def test_an_unknown_option_is_refused_with_the_known_ones(name):
    raw, expected = sample(name)
    with pytest.raises(SourceError, match="known:.*reliability"):
        read(name, raw, {**expected["options"], "colour": "red"})


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("grade", ["reliability", "credibility", "encoding"])
def test_a_wrong_value_of_an_option_is_refused_with_the_right_ones(name, grade):
    raw, expected = sample(name)
    with pytest.raises(SourceError, match=f"option {grade} .* one of"):
        read(name, raw, {**expected["options"], grade: "x"})
