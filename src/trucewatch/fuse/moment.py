"""Place and instant of one incident as one normal law, of all channels together.

Source: MODEL 1.2, the integral over place and time by Laplace's method; the mode by
Gauss and Newton on the residuals every channel gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log10, pi, sqrt

from trucewatch.detect.ellipse import place_of
from trucewatch.fuse.state import Row, State, offset
from trucewatch.period import Period
from trucewatch.place import Place

# Covariance or information of (east, north, time): xx, xy, yy, xt, yt, tt.
Six = tuple[float, float, float, float, float, float]
Rows = Callable[[State], tuple[Row, ...]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NORMAL_90 = 1.6448536269514722  # two-sided, of one dimension
GATE_SIGMAS = 4.0
STEPS = 12
SETTLED = 1e-3  # standard deviations: smaller steps change nothing
LEAST_S = 1e-3
KM2_DAYS = 1e6 * 86_400.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A normal law of place and instant.

    Attributes:
        state: its mean.
        spread: covariance in m2, m s and s2, in the order of ``Six``.
    """

    state: State
    spread: Six

    @property
    def place(self) -> Place:
        """The place with its 90 % ellipse, whatever the time."""
        return place_of(self.state.lat_deg, self.state.lon_deg, self.spread[:3])

    @property
    def time_sd_s(self) -> float:
        """Standard deviation of the time, whatever the place."""
        return sqrt(max(self.spread[5], 0.0))

    @property
    def time(self) -> Period:
        """The period that holds the instant with 90 % probability."""
        return self.about(NORMAL_90)

    def about(self, sigma_ratio: float) -> Period:
        """So many standard deviations to either side, at least a millisecond."""
        half_s = max(sigma_ratio * self.time_sd_s, LEAST_S)
        middle = EPOCH + timedelta(seconds=self.state.time_s)
        half = timedelta(seconds=half_s)
        return Period(middle - half, middle + half)

    @property
    def log10_km2_days(self) -> float:
        """Log10 of the volume the law spreads over: one over its peak density."""
        return 1.5 * log10(2 * pi) + log10(det3(self.spread)) / 2 - log10(KM2_DAYS)

    def rows(self, state: State) -> tuple[Row, ...]:
        """Three residuals whose squares add up to the distance in this law."""
        a, b, c, d, e, f = inverse3(self.spread)
        # Cholesky of the information with time first: f, then what is left of it.
        last = sqrt(f)
        p, q = d / last, e / last
        first = sqrt(a - p * p)
        mixed = (b - p * q) / first
        second = sqrt(max(c - q * q - mixed * mixed, 0.0))
        x, y = offset(self.state.lat_deg, self.state.lon_deg, state)
        t = state.time_s - self.state.time_s
        return (
            (p * x + q * y + last * t, p, q, last),
            (first * x + mixed * y, first, mixed, 0.0),
            (second * y, 0.0, second, 0.0),
        )


def settled(laws: Sequence[Rows], start: State) -> Moment | None:
    """The mode of all laws together and its covariance.

    ``None`` where the laws leave place or time open, or do not settle.
    """
    state = start
    cost, normal, pull = _sums(laws, state)
    for _ in range(STEPS):
        spread = _inverted(normal)
        if spread is None:
            return None
        step = times3(spread, pull)
        moves = sqrt(max(sum(s * g for s, g in zip(step, pull, strict=True)), 0.0))
        if moves < SETTLED:
            at = State(state.lat_deg, state.lon_deg, state.time_s, sqrt(spread[5]))
            return Moment(at, spread)
        for _halving in range(6):
            tried = state.moved(*step)
            next_cost, next_normal, next_pull = _sums(laws, tried)
            if next_cost <= cost + 1e-9:
                break
            step = (step[0] / 2, step[1] / 2, step[2] / 2)
        state, cost, normal, pull = tried, next_cost, next_normal, next_pull
    return None


def _sums(
    laws: Sequence[Rows], state: State
) -> tuple[float, Six, tuple[float, float, float]]:
    """Half the squared residuals, the information, and the pull towards the mode."""
    cost, x, y, t = 0.0, 0.0, 0.0, 0.0
    xx, xy, yy, xt, yt, tt = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for law in laws:
        for off, east, north, later in law(state):
            cost += off * off / 2
            x, y, t = x - off * east, y - off * north, t - off * later
            xx, xy, yy = xx + east * east, xy + east * north, yy + north * north
            xt, yt, tt = xt + east * later, yt + north * later, tt + later * later
    return cost, (xx, xy, yy, xt, yt, tt), (x, y, t)


def _inverted(normal: Six) -> Six | None:
    scale = normal[0] * normal[2] * normal[5]
    return inverse3(normal) if det3(normal) > 1e-12 * scale > 0 else None


def det3(six: Six) -> float:
    """Of a symmetric matrix of order three."""
    a, b, c, d, e, f = six
    return a * (c * f - e * e) - b * (b * f - e * d) + d * (b * e - c * d)


def inverse3(six: Six) -> Six:
    """Of a symmetric, regular matrix of order three, by its adjugate."""
    a, b, c, d, e, f = six
    det = det3(six)
    return (
        (c * f - e * e) / det,
        (d * e - b * f) / det,
        (a * f - d * d) / det,
        (b * e - c * d) / det,
        (b * d - a * e) / det,
        (a * c - b * b) / det,
    )


def times3(six: Six, vector: tuple[float, float, float]) -> tuple[float, float, float]:
    """A symmetric matrix of order three times a vector."""
    a, b, c, d, e, f = six
    x, y, t = vector
    return a * x + b * y + d * t, b * x + c * y + e * t, d * x + e * y + f * t
