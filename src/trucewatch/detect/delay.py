"""How long after it happened something is made known: what a date of print tells.

Where a party says only when it printed, not when it happened, the time before the
print is weighed by a log-normal delay; of media no law could be learnt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import erf, exp, log, pi, sqrt

from trucewatch.period import Period
from trucewatch.record import Value

LATEST_SIGMAS = 2.0  # of the log: one print in forty is later still
EVEN_RATIO = 0.1  # judgement


@dataclass(frozen=True, slots=True)
class Delay(Value):
    """A log-normal delay.

    Attributes:
        median_s: half of what is printed is printed earlier.
        log_spread_ratio: standard deviation of the natural log of the delay.
    """

    median_s: float
    log_spread_ratio: float

    @property
    def longest_s(self) -> float:
        """Beyond it a delay is not reckoned with."""
        longest_s = self.median_s * exp(LATEST_SIGMAS * self.log_spread_ratio)
        return 60.0 * round(longest_s / 60.0)

    def p_within(self, late_s: float) -> float:
        """The chance of a delay of at most so long."""
        if late_s <= 0:
            return 0.0
        z = log(late_s / self.median_s) / self.log_spread_ratio
        return (1 + erf(z / sqrt(2))) / 2

    def density_ratio(self, late_s: float, begin_s: float, end_s: float) -> float:
        """Density at a delay over the even density on ``[begin_s, end_s)``, delays.

        The law is cut to that interval and mixed with ``EVEN_RATIO`` of prints that
        follow none: summaries, and words that name no hour of a day long past.
        """
        if not begin_s <= late_s <= end_s:
            return 0.0
        lawful = self._lawful_ratio(late_s, begin_s, end_s)
        return (1 - EVEN_RATIO) * lawful + EVEN_RATIO

    def most_ratio(self, begin_s: float, end_s: float) -> float:
        """What ``density_ratio`` does not exceed at any delay of the interval."""
        mass = self.p_within(end_s) - self.p_within(begin_s)
        if mass <= 0:
            return EVEN_RATIO
        spread = self.log_spread_ratio
        peak = exp(spread * spread / 2) / (self.median_s * spread * sqrt(2 * pi))
        return (1 - EVEN_RATIO) * peak / mass * (end_s - begin_s) + EVEN_RATIO

    def _lawful_ratio(self, late_s: float, begin_s: float, end_s: float) -> float:
        mass = self.p_within(end_s) - self.p_within(begin_s)
        if late_s <= 0 or mass <= 0:
            return 0.0
        z = log(late_s / self.median_s) / self.log_spread_ratio
        density = exp(-z * z / 2) / (late_s * self.log_spread_ratio * sqrt(2 * pi))
        return density / mass * (end_s - begin_s)


# Source: benchmarks/delays.py, 115 posts of one ministry that name the hour.
PARTY = Delay(median_s=5_700.0, log_spread_ratio=0.66)
# Of media nothing could be learnt: 130 reports beside the sirens of their provinces
# prefer no delay to another (0.1 nats). Half a day before the print, evenly: judgement.
MEDIA_LAG = timedelta(hours=12)


def before(printed: Period, *, by_party: bool) -> Period:
    """When what was printed then may have happened, if nobody says when."""
    lag = timedelta(seconds=PARTY.longest_s) if by_party else MEDIA_LAG
    return Period(printed.begin - lag, printed.end)


def late_s(made_known: datetime, time_s: float) -> float:
    """How long after an instant (since 1970-01-01 UTC) it was made known."""
    return made_known.timestamp() - time_s
