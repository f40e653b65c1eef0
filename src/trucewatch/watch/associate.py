"""Locate incidents from the picks of an acoustic network: files in, files out."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from math import isfinite
from pathlib import Path

import numpy as np

from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Network, Outages, Picks, Weather
from trucewatch.fuse.acoustic.settings import EngineSettings, unforecast
from trucewatch.fuse.acoustic.solution import Solution, silence
from trucewatch.watch.acoustic_files import Heard, Tables, hear
from trucewatch.watch.acoustic_results import write_arrivals, write_incidents
from trucewatch.watch.columns import Reject
from trucewatch.watch.network_plot import network_plot
from trucewatch.watch.yamlfile import parsed

Tell = Callable[[str, float], None]
# What turns picks into a solution, as ``solve`` does.
Engine = Callable[
    [Network, Picks, Weather | None, Outages | None, EngineSettings, Tell], Solution
]

_REJECTS_SHOWN = 20
_REJECTS_IN_JSON = 1_000
# What the engine hears to become warm: s, and m east and north.
_BANGS = ((60.0, 500.0, 300.0), (61.0, -2_000.0, 900.0), (90.0, 500.0, 310.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where results go."""

    incidents: Path
    arrivals: Path | None = None
    rejects: Path | None = None
    plot: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one call did.

    Attributes:
        picks: rows of picks read.
        picks_used: those of them the engine was given.
        incidents: how many were found.
        rejects: rows of all tables that were not used.
        engine_s: processor time of the engine once warm; without reading and writing.
        warm_up_s: processor time until it was: compiling once, loading afterwards.
        peak_rss_bytes: the most memory the process held.
    """

    picks: int
    picks_used: int
    incidents: int
    rejects: tuple[Reject, ...]
    engine_s: float
    warm_up_s: float
    peak_rss_bytes: int


def associate(
    tables: Tables,
    outputs: Outputs,
    settings: EngineSettings,
    tell: Tell,
    engine: Engine = solve,
) -> Account:
    """Incidents, and what else was asked for, stand in their files.

    Raises:
        SourceError: if a table as a whole cannot be used.
    """
    tell("reading", 0.0)
    heard = hear(tables)
    began = time.process_time()
    if len(heard.picks.time_s):
        tell("warming up", 0.0)
        warm_up(engine, settings)
    warm = time.process_time()
    solution = silence(heard.network)
    if len(heard.picks.time_s):
        solution = engine(
            heard.network, heard.picks, heard.weather, heard.outages, settings, tell
        )
    done = time.process_time()
    tell("writing", 1.0)
    _write(heard, solution, outputs)
    return Account(
        picks=heard.rows,
        picks_used=len(heard.picks.time_s),
        incidents=len(solution.time_s),
        rejects=heard.rejects,
        engine_s=done - warm,
        warm_up_s=warm - began,
        peak_rss_bytes=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


def warm_up(engine: Engine, settings: EngineSettings) -> None:
    """The engine has run once, on forty made-up nodes that hear three bangs."""
    turn, ring = np.arange(40) * 2.399963, np.sqrt(np.arange(1, 41)) * 1_500.0
    x, y = ring * np.cos(turn), ring * np.sin(turn)
    times, nodes, levels = [], [], []
    for at, east, north in _BANGS:
        r = np.hypot(x - east, y - north)
        near = np.flatnonzero(r < 7_000.0)
        times.append(at + r[near] / 337.0)
        nodes.append(near)
        levels.append(120.0 - 20 * np.log10(r[near] / 1e3))
    time_s, sensor = np.concatenate(times), np.concatenate(nodes)
    order = np.lexsort((sensor, time_s))
    level = np.concatenate(levels)[order]
    engine(
        Network(
            sensor_id=tuple(f"{row:02d}" for row in range(40)),
            x_m=x,
            y_m=y,
            clock_sigma_s=np.full(40, 0.002),
            noise_db=np.full(40, 85.0),
        ),
        Picks(
            time_s=time_s[order],
            sensor=sensor[order].astype(np.int64),
            level_db=level,
            snr_db=level - 85.0,
        ),
        Weather(
            time_s=np.array([0.0, 3_600.0]),
            temp_c=np.array([10.0, 10.0]),
            wind_u_mps=np.zeros(2),
            wind_v_mps=np.zeros(2),
        ),
        Outages(
            sensor=np.array([0], np.int64),
            down_s=np.array([0.0]),
            up_s=np.array([30.0]),
        ),
        settings,
        lambda stage, done: None,
    )


def read_settings(path: Path | None, met: Path | None = None) -> EngineSettings:
    """The engine's settings with those of a YAML file in place of their defaults.

    Without a forecast the defaults leave the air as unknown as a season does.

    Raises:
        MissionError: if it names a setting that is none, or a value that cannot be.
    """
    usual = EngineSettings() if met else unforecast()
    if path is None:
        return usual
    chosen: dict[str, float] = {
        field.name: getattr(usual, field.name) for field in fields(usual)
    }
    written = parsed(path, "a file of engine settings")
    for name, value in written.body.items():
        if name not in chosen:
            why = f"no setting {name!r}; known: {', '.join(chosen)}"
            raise written.wrong((name,), why)
        number = _number(value)
        if number is None:
            why = f"{name} is {value}; a number of 0 or more is needed"
            raise written.wrong((name,), why)
        chosen[name] = number
    try:
        return EngineSettings(**chosen)
    except ValueError as error:
        raise written.wrong(("epoch_s",), str(error)) from error


def _number(word: object) -> float | None:
    """The number a word stands for; ``None`` unless it is 0 or more."""
    try:
        number = float(str(word))
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _write(heard: Heard, solution: Solution, outputs: Outputs) -> None:
    names = write_incidents(heard, solution, outputs.incidents)
    if outputs.arrivals:
        write_arrivals(heard, solution, names, outputs.arrivals)
    if outputs.rejects:
        rows = [f"{one.file},{one.line},{_cell(one.reason)}" for one in heard.rejects]
        outputs.rejects.write_text(
            "\n".join(["file,line,reason", *rows]) + "\n", "utf-8"
        )
    if outputs.plot:
        outputs.plot.write_text(network_plot(heard, solution), "utf-8")


def _cell(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def show_account(done: Account, incidents: Path, *, as_json: bool) -> None:
    """Print what was done; rejected rows with file, line and reason.

    As JSON on standard output; otherwise in words, the rejected rows on standard error.
    """
    if as_json:
        body = {
            "picks": done.picks,
            "picks_used": done.picks_used,
            "incidents": done.incidents,
            "rejected": len(done.rejects),
            "rejects": [asdict(one) for one in done.rejects[:_REJECTS_IN_JSON]],
            "engine_s": round(done.engine_s, 4),
            "warm_up_s": round(done.warm_up_s, 4),
            "peak_rss_mb": round(done.peak_rss_bytes / 1e6, 1),
        }
        sys.stdout.write(json.dumps(body, indent=2) + "\n")
        return
    sys.stderr.write("".join(f"{line}\n" for line in _told(done.rejects)))
    rate = done.picks_used / max(done.engine_s, 1e-9)
    sys.stdout.write(
        f"{done.picks} picks, {len(done.rejects)} rows rejected; "
        f"{done.incidents} incidents in {incidents}\n"
        f"engine {done.engine_s:.2f} s ({rate:,.0f} picks/s), "
        f"warm-up {done.warm_up_s:.1f} s, memory {done.peak_rss_bytes / 1e6:.0f} MB\n"
    )


def _told(rejects: tuple[Reject, ...]) -> Iterator[str]:
    for one in rejects[:_REJECTS_SHOWN]:
        yield f"rejected {one.file} line {one.line}: {one.reason}"
    if (more := len(rejects) - _REJECTS_SHOWN) > 0:
        yield f"... and {more} more; --rejects FILE lists all"
