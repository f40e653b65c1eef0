"""`trucewatch exercise`: rehearse the mechanism against known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(
    help="Rehearse the mechanism against known truth.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("list")
def list_() -> None:
    """Print the scenarios that ship."""
    from trucewatch.exercise.scenario import read_scenario, shipped

    for name in shipped():
        typer.echo(f"{name:<20} {read_scenario(name).title}")


@app.command()
def make(
    scenario: Annotated[str, typer.Argument(help="A shipped name, or a YAML file.")],
    out: Annotated[Path, typer.Option(help="Write the exercise into this folder.")],
    seed: Annotated[
        int, typer.Option(help="Another seed, another exercise.", min=0)
    ] = 1,
    json: AsJson = False,
) -> None:
    """Write mission, terms, deliveries and truth of an exercise."""
    from trucewatch.exercise.make import TRUTH
    from trucewatch.exercise.make import make as written
    from trucewatch.exercise.scenario import read_scenario

    truth = written(read_scenario(scenario), seed, out)
    counts = {
        one: sum(t.sort == one for t in truth)
        for one in sorted({t.sort for t in truth})
    }
    if json:
        from json import dumps

        typer.echo(dumps({"mission": str(out / "mission.yaml"), "happenings": counts}))
        return
    said = ", ".join(f"{n} {sort}" for sort, n in counts.items())
    typer.echo(f"truth     {out / TRUTH}  ({said or 'nothing happens'})")
    typer.echo(f"run it    trucewatch run {out / 'mission.yaml'} --out {out / 'run'}")
    typer.echo(
        f"score it  trucewatch exercise score {out / 'run'} --truth {out / TRUTH}"
    )


@app.command("score")
def score_(
    run: Annotated[list[Path], typer.Argument(help="Folders that runs have left.")],
    truth: Annotated[list[Path], typer.Option(help="The truth of each, in order.")],
    out: Annotated[
        Path | None, typer.Option(help="Write page, JSON and history here.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Set what a run said beside what truly happened."""
    from trucewatch.errors import ScenarioError
    from trucewatch.watch.exercise import say, score_run, write_score

    if len(run) != len(truth):
        msg = f"{len(run)} runs need as many --truth, not {len(truth)}"
        raise ScenarioError(msg)
    cards = tuple(score_run(a, b) for a, b in zip(run, truth, strict=True))
    if out is not None:
        write_score(cards, out)
    if json:
        from json import dumps, loads

        from trucewatch.record import written_out

        typer.echo(dumps([loads(written_out(one)) for one in cards]))
        return
    for one in cards:
        typer.echo("\n".join(say(one)))
    if out is not None:
        typer.echo(f"page      {out / 'scorecard.html'}")
