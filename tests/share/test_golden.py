import pytest
from tests.share.regenerate_golden import GOLDEN, files

FILES = files()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_bulletin_is_byte_for_byte_the_golden_one(name):
    assert FILES[name] == (GOLDEN / name).read_bytes()


def test_no_golden_file_is_left_over():
    assert {one.name for one in GOLDEN.iterdir()} == set(FILES)
