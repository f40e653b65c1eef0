"""Picks that wait: in few chunks, in one order, each id once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.fuse.acoustic.buffer import Chunk, chunk_of, held, in_order
from trucewatch.fuse.acoustic.network import Picks

rows = st.tuples(
    st.integers(0, 5), st.integers(0, 3), st.sampled_from([90.0, 91.5]), st.text("ab")
)
splits = st.lists(st.lists(rows, max_size=6), max_size=8)


def _chunks(parts: list[list[tuple[int, int, float, str]]]) -> list[Chunk]:
    chunks, first = [], 0
    for part in parts:
        times, sensors, levels, names = zip(*part, strict=True) if part else ((),) * 4
        picks = Picks(
            time_s=np.array(times, np.float64),
            sensor=np.array(sensors, np.int64),
            level_db=np.array(levels, np.float64),
            snr_db=np.array(levels, np.float64),
        )
        chunks.append(chunk_of(picks, list(names), first))
        first += len(names)
    return chunks


@given(splits)
def test_of_one_id_the_first_in_the_order_stays_and_the_others_are_named(parts):
    every = [(*row, k) for k, row in enumerate(row for part in parts for row in part)]
    every.sort(key=lambda row: row[:4])
    kept, again, seen = [], [], set()
    for row in every:
        (again if row[3] in seen else kept).append(row)
        seen.add(row[3])
    chunk, names = in_order(_chunks(parts))
    assert chunk.serial.tolist() == [row[4] for row in kept]
    assert [one.decode() for one in chunk.name] == [row[3] for row in kept]
    assert [one.decode() for one in names] == [row[3] for row in again]


@given(splits)
def test_however_picks_are_held_they_come_out_in_the_same_order(parts):
    chunks = list[Chunk]()
    for one in _chunks(parts):
        held(chunks, one)
    merged, apart = in_order(chunks), in_order(_chunks(parts))
    assert chunks == []
    assert merged[1].tolist() == apart[1].tolist()
    for a, b in zip(merged[0], apart[0], strict=True):
        assert a.tolist() == b.tolist()


def test_a_thousand_small_chunks_become_few():
    chunks = list[Chunk]()
    for k in range(1_000):
        held(chunks, _chunks([[(k, 0, 90.0, str(k))]])[0])
    assert len(chunks) <= 10
    assert sum(one.time_us.size for one in chunks) == 1_000
