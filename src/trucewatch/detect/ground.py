"""How what happens at the surface is felt at a seismic station near it.

Speeds are those of the first kilometres of sediment over rock, and of air; how far
ground and wind differ from them, and how often a large shell or missile within 30 km is
read, is expert judgement, not fitted (docs/seismic.md).
"""

from __future__ import annotations

from trucewatch.collect.seismic import Phase

REACH_M = 30_000.0  # a large shell or a missile is rarely felt further off
SPEED_MPS = {Phase.P: 5_000.0, Phase.S: 2_800.0, Phase.AIR: 335.0}
PATH_RATIO = {Phase.P: 0.12, Phase.S: 0.12, Phase.AIR: 0.03}  # of the travel time
P_FELT = {Phase.P: 0.2, Phase.S: 0.2, Phase.AIR: 0.3}
