"""What a thermal pass notices: acts that set a fire which still burns as it passes.

Expert judgement, not fitted: no recall of thermal anomalies for single explosions has
been published. What is known is that a pass sees only what burns as it passes, so that
with ``V`` clear looks a day a burn of duration ``D`` is seen with a chance of about
``V D / 24 h`` at most. That arithmetic is left to the length of the trace; the chance
below is that an act sets a fire at all, large enough for a pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trucewatch.agreement.taxonomy import Act

# Chance that one such act starts a fire a 375 m pixel shows. Expert, not fitted.
SEEN_AT_375_M: Mapping[Act, float] = MappingProxyType({
    Act.ATTACK: 0.02,
    Act.FIRING: 0.01,
    Act.EXPLOSION: 0.05,
    Act.STRIKE: 0.15,
    Act.MISSILE: 0.25,
    Act.DRONE_DROP: 0.03,
    Act.MINE: 0.02,
    Act.ASSAULT: 0.05,
})
# A third of it at 1 km: the smallest fire such a pixel shows is about ten times as
# large (Schroeder et al. 2014), and most strikes burn small. Expert, not fitted.
SEEN_AT_1_KM: Mapping[Act, float] = MappingProxyType({
    act: p / 3 for act, p in SEEN_AT_375_M.items()
})
BURN_S = 3_600.0  # one hour; expert, not fitted
