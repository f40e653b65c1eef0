"""The tree on disk is laid out as C2SP tlog-tiles says."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import LedgerError
from trucewatch.store import tiles
from trucewatch.store.merkle import leaf_hash, range_root, root_of
from trucewatch.store.tiles import Edge, grown


def entries(count, first=0):
    return [b"entry %d" % number for number in range(first, first + count)]


def laid_out(folder, files):
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def test_paths_are_those_of_the_specification():
    assert tiles.path_of("0", 1234067, 256) == "tile/0/x001/x234/067"
    assert tiles.path_of("entries", 0, 12) == "tile/entries/000.p/12"


def test_a_tree_of_70000_has_the_tiles_the_specification_counts():
    found = Counter((level, width) for _, level, _, width in tiles.paths(70_000))
    assert found == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}
    assert [path for path, *_ in tiles.paths(256)] == ["tile/0/000", "tile/1/000.p/1"]


@given(st.lists(st.integers(0, 600), max_size=5))
def test_the_root_does_not_depend_on_how_entries_came_together(counts):
    edge, files = Edge(), {}
    for count in counts:
        edge, more = grown(edge, entries(count, edge.size))
        files |= more
    leaves = [leaf_hash(one) for one in entries(sum(counts))]
    assert edge.root() == root_of(leaves)
    assert edge == grown(Edge(), entries(sum(counts)))[0]
    assert {path for path, *_ in tiles.paths(edge.size)} <= set(files)
    assert {path for path, _ in tiles.bundle_paths(edge.size)} <= set(files)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 66_000])
def test_what_was_written_can_be_taken_up_again(tmp_path, size):
    edge, files = grown(Edge(), entries(size))
    laid_out(tmp_path, files)
    assert tiles.read_edge(tmp_path, size) == edge
    assert list(tiles.entries(tmp_path, size)) == entries(size)
    if size > 1:
        root = range_root(tiles.subtrees(tmp_path, size))
        assert root(0, size) == edge.root()


def test_a_cut_off_tile_is_reported_by_name(tmp_path):
    _, files = grown(Edge(), entries(3))
    laid_out(tmp_path, files)
    (tmp_path / "tile/0/000.p/3").write_bytes(bytes(95))
    with pytest.raises(LedgerError, match=r"tile/0/000\.p/3 does not hold 3 hashes"):
        tiles.read_edge(tmp_path, 3)


def test_a_missing_bundle_is_reported_by_name(tmp_path):
    with pytest.raises(LedgerError, match=r"tile/entries/000\.p/3 cannot be read"):
        list(tiles.entries(tmp_path, 3))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_give_back_their_entries(given_entries):
    assert list(tiles.unbundled(tiles.bundled(given_entries))) == given_entries


@given(st.binary(max_size=50))
def test_any_bytes_are_a_bundle_or_refused(data):
    try:
        assert tiles.bundled(tiles.unbundled(data)) == data
    except ValueError as error:
        assert "bytes more" in str(error)
