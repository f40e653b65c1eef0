"""What a run issued: bulletins as records and every word of every file."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_TAG = re.compile(r"<(style|script)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Issued:
    """Bulletins and texts by ``day/stage-release-language``."""

    bulletins: dict[str, Row]
    texts: dict[str, str]

    def bulletin(self, day: str, stage: str = "R", release: str = "public") -> Row:
        """One bulletin as its canonical record."""
        return self.bulletins[f"{day}/{stage}-{release}-en"]

    def text(self, day: str, stage: str = "R", release: str = "public") -> str:
        """Its words as a person reads them."""
        return self.texts[f"{day}/{stage}-{release}-en/bulletin.html"]


def read(folder: Path) -> Issued:
    """Everything below the folder of a run's bulletins."""
    bulletins, texts = {}, {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.name == "bulletin.json":
            bulletins[name.rpartition("/")[0]] = json.loads(path.read_bytes())
        elif path.suffix in (".html", ".csv", ".geojson"):
            texts[name] = _words(path.read_text("utf-8"))
    return Issued(bulletins, texts)


def standings(incident: Row, clause: str) -> dict[str, str]:
    """How an incident stands to one clause, by reading."""
    return {
        one["reading"]: one["standing"]
        for one in incident["findings"]
        if one["clause"] == clause
    }


def only_claimed(incident: Row) -> bool:
    """Whether nothing but the word of parties speaks for an incident."""
    return {one["channel"] for one in incident["origins"]} == {"party"}


def _words(text: str) -> str:
    plain = html.unescape(_TAG.sub(" ", text)).replace("\u200b", "")
    return " ".join(plain.replace("\u00ad", "").split())
