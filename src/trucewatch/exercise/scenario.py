"""What an exercise rehearses: a sector, who does what in it, and who watches.

A scenario is a YAML file; those shipped stand in ``scenarios/``. The sector lies on
the open ocean, so that nobody's ground is meant.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from trucewatch.agreement.taxonomy import Act
from trucewatch.errors import ScenarioError

FOLDER = "trucewatch.exercise"
PARTIES = ("NOR", "SUD")  # north and south of the line

Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=100_000)]
Few = Annotated[float, Field(ge=0, le=200)]  # a day, of what is followed all its way
Count = Annotated[int, Field(ge=0, le=20_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sector(_Part):
    """The ground: a strip along a wavy line of contact that runs east.

    Attributes:
        length_m: along the line; ``depth_m`` on each side of it.
        known_m: how well the line is known, one standard deviation.
    """

    lat_deg: Annotated[float, Field(ge=-70, le=70)] = 47.0
    lon_deg: Annotated[float, Field(ge=-179, le=179)] = -30.0
    length_m: Annotated[float, Field(ge=5_000, le=1_500_000)] = 60_000.0
    depth_m: Annotated[float, Field(ge=2_000, le=200_000)] = 15_000.0
    known_m: Annotated[float, Field(ge=0, le=20_000)] = 500.0


class Doing(_Part):
    """What one party does.

    Attributes:
        breaches_per_day: attacks on the other side's ground, each a few rounds.
        exempt_per_day: notified demining on its own ground.
        p_alleges: that it alleges an attack it suffered.
        invents_per_day: alleged attacks that never were.
        exaggerates_ratio: alleged rounds over true ones.
    training_per_day: notified firing behind its own strip, outside the zone.
    entries_per_day: vessels sent into the closed waters; ``p_dark`` of them silent.
    overflights_per_day: aircraft over the closed air, with ``p_dark`` as well.
    crossings_per_day: small drones over the line.
    jams_per_day: hours in which satellite navigation fails around a place.
    p_turns_back: that it turns a patrol back that comes to its side.
    """

    breaches_per_day: Rate = 0.0
    exempt_per_day: Rate = 0.0
    p_alleges: Share = 0.7
    invents_per_day: Rate = 0.0
    exaggerates_ratio: Annotated[float, Field(ge=0.1, le=10)] = 1.2
    training_per_day: Few = 0.0
    entries_per_day: Few = 0.0
    overflights_per_day: Few = 0.0
    crossings_per_day: Few = 0.0
    p_dark: Share = 0.3
    jams_per_day: Few = 0.0
    p_turns_back: Share = 0.0


class Decoys(_Part):
    """What looks or sounds like an attack and is none, per day.

    Attributes:
        quarry_per_day: blasts, of quarries that each have their place and hour.
        fireworks_per_day: shows in the evening, of dozens of small bangs.
        sonic_booms_per_day: aircraft faster than sound, whose boom sweeps the ground.
        false_tracks_per_day: vessels in the closed waters that never were.
    """

    thunder_per_day: Rate = 0.0
    quarry_per_day: Rate = 0.0
    farm_fires_per_day: Rate = 0.0
    hot_works: Count = 0
    fireworks_per_day: Few = 0.0
    sonic_booms_per_day: Few = 0.0
    false_tracks_per_day: Few = 0.0


class Nodes(_Part):
    """Acoustic nodes on both sides of the line."""

    count: Count = 0
    clutter_per_day: Rate = 60.0
    gps_ratio: Share = 0.8
    broken_ratio: Share = 0.01
    outage_ratio: Share = 0.02


class Patrols(_Part):
    """Mobile observers; each drives for some hours and sees as far as ``sight_m``."""

    count: Count = 0
    hours_per_day: Annotated[float, Field(ge=0, le=24)] = 8.0
    sight_m: Annotated[float, Field(ge=100, le=30_000)] = 5_000.0
    p_notices: Share = 0.8
    p_denied: Share = 0.05  # by weather, mines or a breakdown, which is nobody's act


class Press(_Part):
    """Outlets that print what they hear of, and each other.

    Attributes:
        copies: mean number of outlets that print a report after another one.
        invents_per_day: reports of what never was.
    """

    outlets: Count = 0
    p_prints: Share = 0.3
    copies: Annotated[float, Field(ge=0, le=200)] = 1.5
    invents_per_day: Rate = 0.2


class Satellites(_Part):
    """Thermal passes over the sector.

    Attributes:
        passes_per_day: at even intervals; not with ``orbits``.
        orbits: satellites on orbits of their own, two passes a day each and more.
        cloud_ratio: mean over the passes.
    """

    passes_per_day: Annotated[int, Field(ge=0, le=48)] = 0
    orbits: Annotated[int, Field(ge=0, le=3)] = 0
    cloud_ratio: Share = 0.5


class Drones(_Part):
    """Drones of the mission that film along the line.

    Attributes:
        frame_s: from one packet of metadata to the next.
        p_spots: that whoever reviews the film notes an attack in the frame.
    """

    sorties_per_day: Few = 0.0
    hours: Annotated[float, Field(ge=0.1, le=12)] = 1.5
    frame_s: Annotated[float, Field(ge=1, le=600)] = 20.0
    p_spots: Share = 0.9


class Cameras(_Part):
    """Fixed cameras near the line; fog and outages blind them."""

    count: Count = 0
    range_m: Annotated[float, Field(ge=100, le=30_000)] = 5_000.0
    opening_deg: Annotated[float, Field(ge=5, le=360)] = 70.0
    p_records: Share = 0.9
    outage_ratio: Share = 0.05


class Arrays(_Part):
    """Arrays of infrasound channels behind the line.

    Attributes:
        noise_pa: root mean square of pressure in the band without wind.
    """

    count: Annotated[int, Field(ge=0, le=12)] = 0
    channels: Annotated[int, Field(ge=3, le=12)] = 4
    aperture_m: Annotated[float, Field(ge=30, le=3_000)] = 150.0
    noise_pa: Annotated[float, Field(ge=0.001, le=10)] = 0.02


class Seismometers(_Part):
    """Single seismometers near the line, which shake when a bang passes over them."""

    count: Annotated[int, Field(ge=0, le=60)] = 0


class Pictures(_Part):
    """Pictures of two dates that show what was damaged in between.

    Attributes:
        radar_days: from one radar picture to the next; 0 for none.
        maps: whether analysts map damage at the end.
        changes_per_day: places that change by themselves, such as building sites.
    """

    radar_days: Annotated[int, Field(ge=0, le=30)] = 0
    maps: bool = False
    changes_per_day: Few = 1.0


class Traffic(_Part):
    """What moves and says so, and who hears it.

    Attributes:
        vessels: under way at any time, none of them a breach; ``aircraft`` likewise.
        lost_ratio: messages that nobody received.
        crossings_heard_m: how far from the line a small drone's radio is heard.
    """

    vessels: Annotated[int, Field(ge=0, le=300)] = 0
    aircraft: Annotated[int, Field(ge=0, le=300)] = 0
    lost_ratio: Share = 0.1
    crossings_heard_m: Annotated[float, Field(ge=0, le=20_000)] = 0.0


class Blackout(_Part):
    """Hours from the start between which a channel gives nothing."""

    channel: str
    begin_h: Annotated[float, Field(ge=0)]
    end_h: Annotated[float, Field(ge=0)]


class Scenario(_Part):
    """One exercise, apart from its seed.

    Attributes:
        acts: what attacks are, with their shares.
    """

    scenario: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    title: str
    first: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] = "2031-05-01"
    days: Annotated[int, Field(ge=1, le=60)] = 3
    truce_from_h: Annotated[float, Field(ge=0)] = 0.0
    disputed_h: Annotated[float, Field(ge=0, le=240)] = 0.0
    sector: Sector = Sector()
    parties: dict[str, Doing] = {}
    acts: dict[Act, Share] = {Act.SHELLING: 0.5, Act.DRONE_IMPACT: 0.3, Act.STRIKE: 0.2}
    decoys: Decoys = Decoys()
    nodes: Nodes = Nodes()
    patrols: Patrols = Patrols()
    press: Press = Press()
    satellites: Satellites = Satellites()
    drones: Drones = Drones()
    cameras: Cameras = Cameras()
    arrays: Arrays = Arrays()
    seismometers: Seismometers = Seismometers()
    pictures: Pictures = Pictures()
    traffic: Traffic = Traffic()
    blackouts: tuple[Blackout, ...] = ()

    def doing(self, party: str) -> Doing:
        """What a party does; nothing where the scenario is silent on it."""
        return self.parties.get(party, Doing())


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that ship, sorted."""
    folder = files(FOLDER) / "scenarios"
    names = (one.name for one in folder.iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def read_scenario(wanted: str) -> Scenario:
    """A shipped scenario by its name, or the one in a file.

    Raises:
        ScenarioError: if there is none, or it says what no exercise can be.
    """
    path = Path(wanted)
    if wanted in shipped():
        text = (files(FOLDER) / "scenarios" / f"{wanted}.yaml").read_text("utf-8")
    elif path.is_file():
        text = path.read_text("utf-8", errors="replace")
    else:
        msg = f"no scenario {wanted!r}; shipped: {', '.join(shipped())}, or a file"
        raise ScenarioError(msg)
    try:
        made = Scenario.model_validate(YAML(typ="safe", pure=True).load(text))
    except (YAMLError, ValidationError) as problem:
        msg = f"{wanted}: {_first(problem)}"
        raise ScenarioError(msg) from problem
    if unknown := sorted(set(made.parties) - set(PARTIES)):
        msg = (
            f"{wanted}: no party {unknown[0]!r} takes part; known: {', '.join(PARTIES)}"
        )
        raise ScenarioError(msg)
    return made


def _first(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        one = problem.errors()[0]
        return f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}"
    return str(problem).replace("\n", " ")
