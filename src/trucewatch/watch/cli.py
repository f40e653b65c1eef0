"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from trucewatch.errors import TrucewatchError
from trucewatch.plugin import load, names

if TYPE_CHECKING:
    import click

COMMANDS = "trucewatch.watch.commands"
DONE, NOT_TRUE, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class NotTrueError(Exception):
    """Something was checked and is not true; it has been said already."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(code(sys.argv[1:] if arguments is None else arguments))


def code(arguments: list[str]) -> int:
    """The exit code of one command line: 0 done, 1 not true, 2 bad input."""
    import click

    try:
        group().main(arguments, prog_name="trucewatch", standalone_mode=False)
    except NotTrueError:
        return NOT_TRUE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.Abort:
        return _say("stopped", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (TrucewatchError, OSError) as error:
        return _say(str(error), BAD_INPUT)
    except KeyboardInterrupt:
        return _say("stopped; run the same command again to go on", INTERRUPTED)
    except Exception as error:  # noqa: BLE001  (the one boundary)
        if os.environ.get("TRUCEWATCH_DEBUG"):
            raise
        return _say(
            f"this is a fault of trucewatch itself: {type(error).__name__}: {error}\n"
            "please report it with what TRUCEWATCH_DEBUG=1 shows",
            BAD_INPUT,
        )
    return DONE


def group() -> click.Group:
    """The root command; its subcommands are the files of one folder."""
    import click
    import typer

    class Commands(click.Group):
        def list_commands(self, ctx: click.Context) -> list[str]:
            return names(COMMANDS)

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            if cmd_name not in names(COMMANDS):
                return None
            return typer.main.get_command(load(COMMANDS, cmd_name).app)

    return Commands(
        name="trucewatch",
        help="Watch a ceasefire: from deliveries to signed, checkable bulletins.",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _say(what: str, exit_code: int) -> int:
    sys.stderr.write(f"trucewatch: {what}\n")
    return exit_code
