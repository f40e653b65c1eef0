"""When the terms were in force: a still time line with a row for each reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from trucewatch.period import Period
from trucewatch.share.bulletin import Bulletin, ReadingRow

_WIDTH, _LEFT, _TOP, _ROW, _BAR = 960.0, 96.0, 30.0, 30.0, 16.0
# Days shown before and after the period: enough to see a window of a week end.
_AROUND = timedelta(days=7)
_DAY = timedelta(days=1)
_MOST_LABELS = 16
_FONT = 'font-family="DejaVu Sans Mono, monospace"'


@dataclass(frozen=True, slots=True)
class _Axis:
    """UTC from left to right."""

    begin: datetime
    end: datetime

    def x(self, time: datetime) -> float:
        """Drawing units from the left, times outside set to the nearest edge."""
        inside = min(max(time, self.begin), self.end)
        share = (inside - self.begin) / (self.end - self.begin)
        return _LEFT + share * (_WIDTH - _LEFT)


def strip(bulletin: Bulletin, label: str, never: str) -> str:
    """An SVG drawing; empty where the agreement has no reading.

    Colours are attributes, so that a style sheet may override them by class.
    ``never`` stands where a reading has no window.
    """
    rows = bulletin.readings
    if not rows:
        return ""
    period = bulletin.order.period
    axis = _Axis(period.begin - _AROUND, period.end + _AROUND)
    height = _TOP + _ROW * len(rows) + 8
    parts = [_days(axis, height)]
    parts += [_row(axis, one, n, never) for n, one in enumerate(rows)]
    parts.append(_frame(axis, period, height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} '
        f'{height:.0f}" role="img" aria-label="{escape(label)}">'
        f'<rect class="m-ground" width="{_WIDTH:.0f}" height="{height:.0f}" '
        f'fill="#f3f4f2"/>{"".join(parts)}</svg>'
    )


def _days(axis: _Axis, height: float) -> str:
    """A line at each midnight UTC, with the date above as many as fit."""
    first = datetime.combine(axis.begin.date(), datetime.min.time(), UTC) + _DAY
    days = [first + n * _DAY for n in range((axis.end - first).days + 1)]
    every = -(-len(days) // _MOST_LABELS)
    lines = "".join(f"M{axis.x(one):.1f} {_TOP - 6:.0f}V{height:.0f}" for one in days)
    labels = "".join(
        f'<text class="m-label" x="{axis.x(one):.1f}" y="{_TOP - 12:.0f}" {_FONT} '
        f'font-size="11" text-anchor="middle" fill="#57606a">{one:%m-%d}</text>'
        for one in days[1:-1:every]
    )
    return f'<path class="m-grid" d="{lines}" fill="none" stroke="#d3d6d2"/>{labels}'


def _row(axis: _Axis, row: ReadingRow, n: int, never: str) -> str:
    y = _TOP + n * _ROW + (_ROW - _BAR) / 2
    name = (
        f'<text class="m-name" x="{_LEFT - 10:.0f}" y="{y + 12:.1f}" {_FONT} '
        f'font-size="13" font-weight="bold" text-anchor="end" fill="#1b1f24">'
        f"{escape(row.id)}</text>"
    )
    if not row.windows:
        return name + (
            f'<text class="m-label" x="{_LEFT + 8:.0f}" y="{y + 12:.1f}" {_FONT} '
            f'font-size="12" fill="#57606a">{escape(never)}</text>'
        )
    return name + "".join(_window(axis, one, y) for one in row.windows)


def _window(axis: _Axis, window: str, y: float) -> str:
    """The whole window pale, the part that is sure in full colour."""
    opens, closes = (one.split("~") for one in window.split("/"))
    begin, sure_begin = (_time(opens[i], axis.begin) for i in (0, -1))
    sure_end, end = (_time(closes[i], axis.end) for i in (0, -1))
    pale = _bar(axis, begin, end, y, "0.3")
    return pale + (
        _bar(axis, sure_begin, sure_end, y, "1") if sure_begin < sure_end else ""
    )


def _time(edge: str, where_open: datetime) -> datetime:
    return where_open if edge == ".." else datetime.fromisoformat(edge)


def _bar(axis: _Axis, begin: datetime, end: datetime, y: float, opacity: str) -> str:
    left, right = axis.x(begin), axis.x(end)
    if right <= left:
        return ""
    return (
        f'<rect class="m-window" x="{left:.1f}" y="{y:.1f}" width="{right - left:.1f}" '
        f'height="{_BAR:.0f}" fill="#0b4f8a" fill-opacity="{opacity}"/>'
    )


def _frame(axis: _Axis, period: Period, height: float) -> str:
    left, right = axis.x(period.begin), axis.x(period.end)
    return (
        f'<rect class="m-now" x="{left:.1f}" y="{_TOP - 6:.0f}" '
        f'width="{right - left:.1f}" height="{height - _TOP + 4:.0f}" fill="none" '
        f'stroke="#9b2226" stroke-width="2"/>'
    )
