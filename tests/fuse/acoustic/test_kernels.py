import numpy as np
import pytest

from trucewatch.fuse.acoustic.linear import cholesky, inverse, inverse3, solved
from trucewatch.fuse.acoustic.packing import pack, prices, ranked
from trucewatch.fuse.acoustic.settle import assign
from trucewatch.fuse.acoustic.thin import distinct
from trucewatch.fuse.acoustic.web import Web


def positive(n):
    a = np.sin(np.arange(n * n, dtype=float)).reshape(n, n)
    return a @ a.T + n * np.eye(n)


def test_equations_are_solved():
    a, b = positive(7), np.arange(7.0)
    assert a @ solved(cholesky(a), b) == pytest.approx(b)
    assert a @ inverse(cholesky(a)) == pytest.approx(np.eye(7), abs=1e-9)


def test_the_inverse_of_three_is_the_inverse():
    a, out = positive(3), np.empty((3, 3))
    inverse3(a, out)
    assert a @ out == pytest.approx(np.eye(3), abs=1e-9)


def web(rows):
    """Candidates as rows of {sensor: [(pick, worth), …]}."""
    first, group, of, pick, worth = [0], [0], [], [], []
    for c, sensors in enumerate(rows):
        for bonds in sensors:
            of.append(c)
            pick += [p for p, _ in bonds]
            worth += [w for _, w in bonds]
            group.append(len(pick))
        first.append(len(of))
    whole = [np.array(v, np.int64) for v in (first, group, of, pick)]
    return Web(*whole, np.array(worth), np.zeros(len(rows)))


def test_two_good_incidents_beat_one_that_takes_from_both():
    ghost = [[(0, 5.0)], [(1, 5.0)], [(2, 5.0)], [(3, 5.0)]]
    left = [[(0, 4.0)], [(1, 4.0)], [(4, 4.0)]]
    right = [[(2, 4.0)], [(3, 4.0)], [(5, 4.0)]]
    bonds = web([ghost, left, right])
    base = np.array([-8.0, -3.0, -3.0])
    order = ranked(prices(bonds, base, np.zeros(6), 0, 60))
    packed = pack(bonds, base, order, 6, 6)
    assert packed.on.tolist() == [False, True, True]
    assert packed.owner.tolist() == [1, 1, 2, 2, 1, 2]
    assert packed.value.tolist() == [0.0, 9.0, 9.0]


def test_a_pick_is_used_once_and_exchanged_where_that_gains():
    bonds = web([[[(0, 5.0), (1, 4.5)]], [[(0, 4.0)]]])
    owner = np.empty(2, np.int64)
    assign(bonds, ranked(bonds.worth), owner)
    assert owner.tolist() == [1, 0]


def test_the_weaker_of_two_like_candidates_goes():
    rows = [0.0, 0, 10, 110, 9], [5.0, 5, 10.01, 110, 8], [0.0, 0, 11, 110, 7]
    found = np.array(rows)
    assert distinct(found, 15.0, 0.03).tolist() == [True, False, True]
