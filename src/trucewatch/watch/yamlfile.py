"""Read the small YAML files people write by hand, with errors people can use."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from trucewatch.errors import MissionError

SIZE_LIMIT = 1_000_000  # bytes; such a file is written by hand


def parsed(path: Path, what: str) -> dict[str, object]:
    """The mapping a YAML 1.2 file holds.

    Raises:
        MissionError: if the file cannot be read or holds no mapping; says ``what``
            it should have been.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            msg = f"{path.name} has over {SIZE_LIMIT} bytes: not {what}"
            raise MissionError(msg)
        body = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise MissionError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path.name} is not UTF-8: {error.reason} at byte {error.start}"
        raise MissionError(msg) from error
    except (YAMLError, ValueError, RecursionError) as error:
        msg = f"{path.name} is not YAML: {' '.join(str(error).split())}"
        raise MissionError(msg) from error
    if not isinstance(body, dict):
        msg = f"{path.name} is not {what}: it holds no `key: value` lines"
        raise MissionError(msg)
    return {str(key): value for key, value in body.items()}


def explained(error: ValidationError) -> str:
    """Every problem on a line of its own, with the key it stands under."""
    lines = []
    for one in error.errors(include_url=False):
        where = ".".join(str(step) for step in one["loc"]) or "file"
        lines.append(f"{where}: {one['msg'].removeprefix('Value error, ')}")
    return "\n  ".join(lines)
