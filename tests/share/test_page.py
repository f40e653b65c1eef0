"""What a bulletin says, read as its readers read it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.share import dossiers, rivers

from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Reading
from trucewatch.completeness.coverage import Watch
from trucewatch.grade.finding import Standing
from trucewatch.period import Period
from trucewatch.place import Unlocated
from trucewatch.plugin import load
from trucewatch.share.bulletin import FindingRow
from trucewatch.share.compose import compose
from trucewatch.share.page.build import page
from trucewatch.share.page.dates import local_days, offset
from trucewatch.share.page.findings import breaches
from trucewatch.share.page.readings import groups
from trucewatch.share.page.standing import STANDINGS, standing
from trucewatch.share.page.voice import Voice
from trucewatch.share.release import Release, Stage
from trucewatch.share.text import catalogue

EN = catalogue("en")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def made(source=None, stage=Stage.R, release=Release.PUBLIC, **order):
    wanted = dossiers.order(stage, release, **order)
    return compose(source or dossiers.full(8), wanted, None, 7, "00" * 32)


def section(bulletin, anchor):
    return next(one for one in page(bulletin).sections if one.anchor == anchor)


def said(bulletin, anchor):
    """The sentences of a section, blanks made plain."""
    cells = section(bulletin, anchor).paragraphs
    return [one.text.replace("\u00a0", " ") for one in cells]


def table(bulletin, anchor, n=0):
    found = section(bulletin, anchor).tables[n]
    return [tuple(cell.text for cell in row) for row in found.rows]


def raid(**changed):
    """A raid with 536 units that one party claims, inside by one reading only."""
    one = dossiers.incident(
        "2031-05-05-raid0536",
        Unlocated(),
        dossiers.DAY.begin + timedelta(hours=2),
        (Act.LAUNCH, 1.0),
        units=536,
        claimed_by="NOR",
        p_exists=0.75,
    )
    inside = dossiers.finding(one, p_breach=0.75)
    outside = dossiers.finding(
        one, reading="south", standing=Standing.OUTSIDE, p_breach=0.0
    )
    return dossiers.dossier((one,), (inside, outside), **changed)


# Days


def test_a_bulletin_begins_with_its_local_day_and_utc_beside_it():
    head = page(made(zone="Europe/Kyiv"))
    assert head.subtitle == "Monday 5 May 2031, Europe/Kyiv"
    assert head.time == "2031-05-04 21:00 – 2031-05-05 21:00 UTC"


def test_a_period_of_several_days_names_the_first_and_the_last():
    wanted = dossiers.order(zone="UTC")
    assert local_days(EN, wanted) == "Sunday 4 May 2031 to Monday 5 May 2031, UTC"


@pytest.mark.parametrize(
    ("zone", "ahead"),
    [
        ("Europe/Kyiv", "UTC+03:00"),
        ("UTC", "UTC+00:00"),
        ("America/St_Johns", "UTC-02:30"),
        ("Asia/Kathmandu", "UTC+05:45"),
    ],
)
def test_local_time_says_how_far_ahead_of_utc_it_is(zone, ahead):
    assert offset(dossiers.order(zone=zone)) == ahead


@given(
    st.integers(-7_000, 40_000).map(lambda n: EPOCH + n * timedelta(days=1)),
    st.sampled_from(["Europe/Kyiv", "Africa/Khartoum", "America/Bogota", "UTC"]),
)
def test_every_day_of_every_zone_has_words(begin, zone):
    day = Period(begin, begin + timedelta(hours=20))
    words = local_days(EN, dossiers.order(period=day, zone=zone))
    assert words.endswith(f", {zone}")
    assert str(begin.year) in words or str(begin.year - 1) in words


# Readings


def test_what_the_readings_part_on_is_said_first():
    first, *_ = said(made(raid()), "glance")
    assert first == (
        "The readings part on 1 incident claimed by parties only (536 units): "
        "inside the terms under north; outside the terms under south."
    )


def test_readings_stand_side_by_side_with_what_follows_from_each():
    rows = table(made(raid()), "readings")
    assert rows[0] == ("Held by", "Republic of Norland", "Federation of Sudmark")
    assert rows[-1] == (
        "1 incident claimed by parties only (536 units)",
        "● inside the terms",
        "○ outside the terms",
    )


def test_an_incident_says_by_its_readings_how_it_stands_and_how_likely_a_breach_is():
    found = section(made(raid()), "incidents")
    assert found.tables[0].rows[0][6].text == "● inside: north; ○ outside: south"
    words = [one.text.replace("\u00a0", " ") for one in found.cards[0].paragraphs]
    assert "Likelihood of a breach under north: likely (75 %)." in words
    assert "Likelihood of a breach under south: almost no chance (0 %)." in words


def test_readings_that_agree_part_on_nothing():
    one = raid()
    agreed = tuple(replace(f, standing=Standing.INSIDE) for f in one.findings)
    assert not [
        s
        for s in said(made(replace(one, findings=agreed)), "glance")
        if "readings part" in s
    ]


@pytest.mark.parametrize("n", [0, 1, 30])
def test_groups_hold_every_incident_once_under_every_reading(n):
    bulletin = made(dossiers.full(n))
    found = groups(bulletin)
    assert sum(one.incidents for one in found) == len(bulletin.incidents)
    units = sum(one.units_best for one in bulletin.incidents)
    assert sum(one.units for one in found) == units
    for k, reading in enumerate(bulletin.readings):
        for code in STANDINGS:
            grouped = sum(g.incidents for g in found if g.standings[k] == code)
            single = [standing(row, reading.id) for row in bulletin.incidents]
            assert grouped == single.count(code)


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ((), "never in force under this reading"),
        (((-3, -1),), "not in force: over before it began"),
        (((30, 40),), "not in force: begins after it"),
        (((-3, -1), (30, 40)), "not in force"),
        (((-3, 40),), "in force throughout"),
        (((12, 40),), "in force for 50 % of it"),
    ],
)
def test_a_reading_says_whether_it_was_in_force_and_if_not_why(windows, words):
    begin = dossiers.DAY.begin
    cut = tuple(
        rivers.window(*(begin + timedelta(hours=h) for h in one)) for one in windows
    )
    reading = Reading("x", "One", ("NOR",), "accepted", cut, (), "", ("invented",))
    terms = replace(dossiers.agreement(), readings=(reading,))
    rows = table(made(dossiers.dossier(versions=(terms,))), "readings")
    (shown,) = (row[1] for row in rows if row[0] == "In this period")
    assert shown.replace("\u00a0", " ") == words


rows_of_findings = st.lists(
    st.builds(
        lambda reading, p, how: (reading, p, how),
        st.sampled_from("abc"),
        st.integers(0, 100).map(lambda n: n / 100),
        st.sampled_from(STANDINGS),
    ),
    max_size=9,
)


@given(rows_of_findings)
def test_a_likelihood_of_breach_is_given_once_for_each_reading(found):
    template = made(raid()).incidents[0].findings[0]
    rows: tuple[FindingRow, ...] = tuple(
        replace(template, reading=reading, p_breach=p, standing=how)
        for reading, p, how in found
    )
    words = breaches(Voice(made_once, EN), rows)
    named = [
        one
        for sentence in words
        for one in re.search(r"under ([abc, ]+):", sentence)[1].split(", ")
    ]
    assert sorted(named) == sorted({r for r, _, how in found if how != "untestable"})


made_once = made(raid())


# Who watched, who reviewed


def watch(*rows):
    return dossiers.dossier(coverage=tuple(dossiers.coverage(*one) for one in rows))


def test_a_blind_satellite_says_how_much_came_and_that_it_shows_no_look():
    source = watch(("buffer", "viirs", Watch.NOT_WATCHED, 0.0))
    words = said(made(source), "limits")
    assert (
        "VIIRS fire detection: not observed by this sensor. 11 observations came; none "
        "shows where the satellite looked, so that its silence means nothing for this "
        "period."
    ) in words


def test_other_blind_procedures_share_a_sentence_for_each_reason():
    source = watch(
        ("buffer", "media", Watch.NOT_WATCHED, 0.0),
        ("buffer", "alerts", Watch.NOT_WATCHED, 0.0),
        ("buffer", "camera", Watch.FAILED, 0.0),
    )
    words = " ".join(said(made(source), "limits"))
    assert "Observations came from Air-raid alerts (11), Media reports (11);" in words
    assert "Looking failed: Cameras (11)." in words


def test_a_table_of_coverage_gives_no_number_where_nobody_looked():
    source = watch(
        ("buffer", "viirs", Watch.NOT_WATCHED, 0.0),
        ("buffer", "patrol", Watch.PARTLY, 0.83),
    )
    chances = {row[0]: row[4] for row in table(made(source), "coverage")}
    assert chances["VIIRS fire detection"] == "not monitored"
    assert chances["Patrols"].replace("\u00a0", " ") == "83 %"


def test_acts_watched_alike_share_a_row():
    one = dossiers.coverage("buffer", "media", Watch.NOT_WATCHED, 0.0)
    other = replace(one, act=Act.STRIKE)
    rows = table(made(dossiers.dossier(coverage=(one, other))), "coverage")
    assert [row[2] for row in rows] == ["explosion, strike"]


def test_a_zero_is_never_printed_alone():
    (figure,) = page(made(dossiers.dossier())).figures
    assert (figure.value, figure.label) == ("0", "incidents recorded: not monitored")
    words = said(made(dossiers.dossier()), "glance")
    assert words[0].startswith("This bulletin cannot say whether anything happened")
    assert "Nobody watched in this period" in " ".join(
        said(made(dossiers.dossier()), "counts")
    )


def test_a_stage_of_review_that_nobody_reviewed_says_so():
    head = page(made(raid()))
    assert "no reviewer has decided any finding below" in head.banner.text
    assert (
        head.signature[0].value.text
        == "None of 2 findings has been decided by a reviewer."
    )


def test_a_reviewed_bulletin_says_how_many_findings_were_decided():
    head = page(made())
    assert head.banner.text.startswith("Reviewed stage. Each finding")
    assert head.signature[0].value.text.startswith("4 of 14 findings were decided")


# Links and places


def bytes_of(name, bulletin):
    (file,) = load("trucewatch.share.formats", name).render(bulletin)
    return file.data.decode()


def test_incidents_lead_to_the_map_and_the_map_back_by_their_names():
    bulletin = made()
    text = bytes_of("html", bulletin)
    for row in bulletin.incidents:
        assert f'id="incident-{row.name}"' in text
        assert f'href="map.html#{row.name}"' in text
    assert "bulletin.html" in bytes_of("map", bulletin)


def test_the_page_of_the_map_knows_the_local_day():
    bulletin = made(zone="Europe/Kyiv")
    assert '"day":"Monday 5 May 2031, Europe/Kyiv"' in bytes_of("map", bulletin)


def test_a_keyboard_can_skip_to_the_bulletin_and_every_table_is_named():
    text = bytes_of("html", made())
    assert text.index('href="#bulletin"') < text.index("<nav")
    assert '<main id="bulletin">' in text
    assert text.count("<table>") == text.count("<caption>")
    for head in re.findall(r"<thead>.*?</thead>", text):
        assert head.count("<th ") == head.count('scope="col"')


def contrast(one, other):
    """Ratio of relative luminances. Source: WCAG 2.2, 1.4.3."""

    def luminance(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        r, g, b = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_every_colour_of_words_can_be_read_on_every_ground(theme):
    text = bytes_of("html", made())
    block = text.split(":root {")[theme + 1].partition("}")[0]
    colours = dict(re.findall(r"--([a-z-]+): (#\w{6})", block))
    grounds = [colours[one] for one in ("ground", "sheet", "warn-ground")]
    for name in ("ink", "soft", "accent", "warn", "good", "even", "bad"):
        for ground in grounds:
            assert contrast(colours[name], ground) >= 4.5, (name, ground)
