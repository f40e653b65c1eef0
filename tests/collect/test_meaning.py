"""What single rows come to mean, checked by hand against the samples."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.collect.deliveries import PACKAGE, read, sample
from trucewatch.agreement.taxonomy import Act, ExemptKind, WeaponClass
from trucewatch.collect.observation import Flow, Means, Outcome, Rounding, StatementKind
from trucewatch.collect.statements import Speaker, speaker_of
from trucewatch.period import Period
from trucewatch.place import Area, Place, Unlocated, where_prec
from trucewatch.plugin import names
from trucewatch.record import canonical


def made(name, options=None):
    raw, expected = sample(name)
    return read(name, raw, {**expected["options"], **(options or {})})


def utc(day, hour=0, minute=0):
    return datetime(2031, 5, day, hour, minute, tzinfo=UTC)


def test_a_pass_is_clear_as_far_as_the_sky_is_and_a_failed_one_not_at_all():
    first, second, third = made("satellite_passes").acquisitions
    assert (first.p_clear, second.p_clear, third.p_clear) == (0.75, 1.0, 0.0)
    assert third.outcome is Outcome.FAILURE
    assert first.procedure == "viirs/N20"
    assert first.footprint == second.footprint.__class__(
        outer=((20, 10), (25, 10), (25, 15), (20, 15), (20, 10))
    )


def test_a_siren_sounds_over_the_smallest_area_named():
    raw = (
        "oblast,raion,hromada,level,started_at,finished_at,source\n"
        "P,D,M,hromada,2031-05-01 05:00:00+00:00,2031-05-01 06:00:00+00:00,official\n"
        "P,D,,raion,2031-05-01 05:00:00+00:00,2031-05-01 06:00:00+00:00,official\n"
        "P,,,oblast,2031-05-01 05:00:00+00:00,2031-05-01 06:00:00+00:00,official\n"
    )
    places = [one.place for one in read("sirens", raw).observations]
    assert places == [
        Area("M", "municipality"),
        Area("D", "district"),
        Area("P", "province"),
    ]


def test_a_siren_whose_end_was_guessed_is_rejected():
    raw = (
        "region,started_at,finished_at,naive\n"
        "P,2031-05-01 05:00:00+00:00,2031-05-01 05:30:00+00:00,True\n"
    )
    (rejection,) = read("sirens", raw).rejections
    assert "guessed" in rejection.why


def test_two_feeds_of_one_warning_system_share_its_key():
    found = [made("sirens", {"feed": feed}).observations[0] for feed in ("a", "b")]
    assert {one.procedure for one in found} == {"alerts/a", "alerts/b"}
    assert {one.independence for one in found} == {"alerts:national"}


def test_how_long_a_siren_may_run_is_an_option():
    assert len(made("sirens", {"longest_h": "10000"}).observations) == 4


def test_a_raid_spans_the_night_in_local_time_and_carries_no_launch_place():
    first, second, third = made("launch_claims").observations
    assert first.phenomenon_time == Period(
        datetime(2031, 4, 30, 16, tzinfo=UTC), utc(1, 3, 30)
    )
    assert first.result.units == 40
    assert first.result.units_stopped == 31
    assert first.result.regions == ("North Province", "East Province")
    assert second.result.units_stopped is None
    assert second.rounding is Rounding.DAY
    assert isinstance(first.place, Unlocated)
    assert third.place == Area("North Province", "province")
    assert (
        made("launch_claims", {"country": "X"}).observations[0].place.level == "country"
    )


def test_a_difference_of_two_days_is_the_first_days_and_said_on_the_second():
    first, second = made("loss_claims").observations
    assert first.phenomenon_time.begin == datetime(2031, 4, 30, 21, tzinfo=UTC)
    assert first.result_time.begin == first.phenomenon_time.end
    figures = {one.label: one.units for one in first.result.figures}
    assert figures == {"tank": 3, "apc": 5, "drone": 10, "mrl": 0, "personnel": 100}
    assert "drone" not in {one.label for one in second.result.figures}


def test_a_post_gives_its_counts_its_hours_and_none_of_its_words():
    night, hour, energy = made("ministry_posts").observations
    assert [one.units for one in night.result.figures] == [15]
    assert night.phenomenon_time == Period(
        datetime(2031, 4, 30, 17, tzinfo=UTC), utc(1, 3)
    )
    assert hour.result.figures[0].units == 7
    assert hour.phenomenon_time == Period(utc(1, 15, 20), utc(1, 16))
    assert energy.result.figures[0].act is Act.STRIKE
    assert energy.result.figures[0].units == 11
    assert energy.phenomenon_time.duration_s == 24 * 3600 + 60
    assert {one.result.words for one in (night, hour, energy)} == {""}


def test_a_post_after_midnight_speaks_of_the_evening_before():
    raw = (
        "datetime,text_snippet\n"
        "2031-05-05 21:34,С 18.00 мск до 23.00 мск уничтожены 17 украинских "
        "беспилотных летательных аппаратов\n"
    )
    options = sample("ministry_posts")[1]["options"]
    (post,) = read("ministry_posts", raw, options).observations
    assert post.phenomenon_time == Period(utc(5, 15), utc(5, 20))


def test_a_post_that_is_dated_in_moscow_can_be_said_to_be():
    moscow = made("ministry_posts", {"zone": "Europe/Moscow"}).observations[2]
    assert moscow.result_time.begin == utc(2, 17, 10)


def test_a_claim_is_its_printers_word_about_who_spoke():
    first, open_ended, printed, quoted = made("party_claims").observations
    assert first.result.outlet == "press.example"
    assert [one.act for one in first.result.figures] == [Act.SHELLING, Act.DRONE_IMPACT]
    assert open_ended.result.total == 1300
    assert (open_ended.result.total_at_least, first.result.total_at_least) == (
        True,
        False,
    )
    assert open_ended.result.words == "more than 1,300"
    assert printed.result.speaker == "NORTH"
    assert printed.result.speaker_printed == "NORTH ministry"
    assert printed.independence == "party:NORTH"
    assert printed.rounding is Rounding.UNKNOWN
    assert printed.phenomenon_time.begin == first.phenomenon_time.begin
    assert quoted.result.kind is StatementKind.POSITION
    assert quoted.result.words == "'The line was quiet' said […] in Kyiv"


@pytest.mark.parametrize(
    ("printed", "speaker"),
    [
        ("UA", Speaker("UA")),
        (" RU MoD ", Speaker("RU", "RU MoD")),
        ("US: the president", Speaker("US", "US: the president")),
        ("Ukraine's ministry", Speaker("Ukraine's ministry")),
        ("A mayor", Speaker("A mayor")),
        ("", Speaker("")),
    ],
)
def test_a_body_of_a_party_speaks_for_it(printed, speaker):
    assert speaker_of(printed) == speaker


def test_only_the_claims_of_the_truce_asked_for_are_read():
    batch = made("party_claims", {"truce": "other2031"})
    assert not batch.observations
    assert batch.rows_read == 9


def test_a_report_of_a_day_covers_the_local_day_and_one_of_an_hour_what_went_before():
    dated, again, timed, _ = made("media_reports").observations
    assert dated.phenomenon_time.begin == datetime(2031, 4, 30, 21, tzinfo=UTC)
    assert dated.phenomenon_time.duration_s == 86_400
    assert dated.result == again.result
    assert dated.id != again.id
    assert dated.independence == again.independence == "media:sample"
    assert timed.phenomenon_time == Period(
        utc(1, 11, 30) - timedelta(hours=12), utc(1, 11, 31)
    )
    assert timed.result.acts == (Act.DRONE_IMPACT,)
    assert (dated.place.semi_major_m, timed.place.semi_major_m) == (3_000, 12_000)
    assert where_prec(dated.place) == 2


def test_a_known_outlet_is_the_key_of_its_reports():
    raw = (
        "datetime,lon,lat,place_name,event_type,headline,url\n"
        "2031-05-01 10:00,20.5,10.5,T,artillery,x,https://www.press.example/1\n"
    )
    (report,) = read("media_reports", raw).observations
    assert report.independence == "media:press.example"
    assert report.result.outlet == "press.example"


def test_a_map_is_repaired_and_keeps_its_holes():
    (found,) = made("held_areas").observations
    assert len(found.result.areas) == 3
    assert len(found.result.areas[0].holes) == 1
    assert found.result.party == "NORTH"


def test_the_day_of_a_map_stands_in_its_name():
    raw, _ = sample("held_areas")
    (found,) = read(
        "held_areas", raw, {"party": "N"}, "x_20310502.geojson"
    ).observations
    assert found.phenomenon_time.contains(utc(2, 12))


def test_the_cloud_of_a_country_is_read_from_the_column_named():
    raw = "date,cloud_frac_a,cloud_frac_b\n2031-05-01,0.25,0.5\n"
    (found,) = read("cloud_cover", raw, {"column": "cloud_frac_b"}).observations
    assert found.result.cloud_ratio == 0.5
    assert found.place == Area("Ukraine", "country")


def test_a_patrol_tells_what_it_heard_and_where_it_could_have():
    batch = made("patrol_forms")
    heard, seen, ring = batch.observations
    assert heard.result.units == 4
    assert heard.result.means is Means.HEARD
    assert heard.result.weapon is WeaponClass.NOT_KNOWN
    assert heard.phenomenon_time.begin == utc(1, 11, 10)
    assert isinstance(heard.place, Place)
    assert heard.place.lon_deg > 20.5
    assert seen.result.act is Act.MUZZLE_FLASH
    assert seen.result.flow is Flow.OUTGOING
    assert seen.place.semi_major_m == 250
    assert ring.result.units is None
    assert (ring.place.lat_deg, ring.place.semi_major_m) == (10.5, 5_000)
    track, denied, view = batch.acquisitions
    assert track.p_clear == 0.9
    assert (denied.outcome, denied.p_clear) == (Outcome.FAILURE, 0.0)
    assert view.outcome is Outcome.MISS
    assert {one.independence for one in (heard, track)} == {"patrol:patrol-1"}


def test_a_camera_that_was_out_looked_at_nothing():
    batch = made("camera_logs")
    on, out = batch.acquisitions
    assert (on.p_clear, out.p_clear) == (0.7, 0.0)
    assert on.footprint == out.footprint
    (event,) = batch.observations
    assert event.result.means is Means.RECORDED
    assert event.result.act is Act.PROJECTILE_IN_FLIGHT
    assert event.place.semi_major_m < 1_000


def test_a_notice_says_what_is_excused_where_and_when():
    clearing, training, repair = made("notices").observations
    assert clearing.result.kind is ExemptKind.DEMINING
    assert clearing.result_time.begin < clearing.phenomenon_time.begin
    assert clearing.place.semi_major_m == 800
    assert training.place == Area("South Range", "district")
    assert training.phenomenon_time.duration_s == 2 * 86_400
    assert isinstance(repair.place, Unlocated)


def test_an_allegation_stands_where_and_when_it_is_said_to_have_happened():
    shelling, drop = made("allegations").observations
    assert shelling.result.figures[0].units == 6
    assert shelling.place.semi_major_m == 2_000
    assert shelling.result_time.begin == utc(1, 12)
    assert shelling.result.words == "[…] rounds near the crossing, said […]"
    assert drop.result.figures[0].act is Act.DRONE_DROP
    assert drop.result.figures[0].at_least
    assert drop.place == Area("North District", "district")


def test_any_table_can_be_read_by_naming_its_columns():
    first, second = made("table").observations
    assert first.result.units == 2
    assert second.result.units is None
    assert first.result.means is Means.RECORDED
    assert first.place.lat_deg == 10.5


@pytest.mark.parametrize("kind", ["media_report", "allegation"])
def test_a_table_may_hold_reports_or_allegations(kind):
    raw = "d,y,x,what,who\n2031-05-01T10:00Z,10.5,20.5,artillery,S\n"
    columns = {"lat": "y", "lon": "x"}
    ours = {
        "media_report": {"datetime": "d", "event_type": "what"},
        "allegation": {"time": "d", "speaker": "who"},
    }[kind]
    options = {f"column.{k}": v for k, v in (columns | ours).items()} | {"as": kind}
    if kind == "allegation":
        options["constant.act"] = "shelling"
    (found,) = read("table", raw, options).observations
    assert found.place.lon_deg == 20.5


def test_a_column_that_is_not_there_is_asked_for():
    with pytest.raises(Exception, match=r"lacks columns \['when'\]"):
        read("table", "a,b\n1,2\n", {"as": "sighting", "column.time": "When"})


@pytest.mark.parametrize("name", names(PACKAGE))
def test_no_word_that_must_stay_in_the_delivery_leaves_it(name):
    batch = made(name)
    kept = b"".join(
        canonical(one)
        for one in (*batch.observations, *batch.acquisitions, *batch.rejections)
    ).decode()
    for word in (
        "Airfield",
        "Carrier",
        "Gardening",
        "Imaginary",
        "перехвачены",
        "Shelling reported",
        "Somewhere",
        "true_claimant",
    ):
        assert word not in kept
