from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.fuse.cell import Rounds
from trucewatch.fuse.moment import Moment
from trucewatch.fuse.series import Round, counted, series_of
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.fuse.state import State
from trucewatch.record import RecordId

SETTINGS = default_fusion_settings()
HOME = State(47.0, -30.0, 2_000_000_000.0)
SD_M = 20.0
SD_S = 0.05


def bang(x_m=0.0, y_m=0.0, at_s=0.0, p=0.99, network="acoustic:nodes"):
    state = replace(HOME.moved(x_m, y_m, at_s), time_sd_s=SD_S)
    moment = Moment(state, (SD_M**2, 0.0, SD_M**2, 0.0, 0.0, SD_S**2))
    name = f"n1|{at_s:.6f}|{x_m:.3f}|{y_m:.3f}"
    return Round(moment, p, (RecordId(f"table:1#{name}"),), network, name)


bangs = st.builds(
    bang,
    st.floats(-2_000, 2_000),
    st.floats(-2_000, 2_000),
    st.floats(0, 2_000),
    st.floats(0.05, 0.999),
    st.sampled_from(["acoustic:nodes", "acoustic:others"]),
)


def test_rounds_a_minute_apart_in_one_place_are_one_series_however_long():
    rounds = [bang(10.0 * k, 0.0, 60.0 * k, p=0.999) for k in range(10)]
    (one,) = series_of(rounds, SETTINGS)
    assert one.count == Rounds(10, 10, 10)
    assert one.moment.state.time_s == pytest.approx(HOME.time_s + 270)


@pytest.mark.parametrize(
    "other",
    [
        bang(at_s=SETTINGS.series_gap_s + 1),
        bang(x_m=1_000.0, at_s=10.0),
        bang(at_s=10.0, network="acoustic:others"),
    ],
    ids=["much later", "elsewhere", "another network"],
)
def test_what_is_later_elsewhere_or_of_another_network_stays_apart(other):
    assert len(series_of([bang(), other], SETTINGS)) == 2


def test_a_round_alone_keeps_its_law_and_odds():
    alone = bang(p=0.7)
    (one,) = series_of([alone], SETTINGS)
    assert one.moment == alone.moment
    assert one.p == pytest.approx(0.7)
    assert one.count == Rounds(1, 1, 1)


def test_a_series_is_as_likely_as_any_of_its_rounds():
    (one,) = series_of([bang(p=0.5), bang(at_s=5, p=0.6)], SETTINGS)
    assert one.p == pytest.approx(0.8)


def test_errors_that_rounds_share_do_not_average_out():
    (one,) = series_of([bang(at_s=float(k)) for k in range(50)], SETTINGS)
    assert one.moment.spread[0] >= SD_M**2


def test_a_doubtful_round_hardly_moves_the_place():
    sure, doubtful = bang(p=0.99), bang(x_m=100.0, at_s=5, p=0.05)
    (one,) = series_of([sure, doubtful], SETTINGS)
    east_m = (one.moment.state.lon_deg - HOME.lon_deg) * 75_800
    assert 0 < east_m < 10


@given(st.lists(bangs, max_size=12, unique_by=lambda one: one.name), st.randoms())
def test_every_round_is_in_one_series_in_any_order(rounds, random):
    found = series_of(rounds, SETTINGS)
    names = [one.name for series in found for one in series.rounds]
    assert sorted(names) == sorted(one.name for one in rounds)
    shuffled = rounds[:]
    random.shuffle(shuffled)
    assert series_of(shuffled, SETTINGS) == found
    for series in found:
        assert series.p >= max(one.p for one in series.rounds) - 1e-9
        gaps = np.diff([one.time_s for one in series.rounds])
        assert (gaps <= SETTINGS.series_gap_s).all()


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=30))
def test_counts_lie_in_order_between_one_and_all(ps):
    count = counted(ps)
    assert 1 <= count.low <= count.best <= count.high <= len(ps)


def test_counts_say_how_sure_they_are():
    assert counted([0.5] * 20) == Rounds(6, 10, 14)  # quantiles of Binomial(20, 1/2)
