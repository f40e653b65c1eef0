"""Say things of one bulletin in its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trucewatch.share.bulletin import Bulletin, IncidentRow
from trucewatch.share.counts import FIRING
from trucewatch.share.page.dates import period
from trucewatch.share.page.model import Cell, Table
from trucewatch.share.page.standing import MARKS
from trucewatch.share.rows import WITHHELD
from trucewatch.share.text import Text, catalogue
from trucewatch.share.words import words


@dataclass(frozen=True, slots=True)
class Voice:
    """A bulletin and the catalogue of its language."""

    bulletin: Bulletin
    text: Text

    @classmethod
    def of(cls, bulletin: Bulletin) -> Voice:
        """The voice of a bulletin.

        Raises:
            LookupError: if no catalogue of its language is shipped.
        """
        return cls(bulletin, catalogue(bulletin.order.language))

    @property
    def watched(self) -> bool:
        """Whether any procedure could have noticed anything in this period."""
        return any(one.p_detect > 0 for one in self.bulletin.coverage)

    def say(self, key: str, n: int | None = None, **named: str | int) -> str:
        """A sentence of the catalogue."""
        return self.text.say(key, n, **named)

    def cell(self, key: str, n: int | None = None, **named: str | int) -> Cell:
        """A sentence of the catalogue as a piece of a page."""
        return Cell(self.text.say(key, n, **named))

    def code(self, group: str, code: str) -> Cell:
        """The words for a code, toned by it."""
        return Cell(self.text.code(group, code), tone=code.lower())

    def standing(self, code: str) -> Cell:
        """The words for a standing after its mark, toned by it."""
        return Cell(f"{MARKS[code]} {self.text.code('standing', code)}", tone=code)

    def number(self, n: int) -> Cell:
        """A whole number for a table."""
        return Cell(self.text.number(n), number=True)

    def percent(self, p: float) -> Cell:
        """A probability or share for a table."""
        return Cell(self.text.percent(p), number=True)

    def likelihood(self, p_low: float, p_high: float | None = None) -> str:
        """Word and number; both words where an interval spans two bands."""
        high = p_low if p_high is None else p_high
        said = [self.text.say(f"word.{code}") for code in words(p_low, high)]
        if p_low == high:
            shown = self.text.percent(high)
            return self.say("likelihood.one", word=said[0], percent=shown)
        low, top = self.text.percent(p_low), self.text.percent(high)
        if len(said) == 1:
            return self.say("likelihood.within", word=said[0], low=low, high=top)
        first, last = said
        return self.say("likelihood.two", first=first, last=last, low=low, high=top)

    def between(self, p: float, p_low: float | None, p_high: float | None) -> str:
        """Likelihood by the whole interval where it spans two words, else by ``p``."""
        if p_low is None or p_high is None or len(words(p_low, p_high)) == 1:
            return self.likelihood(p)
        return self.likelihood(p_low, p_high)

    def table(self, name: str, columns: str, rows: Sequence[tuple[Cell, ...]]) -> Table:
        """A table whose caption and heads stand under ``table.NAME`` and ``head.``.

        ``columns`` are names divided by blanks; a ``#`` before one sets it flush
        right.
        """
        head = tuple(
            Cell(self.say(f"head.{one.removeprefix('#')}"), number=one[0] == "#")
            for one in columns.split()
        )
        return Table(self.say(f"table.{name}"), head, tuple(rows))

    def sector(self, sector: str) -> Cell:
        """The agreement's title of a sector, or what stands for none."""
        titles = {one.id: one.title for one in self.bulletin.sectors}
        if sector in titles:
            return Cell(titles[sector], quoted=True)
        return self.cell("sector.firing" if sector == FIRING else "sector.none")

    def party(self, party: str) -> Cell:
        """The agreement's name of a party, or what stands for it."""
        if party == WITHHELD:
            return self.cell("party.withheld")
        names = dict(self.bulletin.parties)
        return Cell(names[party], quoted=True) if party in names else Cell(party)

    def where(self, row: IncidentRow) -> Cell:
        """A released place in words."""
        if row.lat_deg is not None and row.lon_deg is not None:
            decimals = max(0, len(f"{row.cell_deg:.4f}".rstrip("0")) - 2)
            north = self.say("place.north" if row.lat_deg >= 0 else "place.south")
            east = self.say("place.east" if row.lon_deg >= 0 else "place.west")
            lat, lon = (f"{abs(x):.{decimals}f}" for x in (row.lat_deg, row.lon_deg))
            km = f"{row.semi_major_m / 1000:.1f}"
            centre = f"{lat}°\u00a0{north} {lon}°\u00a0{east}"
            return self.cell("place.point", centre=centre, km=km)
        if row.area:
            return Cell(row.area, quoted=True)
        return self.cell("place.none")

    def time(self, begin: datetime, end: datetime) -> str:
        """A period in UTC, its second date left out where it is the first."""
        return period(begin, end)

    def when(self, begin: datetime, end: datetime) -> Cell:
        """A period in UTC for a table: broken between its ends, nowhere else."""
        return Cell(period(begin, end), tone="time")
