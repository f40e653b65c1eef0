"""What people notice who watch and listen, at a post or on patrol.

Expert judgement, not fitted. It will be replaced by what exercises with known truth
measure; until then the numbers are low on purpose, so that silence says too little
rather than too much.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trucewatch.agreement.taxonomy import Act

# Chance that people notice one such act in what they can see and hear.
NOTICED: Mapping[Act, float] = MappingProxyType({
    Act.ATTACK: 0.5,
    Act.FIRING: 0.5,
    Act.SHOT: 0.4,
    Act.MUZZLE_FLASH: 0.2,
    Act.PROJECTILE_IN_FLIGHT: 0.2,
    Act.EXPLOSION: 0.8,
    Act.ASSAULT: 0.7,
    Act.MOVEMENT: 0.3,
    Act.CONSTRUCTION: 0.5,
    Act.OVERFLIGHT: 0.5,
    Act.DRONE_CROSSING: 0.2,
    Act.MONITOR_FIRED_UPON: 0.95,
})
