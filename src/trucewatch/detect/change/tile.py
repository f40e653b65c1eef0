"""One tile of a district: pictures folded into moments, places and probes summed.

A tile needs nothing but its own pixels and a margin, so tiles run on any executor; what
they give is put together in order of the tiles, whoever computed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.change.moments import Moments
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.strength import Background
from trucewatch.detect.change.welch import Sample, difference, joined, score

Pixels = NDArray[np.float32]
Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]

Side = tuple[str, bool]  # a band, and whether its pictures are later ones


@dataclass(frozen=True, slots=True)
class Picture:
    """What a tile is told of one picture.

    Attributes:
        name: of the picture.
        side: to which moments it belongs.
        level_db: of the whole picture over its band's reference.
        power: linear, with the margin of the filter on every side.
    """

    name: str
    side: Side
    level_db: float
    power: Pixels


@dataclass(frozen=True, slots=True)
class Marked:
    """Places and probes of a tile.

    Attributes:
        places: number of the place at each pixel of the tile, 0 for none.
        probes: row and column of each probe, shape ``(n_probes, 2)``.
    """

    places: NDArray[np.int32]
    probes: Integers


@dataclass(frozen=True, slots=True)
class Summed:
    """What a tile says of one picture.

    Attributes:
        numbers: of the places, ascending, as in ``Marked.places``.
        power: sum of their linear power over the level, same shape.
        pixels: how many pixels of them held data.
        probes_db: decibels of each probe after the filter, NaN without data.
    """

    name: str
    numbers: Integers
    power: Numbers
    pixels: Integers
    probes_db: Numbers


def worked(
    moments: Mapping[Side, Moments],
    pictures: Iterable[Picture],
    marked: Marked,
    settings: ChangeSettings,
) -> tuple[dict[Side, Moments], list[Summed]]:
    """Moments with the pictures folded in, and what each says of places and probes.

    Pictures are taken one by one, so that memory holds one of them.

    Raises:
        ValueError: if a picture does not fit the tile.
    """
    from trucewatch.detect.change.speckle import fold

    rows, columns = marked.places.shape
    inside = marked.places > 0
    numbers, index = np.unique(marked.places[inside], return_inverse=True)
    spread = _Spread(inside, numbers.astype(np.int64), index)
    states = {side: one.state.copy() for side, one in moments.items()}
    sums = []
    for one in pictures:
        if one.side not in states:
            states[one.side] = Moments.none(rows, columns).state
        fold(
            one.power,
            settings.margin,
            settings.looks_ratio,
            one.level_db,
            states[one.side],
        )
        sums.append(_summed(one, spread, marked.probes, settings))
    return {side: Moments(state) for side, state in states.items()}, sums


def weighed(
    moments: Mapping[Side, Moments], background: Background, settings: ChangeSettings
) -> Pixels:
    """Signed score and log10 likelihood ratio of each pixel, shape (2, rows, columns).

    NaN where no band has four pictures before and one since. The sign is that of the
    mean change. This is evidence for a prior of incidents, never a map of findings.
    """
    from trucewatch.detect.change.places import LEAST_BEFORE

    scores, steps = [], []
    for band in sorted({name for name, _ in moments}):
        early, late = moments.get((band, False)), moments.get((band, True))
        if early is None or late is None:
            continue
        test = difference(_sample(early), _sample(late), settings.scatter)
        known = early.count >= LEAST_BEFORE
        scores.append(np.where(known, score(test), np.nan))
        steps.append(np.where(known, test.step_db, 0.0))
    if not scores:
        shape = next(iter(moments.values())).state.shape[1:]
        return np.full((2, *shape), np.nan, np.float32)
    size = joined(np.stack(scores), settings.combination)
    signed = np.copysign(size, np.nansum(np.stack(steps), axis=0))
    ratio = background.log10_ratio(size)
    return np.stack((signed, ratio)).astype(np.float32)


def _sample(one: Moments) -> Sample:
    return Sample(one.count, one.mean, one.variance)


@dataclass(frozen=True, slots=True)
class _Spread:
    """Which pixels of a tile are of places, and of which of the numbers each is."""

    inside: NDArray[np.bool_]
    numbers: Integers
    index: Integers


def _summed(
    one: Picture, spread: _Spread, probes: Integers, settings: ChangeSettings
) -> Summed:
    margin, index, count = settings.margin, spread.index, len(spread.numbers)
    rows, columns = spread.inside.shape
    power = one.power[margin : margin + rows, margin : margin + columns]
    values = power[spread.inside].astype(np.float64) * 10 ** (-one.level_db / 10)
    good = np.isfinite(values) & (values > 0)
    return Summed(
        name=one.name,
        numbers=spread.numbers,
        power=np.bincount(index[good], values[good], count).astype(np.float64),
        pixels=np.bincount(index[good], minlength=count),
        probes_db=_probed(one, probes, settings),
    )


def _probed(one: Picture, probes: Integers, settings: ChangeSettings) -> Numbers:
    """What ``fold`` makes of single pixels of a picture."""
    from trucewatch.detect.change.speckle import fold

    size = 2 * settings.margin + 1
    found = np.full(len(probes), np.nan)
    for at, (row, column) in enumerate(probes.tolist()):
        state = np.zeros((3, 1, 1), np.float32)
        patch = one.power[row : row + size, column : column + size]
        fold(patch, settings.margin, settings.looks_ratio, one.level_db, state)
        if state[0, 0, 0]:
            found[at] = state[1, 0, 0]
    return found
