"""Verify a bulletin's folder or a ledger's, whichever is given."""

from __future__ import annotations

from pathlib import Path

from trucewatch.errors import MissionError
from trucewatch.store.manifest import verify_bulletin
from trucewatch.store.verify import Step, verify_ledger
from trucewatch.watch.regular import refuse_special


def steps_for(what: Path, ledger: Path | None, key: str | None) -> tuple[Step, ...]:
    """The numbered steps of checking what lies in a folder.

    Raises:
        MissionError: if the folder holds neither a bulletin nor a ledger, or
            something that is no regular file.
    """
    for folder in (what, ledger or what):
        refuse_special(folder)
    if (what / "MANIFEST.json").exists() or (what / "MANIFEST.sig").exists():
        return verify_bulletin(what, trusted_key=key, ledger=ledger)
    if (what / "checkpoint").exists() or (what / "tile").exists():
        return verify_ledger(what, trusted_key=key)
    if (what / "ledger").is_dir():
        return steps_for(what / "ledger", None, key)
    msg = f"{what} holds neither a bulletin (MANIFEST.json) nor a ledger (checkpoint)"
    raise MissionError(msg)
