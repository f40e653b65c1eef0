"""Our decoders beside others': `python -m benchmarks.peers PYTHON`.

``PYTHON`` is the interpreter of an environment of its own with pyModeS (GPL, so never a
dependency), PyAV (FFmpeg) and klvdata; what it lacks is skipped with a word. Compared
are frames and messages that are accepted, and what is told alike: addresses and
altitudes of aircraft, packets out of MPEG-TS, keys of video metadata. AIS, Remote ID
and flight logs are compared in the tests (pyais, tshark, pymavlink, pyulog).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from tests.collect.deliveries import read, sample
from tests.collect.filmed import klv
from tests.collect.transport import muxed

from trucewatch.collect.tracks import TrackPoints
from trucewatch.plugin import load

_ADSB = """
import json, sys, pyModeS
found = []
for line in open(sys.argv[1]):
    try: one = pyModeS.decode(line.strip())
    except Exception: one = {}
    found.append([one.get(k) for k in ("df", "crc_valid", "icao", "altitude")])
print(json.dumps(found))
"""
_TS = """
import json, sys, av
with av.open(sys.argv[1]) as c:
    streams = [s for s in c.streams if s.type == "data"]
    print(json.dumps([bytes(p).hex() for p in c.demux(streams) if p.size]))
"""
_KLV = """
import sys, klvdata
with open(sys.argv[1], "rb") as f:
    print(sum(1 for _ in klvdata.StreamParser(f.read())))
"""


def asked(python: str, script: str, data: bytes, suffix: str) -> object | None:
    """What a script of another environment prints; ``None`` if it cannot."""
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(data)
        file.flush()
        done = subprocess.run(
            [python, "-c", script, file.name], capture_output=True, check=False
        )
    if done.returncode:
        print(f"  skipped: {done.stderr.decode()[-120:].strip()}")
        return None
    return json.loads(done.stdout)


def lent(folder: str) -> list[bytes]:
    """The lent recordings of a folder; none where TRUCEWATCH_DATA is not set."""
    root = os.environ.get("TRUCEWATCH_DATA")
    return (
        [p.read_bytes() for p in sorted((Path(root) / folder).iterdir())]
        if root
        else []
    )


def adsb(python: str) -> None:
    raw = next(iter(lent("adsb")), sample("adsb")[0])
    rows = [line.split(b",") for line in raw.splitlines()]
    frames = [one[1].strip(b'" \r') for one in rows]
    told = asked(python, _ADSB, b"\n".join(frames), ".txt")
    if told is None:
        return
    mine = read("adsb", raw, {"identity": "broadcast"})
    points = TrackPoints.from_columns(mine.tables[0])
    at = points.row - 1
    df = np.array([one[0] or 0 for one in told])
    valid = np.array([bool(one[1]) for one in told])
    squitter = np.isin(df, (17, 18)) & valid
    ours = np.zeros(len(told), bool)
    ours[at] = True
    same = [
        str(points.identity[k]).lower() == str(told[row][2]).lower()
        for k, row in enumerate(at)
        if squitter[row]
    ]
    heights = [
        (points.height_m[k] / 0.3048, told[row][3])
        for k, row in enumerate(at)
        if squitter[row] and told[row][3] is not None
    ]
    apart = [abs(a - b) for a, b in heights if np.isfinite(a)]
    print(
        f"  ADS-B: {len(told)} frames, ours {ours.sum()}; right extended squitters "
        f"by pyModeS {squitter.sum()}, of them ours {(squitter & ours).sum()}; "
        f"addresses alike {sum(same)}; altitudes {len(heights)}, greatest difference "
        f"{max(apart, default=0):.1f} ft"
    )


def video(python: str) -> None:
    cut = load("trucewatch.collect.sources", "klv").packets
    bare = [one for raw in lent("klv") for one in cut(raw)]
    bare += [klv(seconds) for seconds in range(20)]
    stream = muxed(bare)
    ours = list(cut(stream))
    theirs = asked(python, _TS, stream, ".ts")
    if theirs is not None:
        alike = [one.hex() for one in ours] == theirs
        print(
            f"  MPEG-TS: ours {len(ours)}, PyAV {len(theirs)} packets, alike: {alike}"
        )
    count = asked(python, _KLV, b"".join(bare), ".klv")
    if count is not None:
        print(f"  KLV: ours {len(list(cut(b''.join(bare))))}, klvdata {count} packets")


if __name__ == "__main__":
    if not sys.argv[1:] or not Path(sys.argv[1]).exists():
        print("name the interpreter of an environment with pyModeS, av and klvdata")
    else:
        for task in (adsb, video):
            print(task.__name__)
            task(sys.argv[1])
