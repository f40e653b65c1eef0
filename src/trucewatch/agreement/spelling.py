"""A tree of words checked against the document, every flaw said in plain words."""

from __future__ import annotations

from copy import deepcopy
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from trucewatch.agreement import document as language
from trucewatch.agreement.document import Document, Section
from trucewatch.agreement.problem import Flaw, Path, TermError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from trucewatch.agreement.text import Tree

STAND_IN: Final = "unnamed"
# Stand in for a part that is itself wrong, so that the rest can still be checked.
_STAND_INS: Final[dict[str, Tree]] = {
    "agreement": STAND_IN,
    "title": STAND_IN,
    "version": STAND_IN,
    "status": "proposed",
    "local_zone": "UTC",
    "sources": [STAND_IN],
    "parties": {STAND_IN: {"name": STAND_IN, "role": "observer"}},
    "clauses": [
        {
            "id": STAND_IN,
            "text": STAND_IN,
            "domain": "land",
            "prohibits": ["attack"],
            "where": "everywhere",
            "binds": [STAND_IN],
            "source": STAND_IN,
        }
    ],
    "readings": [
        {
            "id": STAND_IN,
            "title": STAND_IN,
            "held_by": [STAND_IN],
            "stance": "rejected",
            "in_force": [],
            "sources": [STAND_IN],
        }
    ],
}


def _words() -> list[str]:
    """Every key of the language, to guess from what a misspelt one was meant to be."""
    models = [
        found
        for found in vars(language).values()
        if isinstance(found, type) and issubclass(found, Section)
    ]
    return sorted({f.alias or n for m in models for n, f in m.model_fields.items()})


_KNOWN_WORDS = _words()


def spelt(tree: Tree) -> tuple[Document | None, list[Flaw]]:
    """The document, and every flaw of spelling in it.

    Where entries are wrong the document holds the others, so that what those say can
    still be checked; it is ``None`` only where nothing can be made of the tree.
    """
    if not isinstance(tree, dict):
        right = "begin with `agreement:`, `title:` and `version:`"
        return None, [Flaw((), "the file is not a list of named sections", right)]
    try:
        return Document.model_validate(tree), []
    except ValidationError as error:
        flaws = flaws_of(error)
    try:
        return Document.model_validate(_pruned(tree, flaws)), flaws
    except ValidationError:
        return None, flaws


def flaws_of(error: ValidationError, at: Path = ()) -> list[Flaw]:
    """The flaws a model found, each where it stands below ``at``.

    A list is not called short for want of entries that are there and wrong.
    """
    details = error.errors(include_url=False)
    wrong_inside = {detail["loc"][:-1] for detail in details}
    wrong_inside |= {loc[:depth] for loc in wrong_inside for depth in range(len(loc))}
    return [
        _flaw(detail, at)
        for detail in details
        if detail["type"] != "too_short" or detail["loc"] not in wrong_inside
    ]


def _pruned(tree: dict[str, Tree], flaws: list[Flaw]) -> dict[str, Tree]:
    """The tree without the entries that hold a flaw."""
    kept = deepcopy(tree)
    for path in sorted({flaw.path[:2] for flaw in flaws}, key=_last_first):
        section = kept.get(str(path[0])) if path else None
        match section, path[1:]:
            case list(), (int(place),) if place < len(section):
                del section[place]
            case dict(), (str(name),):
                section.pop(name, None)
            case _:
                kept.pop(str(path[0]), None)
    return {**_STAND_INS, **{k: v for k, v in kept.items() if v}}


def _last_first(path: Path) -> tuple[str, int, str]:
    place = path[1] if len(path) > 1 else ""
    return str(path[0]), -place if isinstance(place, int) else 0, str(place)


def _flaw(detail: ErrorDetails, at: Path) -> Flaw:
    steps = tuple(step for step in detail["loc"] if step != "[key]")
    wrong, right = _plain_words(detail, str(steps[-1]) if steps else "")
    return Flaw((*at, *steps), wrong, right)


def _plain_words(detail: ErrorDetails, name: str) -> tuple[str, str]:
    """What was wrong and what would be right, in words a lawyer can act on."""
    context = detail.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, TermError):
        return cause.wrong, cause.right
    if detail["type"] == "missing":
        return _missing(name)
    if detail["type"] == "extra_forbidden":
        return f"`{name}` is no word of the agreement language", _guess(name)
    given = _shown(detail["input"])
    few, many = context.get("min_length", 1), context.get("max_length")
    plain = {
        "enum": ("is not known here", f"write {context.get('expected')}"),
        "literal_error": ("is not known here", f"write {context.get('expected')}"),
        "too_short": (f"has fewer entries than {few}", "add what is missing"),
        "too_long": (f"has more entries than {many}", "take some out"),
        "string_pattern_mismatch": ("is no id", "use letters, digits, `_`, `.`, `-`"),
        "model_type": ("is not a section", "write `name: value` lines below it"),
        "dict_type": ("is not a section", "write `name: value` lines below it"),
        "tuple_type": ("is not a list", "write [one, two] or `- ` lines"),
    }
    if detail["type"] in plain:
        wrong, right = plain[detail["type"]]
        return f"{given} {wrong}", right
    return _number_words(detail, given)


def _number_words(detail: ErrorDetails, given: str) -> tuple[str, str]:
    context = detail.get("ctx", {})
    limits = [f"{k} {context[k]:g}" for k in ("ge", "gt", "le", "lt") if k in context]
    signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    if limits:
        limit, number = limits[0].split(" ", 1)
        right = f"it must be {signs[limit]} {number}"
        if str(detail["loc"][-1]) in ("lat_deg", "lon_deg"):
            right += "; latitude and longitude may be swapped"
        return f"{given} is out of range", right
    if detail["type"] in ("float_parsing", "float_type", "finite_number"):
        return f"{given} is not a number", "write digits and a decimal point only"
    if given == "nothing":
        return "there is nothing here", "give it, or leave the word out"
    return f"{given} cannot stand here", detail["msg"].rstrip(".")


def _missing(name: str) -> tuple[str, str]:
    if name == "in_force":
        right = "add `in_force:` with windows, or `in_force: []` for never"
        return "the reading is undated", right
    return f"`{name}` is missing", f"add `{name}:`"


def _guess(name: str) -> str:
    close = get_close_matches(name, _KNOWN_WORDS, n=1)
    return f"did you mean `{close[0]}`?" if close else "take it out"


def _shown(given: object) -> str:
    if given is None or given == "":
        return "nothing"
    if isinstance(given, str):
        return f"`{given[:60]}`"
    return "a list" if isinstance(given, list | tuple) else "a group of terms"
