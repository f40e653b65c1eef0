"""Mission files full of tricks: each is told with its file and line."""

import pytest

from tests.watch.missions import edit


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("mission: small", "mission: ../x", 1, "mission: String should match"),
        ("mission: small", "mission: small\nmission: other", 2, "stands here twice"),
        ("mission: small", "mission: !!python/object:os.system x", 1, "tags have no"),
        ("mission: small", "mission: &a [*a]", 1, "anchors and aliases"),
        ("mission: small", "mission: small\n\tx: 1", 2, "cannot be read as YAML"),
        ("mission: small", "mission: " + "[" * 5000, 1, "levels deep"),
        ("mission: small", "folder: /etc\nmission: small", 1, "Extra inputs"),
        ("A small mission on invented facts", r'"\u202e"', 2, "U+202E; take it out"),
        ("A small mission on invented facts", r'"\ud800"', 2, "U+D800; take it out"),
        ("A small mission on invented facts", r'"\e[31m"', 2, "U+001B; take it out"),
        ("zone: Europe/Kyiv", "zone: ../../etc/passwd", 5, "no IANA time zone"),
        ("zone: Europe/Kyiv", "horizon: -P3D", 5, "greater than or equal to 0"),
        ("zone: Europe/Kyiv", "horizon: P900000D", 5, "less than or equal to 366"),
        ("zone: Europe/Kyiv", "cutoff_after_day: P9999999D", 5, "or equal to 366"),
        ("first: 2025", "first: 0001", 4, "days must lie between"),
        ("last: 2025", "last: 9999", 4, "days must lie between"),
        ("last: 2025", "last: 2125", 4, "at most 36525 days"),
        ("first: 2025-04-19", "first: 2025-02-30", 4, "first: Input should be"),
        ("days: [2025-04-20]", "days: [2031-01-01]", 14, "outside the days watched"),
        ("[json, csv]", "[json], language: ../../x", 14, "no language '../../x'"),
        ("[json, csv]", "[]", 14, "at least 1 item"),
        ("media_reports", "../media_reports", 9, "no source"),
        ("{feed: press}", "{feed: press, feed: x}", 9, "stands here twice"),
    ],
)
def test_a_trick_in_a_mission_file_is_told_with_its_line(
    old, new, line, says, mission, run, tmp_path
):
    edit(mission, old, new)
    left, _, err = run()
    assert left == 2
    assert f"{mission}:{line}: " in err
    assert says in err
    assert not (tmp_path / "out").exists()


def test_an_anchor_bomb_is_told_in_few_lines(mission, run):
    levels = [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 40)]
    mission.write_text("k0: &k0 x\n" + "\n".join(levels))
    left, _, err = run()
    assert left == 2
    assert err.count("\n") < 60
    assert "more" in err.splitlines()[-1]


@pytest.mark.parametrize(
    "pattern", ["***", "a**", ".", "/", "x" * 300, "[", "${NOPE}/x"]
)
def test_a_pattern_that_names_no_file_is_quoted(pattern, mission, run, monkeypatch):
    monkeypatch.delenv("NOPE", raising=False)
    edit(mission, "files: reports.csv", f"files: '{pattern}'")
    left, _, err = run()
    assert left == 2
    assert pattern[:60] in err


def test_a_file_whose_name_reads_like_a_pattern_is_found(mission, run):
    reports = mission.with_name("reports.csv")
    reports.rename(reports.with_name("reports [1].csv"))
    edit(mission, "reports.csv", "'reports [1].csv'")
    assert run()[0] == 0


def test_contradictory_terms_are_told_with_clause_and_line(mission, run, tmp_path):
    from trucewatch.watch.start import bundled

    terms = bundled("easter2025").parents[1] / "agreements/easter2025.yaml"
    own = mission.with_name("terms.yaml")
    own.write_text(terms.read_text("utf-8").replace("where: everywhere", "where: moon"))
    edit(mission, str(terms), "terms.yaml")
    left, _, err = run()
    assert left == 2
    line = own.read_text("utf-8").partition("where: moon")[0].count("\n") + 1
    assert f"{own}:{line}:" in err
    assert "moon" in err
    assert not (tmp_path / "out").exists()


def test_a_sector_the_agreement_lacks_is_named(mission, run):
    edit(mission, "zone: Europe/Kyiv", "zone: Europe/Kyiv\nsectors: [moon]")
    left, _, err = run()
    assert (left, "['moon'] are no zones" in err) == (2, True)


@pytest.mark.parametrize(
    "day", ["2025-03-30", "2025-10-26", "1900-01-01", "2200-01-01"]
)
def test_odd_days_are_watched_like_others(day, mission, run):
    edit(mission, "first: 2025-04-19, last: 2025-04-21", f"first: {day}, last: {day}")
    edit(mission, "days: [2025-04-20]", "days: all")
    left, out, _ = run()
    assert (left, out.count("\nbulletin ")) == (0, 3)
