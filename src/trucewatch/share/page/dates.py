"""Days and times in words: the local day first, UTC beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from trucewatch.share.bulletin import Order
from trucewatch.share.text import Text

_INSTANT = timedelta(microseconds=1)


def local_days(text: Text, order: Order) -> str:
    """The local days an order's period touches, with the zone they are days of."""
    zone = ZoneInfo(order.zone)
    first = order.period.begin.astimezone(zone).date()
    last = (order.period.end - _INSTANT).astimezone(zone).date()
    days = day(text, first)
    if last != first:
        days = text.say("date.days", first=days, last=day(text, last))
    return text.say("date.local", days=days, zone=order.zone)


def day(text: Text, of: date) -> str:
    """A day of the calendar in words, the year with it."""
    return text.say(
        "date.day",
        weekday=text.say(f"weekday.{of.isoweekday()}"),
        day=str(of.day),
        month=text.say(f"month.{of.month}"),
        year=str(of.year),
    )


def period(begin: datetime, end: datetime) -> str:
    """A period as its clock shows it, the second date left out where it is the first.

    Both ends are shown in the zone they are given in.
    """
    start = f"{begin:%Y-%m-%d %H:%M}"
    same = begin.date() == end.date()
    stop = f"{end:%H:%M}" if same else f"{end:%Y-%m-%d %H:%M}"
    return f"{start} – {stop}"


def offset(order: Order) -> str:
    """How far local time is ahead of UTC when the period begins: ``UTC+02:00``."""
    begin = order.period.begin.astimezone(ZoneInfo(order.zone))
    minutes = round((begin.utcoffset() or timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
