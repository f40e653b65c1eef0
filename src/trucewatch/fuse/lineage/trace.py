"""Observations that have one origin, found without looking at all pairs.

1. observations in order of when they were made known
2. for each, the earlier ones that share most with it: words, facts, whom they cite.
   Of everything shared only the first few that have it are listed, so that what
   everybody writes costs no more than what is rare
3. a link where ``tie_between`` finds one; what is linked has one origin
4. the origin is our own bulletin if one passes that on, else the party whose word it
   is, else whom the earliest passes on, else the earliest
5. reports that tell the same act, place and hours and may or may not be copies are one
   doubtful lineage
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from trucewatch.collect.observation import MediaReport, Observation, Statement
from trucewatch.fuse.lineage.doubt import doubtful
from trucewatch.fuse.lineage.lineage import OWN, Lineage, Link, Tie
from trucewatch.fuse.lineage.skeleton import skeleton
from trucewatch.fuse.lineage.tie import Item, tie_between
from trucewatch.fuse.lineage.traits import Traits, outlet_of, traits_of

LISTED = 8  # observations listed under one shared trait: the earliest
COMPARED = 12  # candidates looked at for each, by words and by facts
MOST_FACTS = 64  # pairs of number and name listed of one text
OWN_NAMES = ("trucewatch",)


def lineages(
    observations: Sequence[Observation], own: Sequence[str] = OWN_NAMES
) -> tuple[Lineage, ...]:
    """Every origin with two members or more, or that is cited; then doubtful ones.

    Each statement and report is in one certain lineage at most and in one doubtful one
    at most. The order of ``observations`` never matters. Cost grows with their number,
    not with their pairs.

    Args:
        observations: of any kind; only statements and reports are looked at.
        own: names under which our own bulletins are cited.
    """
    items = _items(observations)
    outlets = {item.outlet: item.seen.independence for item in reversed(items)}
    ours = frozenset(skeleton(name) for name in own)
    parent = list(range(len(items)))
    links = _linked(items, parent)
    groups: dict[int, list[int]] = {}
    for at in range(len(items)):
        groups.setdefault(_root(parent, at), []).append(at)
    certain = [
        made
        for root, group in groups.items()
        if (
            made := _lineage(
                [items[n] for n in group], links.get(root, []), outlets, ours
            )
        )
    ]
    keys = {name: one.origin for one in certain for name in one.members}
    reports = [one.seen for one in items if isinstance(one.seen.result, MediaReport)]
    return (*sorted(certain, key=lambda one: one.id), *doubtful(reports, keys))


def _items(observations: Sequence[Observation]) -> list[Item]:
    once = {
        one.id: one
        for one in observations
        if isinstance(one.result, Statement | MediaReport)
    }
    ordered = sorted(once.values(), key=_made_known)
    known: dict[tuple[str, str], Traits] = {}  # a copy to the letter is read once
    items = []
    for one in ordered:
        key = _text(one)
        if key not in known or not key[0]:
            known[key] = traits_of(one)
        items.append(Item(one, known[key], outlet_of(one)))
    return items


def _made_known(one: Observation) -> tuple[object, ...]:
    return one.result_time.begin, one.independence, one.id


def _text(one: Observation) -> tuple[str, str]:
    said = one.result
    if isinstance(said, Statement):
        return said.text or said.words, said.language
    return "", ""


def _linked(items: Sequence[Item], parent: list[int]) -> dict[int, list[Link]]:
    """Join what has one origin; links by the root they end under."""
    listed: dict[Hashable, list[int]] = {}
    made: list[tuple[int, Link]] = []
    for at, item in enumerate(items):
        keys = list(_keys(item))
        for other in _sharing(keys, listed):
            low, high = sorted((_root(parent, other), _root(parent, at)))
            tie = tie_between(items[other], item) if low != high else None
            if tie:
                link = Link(tie[0], items[other].seen.id, item.seen.id, tie[1])
                made.append((at, link))
                parent[high] = low
        _list(keys, at, listed)
    found: dict[int, list[Link]] = {}
    for at, link in made:
        found.setdefault(_root(parent, at), []).append(link)
    return found


def _sharing(keys: Sequence[Hashable], listed: dict[Hashable, list[int]]) -> list[int]:
    """The earlier items that share most words, and those that share most facts.

    Apart, for a form that many fill in shares more words than a translation does facts.
    """
    words: Counter[int] = Counter()
    facts: Counter[int] = Counter()
    for key in keys:
        (facts if isinstance(key, tuple) else words).update(listed.get(key, ()))
    best = [
        other
        for seen in (facts, words)
        for other, _ in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))[
            :COMPARED
        ]
    ]
    return list(dict.fromkeys(best))


def _list(keys: Sequence[Hashable], at: int, listed: dict[Hashable, list[int]]) -> None:
    for key in keys:
        held = listed.setdefault(key, [])
        if len(held) < LISTED:
            held.append(at)


def _keys(item: Item) -> Iterator[Hashable]:
    """What an earlier copy would be listed under."""
    traits = item.traits
    if traits.digest:
        yield traits.digest
    yield from sorted(traits.shingles)
    told = [number for number, weight in traits.numbers if weight >= 0.5]
    pairs = [(number, name) for number in told for name in sorted(traits.words)]
    names = traits.names
    pairs.sort(key=lambda pair: (pair[1] not in names, pair))
    yield from pairs[:MOST_FACTS]
    for cited in sorted(traits.cites | {item.outlet}):
        if cited:
            yield from (("cites", cited, number) for number in told[:8])


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _lineage(
    group: Sequence[Item],
    links: Sequence[Link],
    outlets: dict[str, str],
    ours: frozenset[str],
) -> Lineage | None:
    """The lineage of a group in order of time; ``None`` where nothing is shared."""
    members = tuple(item.seen.id for item in group)
    origin, tie = _origin(group, outlets, ours)
    if len(group) == 1 and tie is None:
        return None
    marked = [Link(tie, members[0], members[0], origin)] if tie else []
    return Lineage(
        origin=origin,
        members=members,
        links=(*marked, *links),
        derived_from=members,
    )


def _origin(
    group: Sequence[Item], outlets: dict[str, str], ours: frozenset[str]
) -> tuple[str, Tie | None]:
    """The key all share, and why where it is none of their own."""
    for item in group:
        if item.traits.cites & ours:
            return f"{OWN}bulletin", Tie.ECHO
    keys = [item.seen.independence for item in group]
    party = next((key for key in keys if key.startswith("party:")), "")
    if party:
        return party, None
    cited = sorted(group[0].traits.cites - {group[0].outlet})
    if cited:
        key = outlets.get(cited[0], f"cited:{cited[0]}")
        return key, Tie.CITED
    return keys[0], None
