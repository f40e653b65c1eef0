import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.fuse.acoustic.merge import merged

PICKS = 12


@st.composite
def maps(draw):
    n = draw(st.integers(0, 4))
    owner = draw(st.lists(st.integers(-1, n - 1), min_size=PICKS, max_size=PICKS))
    score = draw(st.lists(st.floats(0.5, 50), min_size=n, max_size=n))
    rows = np.zeros((n, 5))
    rows[:, 2], rows[:, 4] = np.arange(n), score
    owner = [*range(n), *owner[n:]]  # an incident owns a pick at least
    return rows, np.array(draw(st.permutations(owner)), np.int64)


@settings(deadline=None)  # kernels compile at first
@given(maps(), maps())
def test_the_whole_is_no_worse_than_either_map(held, now):
    before = now[0][:, 4].sum()
    whole = merged(held, now)
    assert whole[:, 4].sum() >= max(held[0][:, 4].sum(), before) - 1e-5


@settings(deadline=None)  # kernels compile at first
@given(maps(), maps())
def test_picks_belong_to_incidents_of_the_whole(held, now):
    whole = merged(held, now)
    assert now[1].max(initial=-1) < len(whole)


@settings(deadline=None)  # kernels compile at first
@given(maps())
def test_a_map_merged_with_itself_is_itself(held):
    same = held[0].copy(), held[1].copy()
    whole = merged(held, same)
    assert np.array_equal(whole, held[0])
    assert np.array_equal(same[1], held[1])
