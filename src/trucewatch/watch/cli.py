"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from trucewatch.errors import TrucewatchError
from trucewatch.plugin import load, names
from trucewatch.watch.terminal import forgiving, write

COMMANDS = "trucewatch.watch.commands"
# 1 is said by a command: not true. The last two are 128 and the signal's number.
DONE, BAD_INPUT, INTERRUPTED, UNHEARD = 0, 2, 130, 141


class Commands(TyperGroup):
    """Subcommands that are files of one folder."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401
        """The commands, without importing any of them."""
        return names(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """One command, imported now; ``None`` if there is no such file."""
        if cmd_name not in names(COMMANDS):
            return None
        command = get_command(load(COMMANDS, cmd_name).app)
        command.name = cmd_name
        return command


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
    forgiving()
    sys.exit(code(sys.argv[1:] if arguments is None else arguments))


def code(arguments: list[str]) -> int:
    """The exit code of one command line: 0 done, 1 not true, 2 bad input."""
    try:
        return _left(arguments)
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped; the same command goes on where it was", INTERRUPTED)
    except (TrucewatchError, typer.TyperException, OSError, MemoryError) as error:
        return _refused(error)
    except ModuleNotFoundError as error:
        return _say(f"{error}; it comes with the extras: see README", BAD_INPUT)
    except Exception as error:
        if os.environ.get("TRUCEWATCH_DEBUG"):
            raise
        return _say(
            f"this is a fault of trucewatch itself: {type(error).__name__}: {error}\n"
            "please report it with what TRUCEWATCH_DEBUG=1 shows",
            BAD_INPUT,
        )


def _left(arguments: list[str]) -> int:
    """Run the command line; gives what it left with.

    Raises:
        KeyboardInterrupt: if it was stopped.
        BrokenPipeError: if nobody reads what it writes.
    """
    try:
        left = get_command(root)(
            arguments, prog_name="trucewatch", standalone_mode=False
        )
        sys.stdout.flush()
    except SystemExit as error:  # so the library says that the pipe is broken
        raise BrokenPipeError from error
    if left == INTERRUPTED:  # so the library says that Ctrl-C was pressed
        raise KeyboardInterrupt
    return left if isinstance(left, int) else DONE


def _refused(error: Exception) -> int:
    """What cannot be used is told in words; gives the exit code."""
    match error:
        case typer.TyperException():
            if str(error):
                _say(f"{error}; see --help", BAD_INPUT)
        case BrokenPipeError():
            with contextlib.suppress(OSError, ValueError):  # it is flushed at the end
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return UNHEARD
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            _say(f"{where}{error.strerror or error}", BAD_INPUT)
        case MemoryError():
            _say("this needs more memory than there is", BAD_INPUT)
        case _:
            _say(str(error), BAD_INPUT)
    return BAD_INPUT


def _say(what: str, exit_code: int) -> int:
    write(sys.stderr, f"trucewatch: {what}")
    return exit_code
