"""`trucewatch agreement`: check, show and describe agreement files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

BAD_INPUT = 2

app = typer.Typer(
    help="Check, show and describe agreement files.",
    no_args_is_help=True,
    add_completion=False,
)

File = Annotated[Path, typer.Argument(help="An agreement file (YAML).")]


@app.command()
def check(
    file: File,
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with FILE; leaves with 2 if anything is."""
    from trucewatch.agreement.read import problems

    found = problems(file)
    if as_json:
        typer.echo(_as_json(file, found))
    elif found:
        for problem in found:
            typer.echo(str(problem), err=True)
        many = "problem" if len(found) == 1 else "problems"
        typer.echo(f"{len(found)} {many} found", err=True)
    else:
        typer.echo(f"{file}: nothing is wrong")
    if found:
        raise typer.Exit(BAD_INPUT)


@app.command()
def show(
    file: File,
    html: Annotated[
        Path | None, typer.Option(help="Write one HTML page with a map here.")
    ] = None,
) -> None:
    """Print FILE as readable text, or write it as a page with a map."""
    from trucewatch.agreement.read import read_agreement
    from trucewatch.errors import AgreementError

    try:
        versions = read_agreement(file)
    except AgreementError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from error
    if html is None:
        from rich.console import Console
        from rich.text import Text

        from trucewatch.agreement.show import show as lines

        console = Console()
        for line in lines(versions):
            console.print(line, soft_wrap=isinstance(line, Text))
        return
    from trucewatch.agreement.page import page

    try:
        html.write_text(page(versions), encoding="utf-8")
    except OSError as error:
        typer.echo(f"{html} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(BAD_INPUT) from error
    typer.echo(f"{html}: written")


@app.command()
def schema() -> None:
    """Print the JSON Schema of agreement files."""
    from trucewatch.agreement.schema import schema as text

    typer.echo(text(), nl=False)


def _as_json(file: Path, found: tuple[object, ...]) -> str:
    import json
    from dataclasses import asdict

    from trucewatch.agreement.problem import Problem

    listed = [asdict(one) for one in found if isinstance(one, Problem)]
    return json.dumps({"file": str(file), "ok": not listed, "problems": listed})
