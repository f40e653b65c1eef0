from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.build import DAY, DAY0, DELIVERY, HOUR, day, evidence, fires
from trucewatch.collect.pixels import HISTORY, FirePixels
from trucewatch.collect.source import Columns
from trucewatch.detect.detection import Channel
from trucewatch.detect.detectors.thermal import LOG10_WITHOUT_BACKGROUND, detect

QUIET = (48.5, 37.5)
FURNACE = (47.15, 37.55)


def history(years=3, every=10):
    """A furnace that burns every ten days and, once a year, one field elsewhere."""
    rows = []
    for n in range(0, 365 * years, every):
        rows.append((*FURNACE, DAY0 - DAY * (n + 20)))
    for year in range(years):
        rows.append((49.0 + year / 10, 36.0, DAY0 - DAY * (365 * year + 200)))
    return fires(rows, lasting=86_400, name="history")


def test_a_fire_in_a_quiet_place_stands_out():
    found = detect(evidence(columns=[history(), fires([(*QUIET, DAY0)])]))
    assert len(found) == 1
    assert found[0].channel is Channel.INSTRUMENT
    assert found[0].log10_likelihood_ratio > 1


def test_a_furnace_is_expected_to_burn_and_yet_not_masked():
    pixels = fires([(*QUIET, DAY0), (*FURNACE, DAY0)])
    found = detect(evidence(columns=[history(), pixels]))
    ratios = {round(one.place.lat_deg, 2): one.log10_likelihood_ratio for one in found}
    assert set(ratios) == {48.5, 47.15}
    assert ratios[47.15] < ratios[48.5] - 1


def test_without_history_a_fire_says_little():
    found = detect(evidence(columns=[fires([(*QUIET, DAY0)])]))
    assert found[0].log10_likelihood_ratio == LOG10_WITHOUT_BACKGROUND


def test_two_satellites_minutes_apart_see_one_fire():
    one = fires([(*QUIET, DAY0)], name="a")
    other = fires([(48.502, 37.501, DAY0 + HOUR / 2)], family="modis", name="b")
    found = detect(evidence(columns=[one, other]))
    assert len(found) == 1
    assert len([s for s in found[0].derived_from if "#" in s]) == 2


def test_all_satellites_share_one_independence_key():
    one = fires([(*QUIET, DAY0)], name="a")
    other = fires([(47.0, 36.0, DAY0)], family="modis", name="b")
    assert len({d.independence for d in detect(evidence(columns=[one, other]))}) == 1


def test_the_same_place_a_day_later_is_another_fire():
    pixels = fires([(*QUIET, DAY0), (*QUIET, DAY0 + DAY)])
    assert len(detect(evidence(columns=[pixels]))) == 2


def test_a_fire_known_by_date_only_has_that_day():
    found = detect(evidence(columns=[fires([(*QUIET, DAY0)], lasting=86_400)]))
    assert found[0].time == day()


def test_a_strike_may_have_been_hours_before_the_pass():
    found = detect(evidence(columns=[fires([(*QUIET, DAY0)])]))
    assert found[0].time.begin == DAY0 - 3 * HOUR


def test_pixels_outside_the_watched_period_are_background_only():
    assert detect(evidence(columns=[history()], watched=day(5))) == ()


def test_nothing_is_found_where_nothing_was_delivered():
    assert detect(evidence()) == ()


def test_a_cluster_across_the_antimeridian_stays_one_fire():
    pixels = fires([(10.0, 179.998, DAY0), (10.0, -179.999, DAY0)])
    found = detect(evidence(columns=[pixels]))
    assert len(found) == 1
    assert abs(found[0].place.lon_deg) > 179.99


def test_damaged_columns_are_refused():
    table = fires([(*QUIET, DAY0)])
    with pytest.raises(ValueError, match="damaged"):
        detect(evidence(columns=[Columns(table.table, table.blob[:40])]))


spots = st.tuples(st.floats(48.0, 48.2), st.floats(37.0, 37.2), st.integers(0, 48)).map(
    lambda t: (round(t[0], 3), round(t[1], 3), DAY0 + timedelta(hours=t[2]))
)


@given(st.lists(spots, min_size=1, max_size=12), st.integers(1, 11))
def test_every_pixel_is_in_exactly_one_detection_however_delivered(rows, cut):
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    columns = [fires(part, name=f"part {n}") for n, part in enumerate(parts)]
    found = detect(evidence(columns=columns))
    cited = [s for one in found for s in one.derived_from if "#" in s]
    assert len(cited) == len(set(cited)) == len(rows)
    assert found == detect(evidence(columns=columns[::-1]))


def as_history(columns):
    """The same pixels delivered as years that teach."""
    pixels = FirePixels.from_columns(columns)
    return pixels.to_columns(DELIVERY, HISTORY, HISTORY)


def test_a_history_delivered_as_such_teaches_but_is_never_judged():
    columns = [as_history(history()), fires([(*QUIET, DAY0)])]
    found = detect(evidence(columns=columns, watched=day(-2000, 2100 * DAY)))
    assert len(found) == 1
    assert columns[0].table.id in found[0].derived_from


def test_with_a_history_the_pixels_of_months_before_teach_nothing():
    earlier = [(*QUIET, DAY0 - DAY * (45 + 9 * n)) for n in range(30)]
    taught = as_history(history())

    def ratio(columns):
        found = detect(evidence(columns=columns))
        return found[-1].log10_likelihood_ratio

    now = fires([(*QUIET, DAY0)])
    assert ratio([taught, now, fires(earlier, name="war")]) == ratio([taught, now])


def test_the_background_never_knows_the_future():
    later = [(*QUIET, DAY0 + DAY * (30 + n)) for n in range(300)]
    known = as_history(history())
    unknown = as_history(fires(later, lasting=86_400, name="later"))
    now = fires([(*QUIET, DAY0)])
    one, other = (
        detect(evidence(columns=columns))[0]
        for columns in ([known, now], [known, unknown, now])
    )
    assert one.log10_likelihood_ratio == other.log10_likelihood_ratio


def test_a_busy_day_around_weakens_a_fire():
    around = [(48.5 + n / 10, 37.5 + m / 10, DAY0) for n in (-4, 4) for m in (-4, 0, 4)]
    alone = detect(evidence(columns=[history(), fires([(*QUIET, DAY0)])]))
    busy = detect(evidence(columns=[history(), fires([(*QUIET, DAY0), *around])]))
    here = [one for one in busy if abs(one.place.lat_deg - 48.5) < 1e-6]
    assert here[0].log10_likelihood_ratio < alone[0].log10_likelihood_ratio


def test_detections_are_finite_whatever_the_power_of_pixels_was():
    found = detect(evidence(columns=[history(), fires([(*FURNACE, DAY0)])]))
    assert np.isfinite(found[0].log10_likelihood_ratio)
