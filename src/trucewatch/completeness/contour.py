"""How small an act may be and still be noticed, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition
from trucewatch.completeness.grid import Grid, Reals, survey
from trucewatch.completeness.response import USUAL_KG, of_act
from trucewatch.period import Period

# Charges asked about, kg of TNT: from a hand grenade to a heavy bomb.
LADDER_KG = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
P_NOTICED = 0.9


def smallest_kg(
    acquisitions: Sequence[Acquisition], act: Act, grid: Grid, period: Period
) -> Reals:
    """Smallest charge of the ladder that is noticed with 90 %, per cell, shape (n,).

    The act is uniform over the period. Infinite where not even the largest is.

    Raises:
        ValueError: if the act has no charge.
    """
    if not of_act(USUAL_KG, act):
        msg = f"{act.value} has no charge; known: {', '.join(USUAL_KG)}"
        raise ValueError(msg)
    found = np.full(grid.x_m.size, np.inf)
    for charge_kg in reversed(LADDER_KG):
        p = survey(acquisitions, act, grid, period, charge_kg=charge_kg).mean(1)
        found[p >= P_NOTICED] = charge_kg
    return found


def contours(
    grid: Grid, charges_kg: Reals
) -> tuple[tuple[float, shapely.MultiPolygon], ...]:
    """Ground on which each charge of the ladder is noticed, in longitude and latitude.

    Charges that are noticed nowhere are left out, as are those that add no ground.
    """
    corners = grid.corners_deg()
    made = []
    for charge_kg in LADDER_KG:
        if not (charges_kg == charge_kg).any():
            continue
        cells = shapely.polygons(corners[charges_kg <= charge_kg])
        joined = shapely.union_all(cells, grid_size=1e-7)
        made.append((charge_kg, shapely.MultiPolygon(shapely.get_parts(joined))))
    return tuple(made)
