"""What holds of incidents whatever the detections are."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.build import (
    claim,
    detection,
    hours,
    siren,
)
from tests.fuse.incidents import cited, fused
from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.detection import Channel
from trucewatch.place import Area, Place, Unlocated

places = st.one_of(
    st.builds(
        lambda lat, lon, r: Place.circle(48 + lat / 50, 37 + lon / 50, r),
        st.integers(0, 10),
        st.integers(0, 10),
        st.sampled_from([300.0, 1_000.0, 5_000.0, 90_000.0]),
    ),
    st.sampled_from([Unlocated(), Area("Odesa", "province")]),
)
times = st.builds(
    lambda begin, length: hours(begin, begin + length),
    st.integers(0, 40),
    st.sampled_from([1, 12, 24]),
)
acts = st.sampled_from([Act.SHELLING, Act.EXPLOSION, Act.OVERFLIGHT, Act.UNDETERMINED])
seen = st.builds(
    detection,
    places,
    times,
    st.sampled_from("abc"),
    st.floats(0, 6),
    act=acts,
)
words = st.builds(
    claim,
    st.sampled_from(["UA", "RU"]),
    st.sampled_from(["UA", "RU", ""]),
    places,
    time=times,
)
anything = st.lists(st.one_of(seen, words), max_size=8)


@given(anything, st.randoms())
@settings(max_examples=50)
def test_the_order_of_detections_never_matters(found, random):
    shuffled = found[:]
    random.shuffle(shuffled)
    assert fused(*found) == fused(*shuffled)


@given(anything)
@settings(max_examples=50)
def test_every_detection_is_used_exactly_once(found):
    assert sorted(cited(fused(*found))) == sorted({d.id for d in found})


@given(anything, st.lists(st.builds(siren, times), max_size=5))
@settings(max_examples=40)
def test_context_changes_nothing_but_the_list(found, sirens):
    plain = {(i.name, i.p_exists, i.place, i.time) for i in fused(*found)}
    heard = {(i.name, i.p_exists, i.place, i.time) for i in fused(*found, *sirens)}
    assert plain == heard


@given(anything, st.data())
@settings(max_examples=50)
def test_an_edited_delivery_changes_no_name(found, data):
    """Every id changes when a file is edited; what it says elsewhere does not."""
    anew = data.draw(st.permutations(range(len(found))))
    again = [
        replace(one, derived_from=(f"observation:{n}",))
        for one, n in zip(found, anew, strict=True)
    ]

    def told(incidents):
        return sorted(
            ((i.name, i.p_exists, i.time.begin, i.units_best) for i in incidents),
        )

    was, now = fused(*found), fused(*again)
    assert told(was) == told(now)
    assert {i.name: i.place for i in was} == {i.name: i.place for i in now}


@given(anything)
@settings(max_examples=50)
def test_no_two_incidents_share_a_name(found):
    names = [i.name for i in fused(*found)]
    assert len(names) == len(set(names))


@given(st.lists(st.one_of(seen, words), max_size=5))
@settings(max_examples=15)
def test_copies_of_everything_change_no_odds(found):
    copies = [
        replace(one, derived_from=(f"observation:{n}",))
        for one in {d.id: d for d in found}.values()
        for n in range(20)
    ]
    once = sorted(
        (i.p_exists, i.time.begin, len(i.contributions)) for i in fused(*found)
    )
    many = sorted(
        (i.p_exists, i.time.begin, len(i.contributions)) for i in fused(*copies)
    )
    assert once == many


@given(
    st.lists(seen, min_size=1, max_size=4),
    st.floats(0, 8),
    st.sampled_from([300.0, 1_000.0, 5_000.0]),
    st.booleans(),
)
@settings(max_examples=60)
def test_one_more_consistent_origin_never_lowers_the_odds(found, ratio, radius_m, word):
    first = fused(*found)
    placed = [
        i for i in first if isinstance(i.place, Place) and i.place.semi_major_m < 9e3
    ]
    if not placed:
        return
    was = placed[0]
    place = Place.circle(was.place.lat_deg, was.place.lon_deg, radius_m)
    channel = Channel.PARTY if word else Channel.INSTRUMENT
    more = detection(place, was.time, "new", ratio, channel=channel, acts=was.acts)
    more = replace(more, claimed_by="UA" if word else "")
    then = fused(*found, more)
    earliest = set(was.contributions[0].detections)
    now = next(i for i in then if earliest & set(cited([i])))
    assert now.p_exists >= was.p_exists - 1e-6


@given(st.lists(seen, max_size=8))
@settings(max_examples=40)
def test_a_shift_of_all_times_shifts_the_incidents(found):
    found = [replace(d, log10_likelihood_ratio=n + 1.0) for n, d in enumerate(found)]
    shift = timedelta(days=365)
    moved = [
        replace(
            d, time=replace(d.time, begin=d.time.begin + shift, end=d.time.end + shift)
        )
        for d in found
    ]
    was = sorted((i.time.begin + shift, i.p_exists) for i in fused(*found))
    assert was == sorted((i.time.begin, i.p_exists) for i in fused(*moved))
