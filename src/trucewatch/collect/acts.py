"""Words of forms, tables and tags as members of the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from trucewatch.agreement.taxonomy import Act, WeaponClass
from trucewatch.collect.cells import shown
from trucewatch.collect.observation import Flow, Means

E = TypeVar("E", bound=StrEnum)

# How the OSCE SMM and its successors write what the taxonomy spells otherwise.
# Source: OSCE SMM daily reports, annex "Table of ceasefire violations".
ACT_WORDS: Mapping[str, Act] = {
    "projectile": Act.PROJECTILE_IN_FLIGHT,
    "projectile in flight": Act.PROJECTILE_IN_FLIGHT,
    "flash": Act.MUZZLE_FLASH,
    "flare": Act.ILLUMINATION_FLARE,
    "undetermined explosion": Act.EXPLOSION,
    "impact": Act.EXPLOSION,
    "uav": Act.DRONE_CROSSING,
    "uav crossing": Act.DRONE_CROSSING,
    "fpv": Act.DRONE_IMPACT,
    "n/k": Act.UNDETERMINED,
}
WEAPON_WORDS: Mapping[str, WeaponClass] = {
    "n/k": WeaponClass.NOT_KNOWN,
    "": WeaponClass.NOT_KNOWN,
    "hmg": WeaponClass.HEAVY_MACHINE_GUN,
    "ifv": WeaponClass.IFV_CANNON,
    "ifv cannon": WeaponClass.IFV_CANNON,
    "ifv (bmp-2) cannon (30mm)": WeaponClass.IFV_CANNON,
    "uav": WeaponClass.ATTACK_DRONE,
    "fpv": WeaponClass.ATTACK_DRONE,
}
MEANS_WORDS: Mapping[str, Means] = {"n/k": Means.NOT_KNOWN, "": Means.NOT_KNOWN}
FLOW_WORDS: Mapping[str, Flow] = {"n/k": Flow.UNDETERMINED, "": Flow.UNDETERMINED}

# Tags of VIINA event reports; a letter "b" ends some where the provider's suffix was
# cut. Tags that name a consequence, a place or no act at all are left out.
# Source: VIINA 2.0 data documentation, variables t_*.
REPORT_TAGS: Mapping[str, Act] = {
    "airstrike": Act.STRIKE,
    "artillery": Act.SHELLING,
    "uav": Act.DRONE_IMPACT,
    "ied": Act.MINE,
    "firefight": Act.FIRING,
    "aad": Act.FIRING,
    "armor": Act.ASSAULT,
    "raid": Act.ASSAULT,
    "occupy": Act.INCURSION,
    "control": Act.LINE_MOVE,
    "retreat": Act.LINE_MOVE,
}
SILENT_TAGS = frozenset({
    "loc",
    "civcas",
    "milcas",
    "property",
    "hospital",
    "arrest",
    "airalert",
    "san",
    "cyber",
})
_CUT_TAGS = {tag[:-1] + "b": tag for tag in (*REPORT_TAGS, *SILENT_TAGS)}

# Labels under which parties and outlets break their totals down.
PART_LABELS: Mapping[str, Act] = {
    "assaults": Act.ASSAULT,
    "shelling": Act.SHELLING,
    "of_which_heavy": Act.SHELLING,
    "fpv": Act.DRONE_IMPACT,
    "gun_mortar": Act.SHELLING,
    "quadcopter": Act.STRIKE,
    "fixed_wing_uav": Act.DRONE_IMPACT,
    "border_fire": Act.SHELLING,
    "border_uav": Act.DRONE_IMPACT,
    "border_drops": Act.DRONE_DROP,
    "mlrs": Act.SHELLING,
    "glide_bombs": Act.GLIDE_BOMB,
    "missiles": Act.MISSILE,
    "drones": Act.DRONE_IMPACT,
    "drones_downed": Act.DRONE_CROSSING,
}


def act(text: str) -> Act:
    """The act a word names.

    Raises:
        ValueError: if none; the message lists the acts.
    """
    return _member(text, Act, ACT_WORDS)


def weapon(text: str) -> WeaponClass:
    """The weapon class a word names; nothing and ``N/K`` are *not known*.

    Raises:
        ValueError: if it names none.
    """
    return _member(text, WeaponClass, WEAPON_WORDS)


def means(text: str) -> Means:
    """How an observer came to know; nothing and ``N/K`` are *not known*.

    Raises:
        ValueError: if the word names none.
    """
    return _member(text, Means, MEANS_WORDS)


def flow(text: str) -> Flow:
    """What an observer made of direction; nothing and ``N/K`` are *undetermined*.

    Raises:
        ValueError: if the word names none.
    """
    return _member(text, Flow, FLOW_WORDS)


def tagged(text: str) -> tuple[Act, ...]:
    """The acts of tags joined by ``|``, each once; empty where none names an act.

    Raises:
        ValueError: if a tag is unknown.
    """
    found: list[Act] = []
    for written in filter(None, (tag.strip().lower() for tag in text.split("|"))):
        tag = _CUT_TAGS.get(written, written)
        if tag in SILENT_TAGS:
            continue
        found.append(REPORT_TAGS[tag] if tag in REPORT_TAGS else act(tag))
    return tuple(dict.fromkeys(found))


def part(label: str) -> Act:
    """The act a party's label counts; *undetermined* where the label is new."""
    return PART_LABELS.get(label.strip().lower(), Act.UNDETERMINED)


def _member(text: str, kind: type[E], words: Mapping[str, E]) -> E:
    word = text.strip().lower()
    if word in words:
        return words[word]
    try:
        return kind(word.replace(" ", "_").replace("-", "_"))
    except ValueError as error:
        known = ", ".join(one.value for one in kind)
        msg = f"{shown(text)} is none of {known}"
        raise ValueError(msg) from error
