"""Detections that say the same thing and can err together are one cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from trucewatch.agreement.taxonomy import BROADER, Act
from trucewatch.detect.detection import Channel, Detection
from trucewatch.detect.select import class_of, likeliest
from trucewatch.fuse.incident import Sign
from trucewatch.fuse.moment import GATE_SIGMAS, Moment
from trucewatch.period import Period
from trucewatch.place import WHERE_PREC_LIMIT, Place
from trucewatch.record import RecordId, canonical


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many rounds one channel told apart: least, best and most."""

    low: int
    best: int
    high: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Copies of one piece of information.

    Attributes:
        best: the strongest of the copies; it stands for all.
        kind: class of acts: ``attack``, ``movement``, ``obstruction``.
        copies: ids of all, sorted.
        content: whose word of what, where and when, whatever delivery brought it: no
            two cells share it. It settles ties and names incidents, so that an edited
            delivery changes nothing but what was edited.
        moment: place and instant as one normal law, where a channel found them so.
        rounds: how many rounds it is of, where a channel counted them.
        signs: of what made it, where a channel can tell.
    """

    best: Detection
    kind: Act
    copies: tuple[RecordId, ...]
    content: str
    moment: Moment | None = None
    rounds: Rounds | None = None
    signs: tuple[Sign, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether the place is fine enough to be compared with other places."""
        prec = self.best.place_prec
        return isinstance(self.best.place, Place) and prec < WHERE_PREC_LIMIT

    @property
    def name(self) -> str:
        """Date and a short hash of the content: later evidence keeps it.

        No id enters it, so that an edited delivery renames only what was edited.
        """
        digest = sha256(self.content.encode()).hexdigest()
        return f"{self.best.time.begin:%Y-%m-%d}-{digest[:8]}"

    @property
    def window(self) -> Period:
        """Beyond it nothing is the same incident: a gate for search, not a law."""
        return self.moment.about(GATE_SIGMAS) if self.moment else self.best.time

    @property
    def branch(self) -> Act:
        """The kind of its most probable act, one step narrower than the class."""
        act = likeliest(self.best.acts)
        while BROADER.get(act) in BROADER:
            act = BROADER[act]
        return act

    @property
    def is_claim(self) -> bool:
        """Whether it is the word of a party."""
        return self.best.channel is Channel.PARTY


def collapse(detections: Sequence[Detection]) -> list[Cell]:
    """Every detection in exactly one cell; sorted by begin and content of the best.

    Copies cost nothing from here on: a thousand outlets with one key, place and time
    are one cell.
    """
    groups: dict[str, list[Detection]] = {}
    for one in {d.id: d for d in detections}.values():
        groups.setdefault(_content(one), []).append(one)
    cells = [_cell(group, content) for content, group in groups.items()]
    return sorted(cells, key=lambda c: (c.best.time.begin, c.content))


def kind_of(detection: Detection) -> Act:
    """The class of acts of the most probable act; undetermined where that is."""
    return class_of(likeliest(detection.acts))


def shared_kind(cells: Sequence[Cell]) -> Act:
    """The class of acts of cells taken as one; undetermined gives way to any."""
    known = sorted({one.kind for one in cells} - {Act.UNDETERMINED})
    return known[0] if known else Act.UNDETERMINED


def strength(cell: Cell) -> tuple[float, float, datetime, str]:
    """Sorts the strongest first; between equals the shortest, then the earliest."""
    time = cell.best.time
    ratio = cell.best.log10_likelihood_ratio
    return -ratio, time.duration_s, time.begin, cell.content


def _content(one: Detection) -> str:
    who = (one.channel.value, one.independence, one.claimed_by, one.against)
    place = canonical(one.place).decode()
    return "|".join((*who, kind_of(one), place, str(one.time)))


def _cell(group: list[Detection], content: str) -> Cell:
    best = min(group, key=_rank)
    return Cell(best, kind_of(best), tuple(sorted(one.id for one in group)), content)


def _rank(copy: Detection) -> tuple[object, ...]:
    """Sorts the strongest copy first, then the fullest; the id only where all agree."""
    acts = tuple((share.act.value, share.p) for share in copy.acts)
    return -copy.log10_likelihood_ratio, -(copy.units or 0), acts, copy.id
