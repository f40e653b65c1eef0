"""What can happen, be prohibited or be excused: one tree of acts, one list of kinds."""

from __future__ import annotations

from enum import StrEnum


class Domain(StrEnum):
    """The part of an agreement a clause belongs to."""

    LAND = "land"
    AIR = "air"
    SEA = "sea"
    INFRASTRUCTURE = "infrastructure"
    INFORMATION = "information"


class Act(StrEnum):
    """One kind of act; ``BROADER`` says what it is a case of.

    The kinetic units are those the OSCE SMM counted; the rest are what missions
    after 2022 have to name as well. ``LONG_RANGE_ATTACK`` and its cases are weapons
    counted as sent, wherever they were stopped or came down: no impact, and no drone
    of the front, is a case of them.
    """

    ATTACK = "attack"
    FIRING = "firing"
    SHOT = "shot"
    BURST = "burst"
    MUZZLE_FLASH = "muzzle_flash"
    PROJECTILE_IN_FLIGHT = "projectile_in_flight"
    ILLUMINATION_FLARE = "illumination_flare"
    LAUNCH = "launch"
    EXPLOSION = "explosion"
    SHELLING = "shelling"
    STRIKE = "strike"
    MISSILE = "missile"
    GLIDE_BOMB = "glide_bomb"
    DRONE_IMPACT = "drone_impact"
    DRONE_DROP = "drone_drop"
    MINE = "mine"
    ASSAULT = "assault"
    LONG_RANGE_ATTACK = "long_range_attack"
    LONG_RANGE_DRONE = "long_range_drone"
    LONG_RANGE_MISSILE = "long_range_missile"
    MOVEMENT = "movement"
    INCURSION = "incursion"
    LINE_MOVE = "line_move"
    WEAPON_IN_ZONE = "weapon_in_zone"
    CONSTRUCTION = "construction"
    OVERFLIGHT = "overflight"
    DRONE_CROSSING = "drone_crossing"
    VESSEL_IN_EXCLUSION_AREA = "vessel_in_exclusion_area"
    OBSTRUCTION = "obstruction"
    JAMMING = "jamming"
    ACCESS_DENIAL = "access_denial"
    MONITOR_FIRED_UPON = "monitor_fired_upon"
    WITHHELD_INFORMATION = "withheld_information"
    UNDETERMINED = "undetermined"


BROADER: dict[Act, Act] = {
    Act.FIRING: Act.ATTACK,
    Act.SHOT: Act.FIRING,
    Act.BURST: Act.FIRING,
    Act.MUZZLE_FLASH: Act.FIRING,
    Act.PROJECTILE_IN_FLIGHT: Act.FIRING,
    Act.ILLUMINATION_FLARE: Act.FIRING,
    Act.LAUNCH: Act.FIRING,
    Act.EXPLOSION: Act.ATTACK,
    Act.SHELLING: Act.EXPLOSION,
    Act.STRIKE: Act.EXPLOSION,
    Act.MISSILE: Act.STRIKE,
    Act.GLIDE_BOMB: Act.STRIKE,
    Act.DRONE_IMPACT: Act.STRIKE,
    Act.DRONE_DROP: Act.STRIKE,
    Act.MINE: Act.EXPLOSION,
    Act.ASSAULT: Act.ATTACK,
    Act.LONG_RANGE_ATTACK: Act.ATTACK,
    Act.LONG_RANGE_DRONE: Act.LONG_RANGE_ATTACK,
    Act.LONG_RANGE_MISSILE: Act.LONG_RANGE_ATTACK,
    Act.INCURSION: Act.MOVEMENT,
    Act.LINE_MOVE: Act.MOVEMENT,
    Act.WEAPON_IN_ZONE: Act.MOVEMENT,
    Act.CONSTRUCTION: Act.MOVEMENT,
    Act.OVERFLIGHT: Act.MOVEMENT,
    Act.DRONE_CROSSING: Act.MOVEMENT,
    Act.VESSEL_IN_EXCLUSION_AREA: Act.MOVEMENT,
    Act.JAMMING: Act.OBSTRUCTION,
    Act.ACCESS_DENIAL: Act.OBSTRUCTION,
    Act.MONITOR_FIRED_UPON: Act.OBSTRUCTION,
    Act.WITHHELD_INFORMATION: Act.OBSTRUCTION,
}

# Acts that may be firing: shown only as a mass per side and a coarse cell, delayed.
FIRING_ACTS = frozenset({
    Act.FIRING,
    Act.LONG_RANGE_ATTACK,  # counted as sent: a point could be where from
    *(
        act
        for act, broader in BROADER.items()
        if broader in (Act.FIRING, Act.LONG_RANGE_ATTACK)
    ),
})


def is_a(act: Act, broader: Act) -> bool:
    """Whether ``act`` is ``broader`` or a case of it."""
    step: Act | None = act
    while step is not None:
        if step is broader:
            return True
        step = BROADER.get(step)
    return False


class ExemptKind(StrEnum):
    """Activity that looks like a breach and, on conditions, is none."""

    TRAINING = "training"
    CONTROLLED_DETONATION = "controlled_detonation"
    DEMINING = "demining"
    REPAIR_WINDOW = "repair_window"
    ACCIDENT = "accident"
    MONITOR_FLIGHT = "monitor_flight"


class WeaponClass(StrEnum):
    """Weapon classes with withdrawal distances of their own; N/K is first-class."""

    SMALL_ARMS = "small_arms"
    HEAVY_MACHINE_GUN = "heavy_machine_gun"
    IFV_CANNON = "ifv_cannon"
    MORTAR = "mortar"
    TANK = "tank"
    ARTILLERY = "artillery"
    ARTILLERY_100_MM = "artillery_100_mm"
    MLRS = "mlrs"
    LONG_RANGE_ROCKET = "long_range_rocket"
    TACTICAL_MISSILE = "tactical_missile"
    ATTACK_DRONE = "attack_drone"
    AIRCRAFT = "aircraft"
    WARSHIP = "warship"
    NOT_KNOWN = "not_known"
