"""Hashes and proofs are those of RFC 6962."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.store import merkle
from trucewatch.store.verify_log import root_of_leaves

# The eight entries, roots and proofs that implementations of Certificate
# Transparency test themselves with.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION_5_IN_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_IN_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(70)]


def ranges(leaves):
    return lambda begin, end: merkle.root_of(leaves[begin:end])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size):
    leaves = [merkle.leaf_hash(one) for one in ENTRIES[:size]]
    assert merkle.root_of(leaves).hex() == ROOTS[size]
    assert root_of_leaves(leaves).hex() == ROOTS[size]


def test_proofs_are_those_of_certificate_transparency():
    root = ranges([merkle.leaf_hash(one) for one in ENTRIES])
    inclusion = merkle.inclusion_proof(5, 8, root)
    assert [one.hex() for one in inclusion] == INCLUSION_5_IN_8
    consistency = merkle.consistency_proof(6, 8, root)
    assert [one.hex() for one in consistency] == CONSISTENCY_6_IN_8


@given(st.integers(1, 70), st.data())
def test_every_entry_can_be_shown_and_no_other_passes(size, data):
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root_of(LEAVES[:size])
    proof = merkle.inclusion_proof(index, size, ranges(LEAVES[:size]))
    assert merkle.included(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, 69).filter(lambda n: n != index))
    assert not merkle.included(LEAVES[other], index, size, proof, root)
    assert not merkle.included(LEAVES[index], other, size, proof, root)
    assert not merkle.included(LEAVES[index], index, size, (*proof, root), root)
    if proof:
        assert not merkle.included(LEAVES[index], index, size, proof[1:], root)


@given(st.integers(0, 70), st.data())
def test_a_beginning_can_be_shown_and_a_fork_cannot(new, data):
    old = data.draw(st.integers(0, new))
    roots = [merkle.root_of(LEAVES[:size]) for size in (old, new)]
    proof = merkle.consistency_proof(old, new, ranges(LEAVES[:new]))
    assert merkle.consistent(old, new, *roots, proof)
    if old:
        forked = [merkle.leaf_hash(b"forked"), *LEAVES[1:old]]
        fork = merkle.root_of(forked)
        assert not merkle.consistent(old, new, fork, roots[1], proof)
    assert not merkle.consistent(old, new, *roots, (*proof, roots[0]))


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_proof_of_what_is_not_there_is_refused(index, size):
    with pytest.raises(ValueError, match=f"no entry {index}"):
        merkle.inclusion_proof(index, size, ranges(LEAVES))


def test_a_ledger_cannot_be_shown_to_begin_with_a_longer_one():
    with pytest.raises(ValueError, match="never one of 4"):
        merkle.consistency_proof(4, 3, ranges(LEAVES))


@given(st.lists(st.binary(max_size=32), max_size=8), st.integers(-2, 9))
def test_any_proof_gives_a_verdict(hashes, size):
    index = random.Random(size).randrange(-2, 9)
    assert merkle.included(b"", index, size, hashes, b"\1") is False
    assert merkle.consistent(index, size, b"\2", b"\1", hashes) is False
