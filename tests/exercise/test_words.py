"""What parties allege of what moved."""

import json
from datetime import datetime

import numpy as np

from tests.exercise.making import delivery_of, scenario
from trucewatch.agreement.planar import distance_m
from trucewatch.exercise.truth import places

ENTERING = {"entries_per_day": 6, "p_alleges": 1.0}


def test_an_entry_is_alleged_where_it_went_on_not_where_it_began():
    asked = scenario(
        parties={"NOR": ENTERING, "SUD": ENTERING},
        traffic={"vessels": 4},
    )
    stage, truth, given = delivery_of("words", asked)
    entries = [one for one in truth if one.path and one.length_s > 3_600]
    forms = json.loads(given.intakes[0].body)
    assert len(entries) > 3
    for one in entries:
        (form,) = [f for f in forms if abs(_late_s(f, one)) < 1.0]
        alleged = np.array([[form["lon"], form["lat"]]])
        way = stage.plane.unproject(places(one))
        entered = distance_m(alleged, way[:1])[0]
        assert entered > 2_000
        assert distance_m(np.repeat(alleged, len(way), 0), way).min() < 6_000


def _late_s(form, one):
    """Seconds between the middle of what is alleged and half of the way."""
    begin, end = (datetime.fromisoformat(form[k]) for k in ("begin", "end"))
    middle = begin + (end - begin) / 2
    return (middle - one.time).total_seconds() - one.length_s / 2


def test_a_drone_over_the_line_is_alleged_when_and_where_it_came():
    crossing = {"crossings_per_day": 8, "p_alleges": 1.0}
    asked = scenario(parties={"NOR": crossing, "SUD": crossing})
    stage, truth, given = delivery_of("words", asked)
    forms = json.loads(given.intakes[0].body)
    crossed = [one for one in truth if one.path]
    assert len(crossed) > 3
    for one in crossed:
        near = [
            distance_m(
                np.array([[form["lon"], form["lat"]]]),
                np.array([[one.lon_deg, one.lat_deg]]),
            )[0]
            for form in forms
            if form["begin"] <= one.time.isoformat() <= form["end"]
        ]
        assert min(near) < 4_000
