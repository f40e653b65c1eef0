"""A small mission of invented facts, quick to run, for tests of the runner."""

import sys
from pathlib import Path

import pytest

from trucewatch.collect.delivery import Delivery
from trucewatch.store.reader import view
from trucewatch.watch.run import KINDS

COMMAND = [sys.executable, "-m", "trucewatch"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux devices")

REPORTS = """\
datetime,lon,lat,place_name,event_type,headline
2025-04-19 16:30:00,36.25,49.98,Kharkiv,artillery,Shelling was reported.
2025-04-20 00:00:00,35.05,48.46,Dnipro,uav,A drone was reported.
2025-04-20 08:15:00,37.18,48.28,Pokrovsk,artillery,Shelling was reported.
2025-04-20 09:15:00,nonsense,48.28,Pokrovsk,artillery,A row nobody can use.
2025-04-21 10:00:00,32.61,46.64,Kherson,airstrike,A strike was reported.
"""

CLAIMS = """\
time_start,time_end,model,launched,destroyed,source
2025-04-19 20:00,2025-04-20 06:00,Shahed,40,22,https://example.org/1
2025-04-19 20:00,2025-04-20 06:00,Iskander-M,2,0,https://example.org/1
"""

DECISIONS = """\
reviewer: reviewer-1
decided: 2025-04-21T12:00:00Z
decisions:
  - {select: {channel: party}, verdict: unverifiable, reason: one party's word}
  - {select: {}, verdict: confirmed, reason: read and agreed}
"""

MISSION = """\
mission: small
title: A small mission on invented facts
agreement: {agreement}
days: {{first: 2025-04-19, last: 2025-04-21}}
zone: Europe/Kyiv
procedures: [viirs, media, launch_claims]
detectors: [reports, launches, alerts]
deliveries:
  - {{source: media_reports, files: reports.csv, options: {{feed: press}}}}
  - {{source: launch_claims, files: claims.csv, options: {{speaker: UA, against: RU}}}}
decisions: decisions.yaml
bulletins:
  - {{stage: A1, releases: [cell], days: all, formats: [json]}}
  - {{stage: R, releases: [public, cell], days: [2025-04-20], formats: [json, csv]}}
"""


def small_mission(folder: Path) -> Path:
    """The mission file of a small mission written to ``folder``."""
    from trucewatch.watch.start import bundled

    cases = bundled("easter2025").parents[1]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reports.csv").write_text(REPORTS, "utf-8")
    (folder / "claims.csv").write_text(CLAIMS, "utf-8")
    (folder / "decisions.yaml").write_text(DECISIONS, "utf-8")
    agreement = cases / "agreements" / "easter2025.yaml"
    path = folder / "mission.yaml"
    path.write_text(MISSION.format(agreement=agreement), "utf-8")
    return path


def kept(out):
    """The bytes of every delivery in a ledger, by name."""
    with view(out / "ledger", KINDS) as ledger:
        found = ledger.records(Delivery)
        return {one.name: ledger.get(one.sha256) for one in found}


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
