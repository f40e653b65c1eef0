"""What people at a terminal see: progress, summaries, where things are."""

from __future__ import annotations

import json
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trucewatch.errors import MissionError
from trucewatch.store.verify import Step
from trucewatch.watch.run import Summary
from trucewatch.watch.terminal import on_one_line, write


@contextmanager
def telling() -> Iterator[Callable[[str, float], None]]:
    """A function that shows what is being done and how far the run is.

    On a terminal a progress bar; otherwise one line of log for each call.
    """
    if not sys.stderr.isatty():
        yield lambda what, done: write(sys.stderr, f"{done:4.0%} {on_one_line(what)}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    words = TextColumn("{task.description}", markup=False)
    columns = (BarColumn(), TimeElapsedColumn(), words)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=1.0)
        yield lambda what, done: progress.update(
            task, description=on_one_line(what), completed=done
        )


def show_summary(summary: Summary, folder: Path, *, as_json: bool) -> None:
    """Print what a run did and how to check it.

    Raises:
        MissionError: if a delivery as a whole could not be read; all the rest is
            done and stands in the ledger.
    """
    if as_json:
        body = {
            "deliveries": summary.deliveries,
            "unreadable": summary.unreadable,
            "rows": summary.rows,
            "rejected": summary.rejected,
            "incidents": summary.incidents,
            "bulletins": [str(one) for one in summary.bulletins],
            "ledger": str(folder / "ledger"),
            "size": summary.size,
            "root": summary.root,
        }
        write(sys.stdout, json.dumps(body, indent=2))
    else:
        write(sys.stdout, "\n".join(_lines(summary, folder)))
    if summary.unreadable:
        listed = "\n  ".join(map(on_one_line, summary.unreadable))
        many = len(summary.unreadable)
        deliveries = "1 delivery" if many == 1 else f"{many} deliveries"
        msg = f"{deliveries} could not be read:\n  {listed}"
        raise MissionError(msg)


def show_steps(steps: tuple[Step, ...], what: str, *, as_json: bool) -> bool:
    """Print the numbered steps of a verification; whether all of them hold."""
    good = all(step.ok for step in steps)
    if as_json:
        body = {
            "what": what,
            "verified": good,
            "steps": [
                {
                    "number": step.number,
                    "title": step.title,
                    "ok": step.ok,
                    "problems": list(step.problems),
                }
                for step in steps
            ],
        }
        write(sys.stdout, json.dumps(body, indent=2))
        return good
    for step in steps:
        write(sys.stdout, f"{step.number:>3} {'ok' if step.ok else 'NO'}  {step.title}")
        for problem in step.problems:
            write(sys.stdout, f"        {problem}")
    write(sys.stdout, f"{'verified' if good else 'NOT verified'}: {what}")
    return good


def open_in_browser(summary: Summary) -> None:
    """The last bulletin with a page opens in the browser, where there is one."""
    pages = [one / "bulletin.html" for one in summary.bulletins]
    for page in reversed([one for one in pages if one.is_file()]):
        webbrowser.open(page.resolve().as_uri())
        return


def program() -> str:
    """How this program was called, so that what is printed can be typed as it is."""
    called = sys.argv[0]
    return called if Path(called).name == "trucewatch" else "trucewatch"


def _lines(summary: Summary, folder: Path) -> Iterator[str]:
    yield (
        f"{summary.deliveries} deliveries, {summary.rows} rows, "
        f"{summary.rejected} rejected; {summary.incidents} incidents now"
    )
    if summary.rejected:
        yield f"rejected  {program()} rejects {folder}  lists each with its reason"
    yield f"ledger    {folder / 'ledger'}  ({summary.size} records)"
    yield f"root      {summary.root}"
    for one in summary.bulletins:
        yield f"bulletin  {one}"
    if summary.bulletins:
        yield f"check it  {program()} verify {summary.bulletins[-1]}"
    yield f"check all {program()} verify {folder / 'ledger'}"
