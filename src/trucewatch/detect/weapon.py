"""Which act a weapon claimed to have been launched stands for."""

from __future__ import annotations

import re

from trucewatch.agreement.taxonomy import Act

# Model names as air forces print them; the first that fits decides. What was counted
# as launched was not seen to come down: it is a long-range attack, never an impact.
_MODELS = (
    (Act.OVERFLIGHT, r"reconnaissance|orlan|zala|supercam|merlin|\bski\b"),
    (Act.DRONE_IMPACT, r"lancet|molniya|молн|\bfpv\b"),  # drones of the front
    (Act.LONG_RANGE_DRONE, r"shahed|geran|gerbera|uav|drone|mohajer"),
    (Act.GLIDE_BOMB, r"\bkab\b|\bfab\b|\bumpk\b|glide|aerial bomb"),
    (
        Act.LONG_RANGE_MISSILE,
        r"missile|iskander|kalibr|calibr|kinzhal|zircon|oniks|onyx|oreshnik|tochka"
        r"|\b[cs]-?[34]00\b|\b[xkh]{1,2}-?\d{2,3}\b|kn-?23|atacms|storm shadow|neptun",
    ),
)
OTHERWISE = Act.LONG_RANGE_ATTACK
_COMPILED = tuple((act, re.compile(pattern)) for act, pattern in _MODELS)


def act_of(weapon: str) -> Act:
    """The act a model stands for; the broadest for a model nobody listed."""
    name = weapon.casefold()
    return next((act for act, model in _COMPILED if model.search(name)), OTHERWISE)
