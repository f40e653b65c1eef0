"""Parameters that commands share: the same words for the same thing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# What a run has left, from which later commands read.
Kept = Annotated[
    Path, typer.Argument(help="A mission file, a run's folder or its ledger.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
