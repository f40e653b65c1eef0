"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from trucewatch.errors import TrucewatchError
from trucewatch.plugin import load, names

COMMANDS = "trucewatch.watch.commands"
DONE, BAD_INPUT, INTERRUPTED = 0, 2, 130  # 1 is said by a command: not true


class Commands(TyperGroup):
    """Subcommands that are files of one folder."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401
        """The commands, without importing any of them."""
        return names(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """One command, imported now; ``None`` if there is no such file."""
        if cmd_name not in names(COMMANDS):
            return None
        return get_command(load(COMMANDS, cmd_name).app)


root = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@root.callback()
def trucewatch() -> None:
    """Watch a ceasefire: from deliveries to signed, checkable bulletins."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(code(sys.argv[1:] if arguments is None else arguments))


def code(arguments: list[str]) -> int:
    """The exit code of one command line: 0 done, 1 not true, 2 bad input."""
    try:
        left = get_command(root)(
            arguments, prog_name="trucewatch", standalone_mode=False
        )
        return left if isinstance(left, int) else DONE
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped; the same command goes on where it was", INTERRUPTED)
    except typer.TyperException as error:
        return _say(f"{error}; see --help", BAD_INPUT) if str(error) else BAD_INPUT
    except (TrucewatchError, OSError) as error:
        return _say(str(error), BAD_INPUT)
    except Exception as error:
        if os.environ.get("TRUCEWATCH_DEBUG"):
            raise
        return _say(
            f"this is a fault of trucewatch itself: {type(error).__name__}: {error}\n"
            "please report it with what TRUCEWATCH_DEBUG=1 shows",
            BAD_INPUT,
        )


def _say(what: str, exit_code: int) -> int:
    sys.stderr.write(f"trucewatch: {what}\n")
    return exit_code
