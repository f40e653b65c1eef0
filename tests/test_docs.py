"""The documents lead somewhere, and what they show can be typed."""

import functools
import pathlib
import re
import shlex

import pytest
import typer
from typer.main import get_command

from trucewatch.plugin import names
from trucewatch.watch.cli import root
from trucewatch.watch.decisions import read_decisions
from trucewatch.watch.intake import arrivals, read
from trucewatch.watch.mission import SOURCES, read_mission

ROOT = pathlib.Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?trucewatch (.*)$", re.MULTILINE)
MAKE = re.compile(r"^(?:\$ )?make ([a-z][a-z-]*)", re.MULTILINE)
# A folder of the machine somebody wrote on; `~/…` and relative paths are fine.
MACHINE = re.compile(r"(?<![\w.~})])/(?:home|mnt|root|tmp|work|Users)/")


@functools.cache
def blocks(page):
    """Fenced blocks of a page as (language, text)."""
    return tuple(FENCE.findall(page.read_text("utf-8")))


@functools.cache
def prose(page):
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def fenced(page, *languages):
    return "\n".join(text for kind, text in blocks(page) if kind in languages)


def links(page):
    """Links of a page to other files here, as (path, anchor)."""
    for target in LINK.findall(INLINE.sub("", prose(page))):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield (page.parent / path).resolve() if path else page, anchor


def anchors(page):
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", one.lower()) for one in headings)
    return {one.strip().replace(" ", "-") for one in plain}


def commands():
    """Every command line shown in a block, and every one mentioned in a sentence."""
    shell = ("", "sh", "console", "bash")
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        for line in COMMAND.findall(fenced(page, *shell)):
            yield pytest.param(line, True, id=f"{name}: {line}")
        for code in dict.fromkeys(INLINE.findall(prose(page))):
            if found := COMMAND.fullmatch(code):
                yield pytest.param(found[1], False, id=f"{name}: mentions {found[1]}")


def words(line):
    """A command line as typed, up to a pipe, a redirection or a comment."""
    split = shlex.split(line, comments=True)
    ends = [at for at, word in enumerate(split) if word in ("|", ">", "&&")]
    return split[: min(ends, default=len(split))]


def found_command(typed):
    """The command that words of a line name, and the words left for it."""
    command, rest = get_command(root), list(typed)
    while hasattr(command, "get_command") and rest and not rest[0].startswith("-"):
        inner = command.get_command(typer.Context(command), rest[0])
        assert inner is not None, f"there is no command {' '.join(typed)!r}"
        command, rest = inner, rest[1:]
    return command, rest


@pytest.mark.parametrize(("line", "whole"), list(commands()))
def test_every_command_shown_exists_with_its_options(line, whole):
    command, rest = found_command(words(line))
    known = {
        name for one in command.params for name in (*one.opts, *one.secondary_opts)
    }
    known |= {"--help", "-h"}
    for word in rest:
        if word.startswith("--"):
            assert word.partition("=")[0] in known
    if whole and "--help" not in rest:
        assert command.make_context(command.name, list(rest)).params is not None


def test_a_command_that_does_not_exist_is_found():
    with pytest.raises(AssertionError, match="no command 'agree check'"):
        found_command(["agree", "check"])
    command, rest = found_command(["verify", "out/demo", "--trust"])
    with pytest.raises(Exception, match="--trust"):
        command.make_context(command.name, rest)


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix()
)
def test_every_link_leads_to_a_file_and_a_heading(page):
    for path, anchor in links(page):
        assert path.exists(), f"{page.name} links to {path.name}, which is not there"
        assert path.is_relative_to(ROOT)
        assert not anchor or anchor in anchors(path), f"{path.name} has no #{anchor}"


def test_every_document_is_reached_from_the_index():
    reached, queue = set(), [DOCS / "README.md"]
    while queue:
        page = queue.pop()
        if page in reached or not page.is_file() or not page.is_relative_to(DOCS):
            continue
        reached.add(page)
        if page.suffix == ".md":
            queue.extend(path for path, _ in links(page))
    assert reached == {one for one in DOCS.rglob("*") if one.is_file()}


def test_the_index_says_of_every_command_where_to_read_on():
    text = (DOCS / "README.md").read_text("utf-8")
    for name in names("trucewatch.watch.commands"):
        row = rf"^\| `trucewatch {name}` \| .+ \| \[.+\]\((.+\.md)\) \|$"
        found = re.search(row, text, re.MULTILINE)
        assert found, name
        page = (DOCS / found[1].rpartition("(")[2]).read_text("utf-8")
        assert f"trucewatch {name}" in page, f"{found[1]} does not show {name}"


def test_every_make_target_named_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for page in PAGES:
        shown = "\n".join((fenced(page, "", "sh"), *INLINE.findall(prose(page))))
        assert set(MAKE.findall(shown)) <= targets, page.name
    assert {"demo", "test"} <= set(MAKE.findall(fenced(ROOT / "README.md", "sh")))


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix()
)
def test_no_page_names_a_folder_of_the_machine_it_was_written_on(page):
    assert MACHINE.findall(page.read_text("utf-8")) == []


PATH = re.compile(r"\b((?:benchmarks|docs|src|tests|tools|web)/[\w./-]*\w)(?![\w<*])")
BUILT = {"src/trucewatch/share/web"}


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix()
)
def test_every_path_and_benchmark_named_exists(page):
    text = page.read_text("utf-8")
    named = {
        one.replace(".", "/") for one in re.findall(r"-m (benchmarks[\w.]+)", text)
    }
    for path in sorted(named | set(PATH.findall(text)) - BUILT):
        there = [ROOT / path, ROOT / f"{path}.py"]
        assert any(one.exists() for one in there), f"{page.name} names {path}"


def test_the_pattern_finds_such_folders():
    assert MACHINE.search("see " + "/".join(("", "home", "me", "x")))
    assert not MACHINE.search("see ~/home/x, docs/work/ and out/tmp/")


def test_limits_say_of_every_source_what_it_misses():
    text = (DOCS / "limits.md").read_text("utf-8")
    for name in names(SOURCES):
        assert re.search(rf"^\| `{name}` \| .+ \| .+ \| .+ \|$", text, re.MULTILINE), (
            name
        )


def shown(page, opening):
    """The blocks of a how-to page whose text begins so."""
    return [text for _, text in blocks(DOCS / page) if text.startswith(opening)]


def test_the_mission_shown_is_read_as_the_page_says(tmp_path):
    page = "how-to/run-a-mission.md"
    files = {
        "mission.yaml": "mission:",
        "patrols.csv": "record,",
        "reports/sunday.csv": "datetime,",
    }
    (tmp_path / "reports").mkdir()
    for name, opening in files.items():
        (text,) = shown(page, opening)
        (tmp_path / name).write_text(text, "utf-8")
    read_in = [read(one) for one in arrivals(read_mission(tmp_path / "mission.yaml"))]
    assert sum(one.rows_read for one in read_in) == 4
    assert [r.why for one in read_in for r in one.rejections] == ["lat is empty"]


def test_the_decisions_shown_can_be_read(tmp_path):
    (decisions,) = shown("how-to/review-findings.md", "reviewer:")
    path = tmp_path / "decisions.yaml"
    path.write_text(decisions, "utf-8")
    assert len(read_decisions(path).orders) == 2
