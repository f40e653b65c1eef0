"""What overlapping looks answer for, beside a plain count of every stretch."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import fsum

from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.agreement.geometry import Polygon
from trucewatch.completeness import look
from trucewatch.completeness.look import Look, answered
from trucewatch.period import Period

BEGIN = datetime(2031, 5, 1, tzinfo=UTC)
DAY = Period(BEGIN, BEGIN + timedelta(days=1))
GROUND = Polygon(((30.0, 50.0), (31.0, 50.0), (31.0, 51.0), (30.0, 50.0)))

looked = st.builds(
    lambda begin_s, lasting_s, p, key, hour: Look(
        GROUND,
        Period(
            BEGIN + timedelta(seconds=begin_s),
            BEGIN + timedelta(seconds=begin_s + lasting_s),
        ),
        p,
        (key, hour),
    ),
    st.integers(-90_000, 90_000) | st.sampled_from([0, 86_400, -3_600]),
    st.integers(1, 200_000) | st.sampled_from([3_600, 86_400]),
    st.floats(0, 1),
    st.sampled_from("abc"),
    st.integers(0, 3),
)


def counted(found, time):
    """The same for one set, stretch by stretch and look by look."""
    bounds = {time.begin, time.end}
    for one in found:
        bounds |= {one.answers.begin, one.answers.end}
    breaks = sorted(at for at in bounds if time.begin <= at <= time.end)
    seen, noticed = [], []
    for begin, end in pairwise(breaks):
        best = {}
        for one in found:
            if one.answers.contains(begin):
                best[one.doubt] = max(one.p, best.get(one.doubt, 0.0))
        missed = 1.0
        for _, p in sorted(best.items()):
            missed *= 1 - p
        if best:
            seen.append((end - begin).total_seconds())
            noticed.append(seen[-1] * (1 - missed))
    return fsum(seen) / time.duration_s, fsum(noticed) / time.duration_s


@settings(max_examples=200, deadline=None)
@given(st.lists(looked, max_size=9), st.data())
def test_sets_of_looks_answer_for_what_a_plain_count_says_to_the_last_bit(found, data):
    numbers = st.integers(0, max(len(found) - 1, 0))
    some = st.lists(numbers, unique=True, max_size=len(found)).map(tuple)
    sets = data.draw(st.lists(some, max_size=6))
    wanted = [counted([found[n] for n in one], DAY) for one in sets]
    assert answered(found, sets, DAY) == wanted


def test_more_sets_than_are_taken_at_once_come_out_in_their_order():
    found = [
        Look(GROUND, Period(BEGIN, BEGIN + timedelta(minutes=n + 1)), 0.5, ("a", n))
        for n in range(200)
    ]
    sets = [tuple(range(n)) for n in range(201)]
    assert sum((2 * len(one) + 1) * len(one) for one in sets) > look._AT_ONCE
    shares = [seen for seen, _ in answered(found, sets, DAY)]
    assert shares == [n / 1_440 for n in range(201)]
