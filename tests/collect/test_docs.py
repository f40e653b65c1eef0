import pathlib
import re

import pytest

from tests.collect.deliveries import PACKAGE
from trucewatch.plugin import load, names

PAGE = (pathlib.Path(__file__).parents[2] / "docs/sources.md").read_text("utf-8")
COMMON = PAGE.split("\n## ")[1]
SECTIONS = {one.split("\n")[0]: one for one in PAGE.split("\n## ")[2:]}


def documented(text):
    return set(re.findall(r"^\| `([\w.]+)` \| (.+?) \|", text, re.MULTILINE))


@pytest.mark.parametrize("name", names(PACKAGE))
def test_every_option_of_a_source_is_on_its_page(name):
    options = load(PACKAGE, name).OPTIONS
    shared = {one for one, _ in documented(COMMON)}
    described = dict(documented(SECTIONS[name]))
    assert set(options) - shared == set(described)
    for option, default in described.items():
        unset = {"required": "?", "none": "", "all": "", "from the name": ""}
        assert options[option] == unset.get(default, default.strip("`"))


def test_the_page_describes_no_source_that_is_not_there():
    assert sorted(SECTIONS) == names(PACKAGE)
