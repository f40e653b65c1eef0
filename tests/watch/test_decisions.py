"""A decisions file holds a reviewer's orders, or says why it does not."""

import pytest

from trucewatch.errors import MissionError
from trucewatch.grade.finding import Attributed
from trucewatch.review.decision import Verdict
from trucewatch.watch.decisions import read_decisions

GOOD = """\
reviewer: reviewer-1
decided: 2025-04-21T12:00:00Z
decisions:
  - select: {channel: party}
    verdict: unverifiable
    reason: the word of one party
  - select: {}
    verdict: confirmed
    reason: read and agreed
"""


def written(folder, text):
    path = folder / "decisions.yaml"
    path.write_text(text, "utf-8")
    return path


ATTRIBUTED = GOOD.replace(
    "    reason: read and agreed",
    "    attribution: attributed\n    side: contact_line/left\n"
    "    reason: the crater points there",
)


def test_a_reviewer_may_name_a_side(tmp_path):
    party, other = read_decisions(written(tmp_path, ATTRIBUTED)).orders
    assert (party.attribution, party.side) == (Attributed.NOT, "")
    assert (other.attribution, other.side) == (
        Attributed.ATTRIBUTED,
        "contact_line/left",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("contact_line/left", "RU", "needs a side such as contact_line/left"),
        ("side: contact_line/left", "", "needs a side such as contact_line/left"),
        ("attribution: attributed", "", "needs attributed or largely_attributed"),
        ("verdict: confirmed", "verdict: disputed", "only a confirmed finding"),
    ],
)
def test_an_attribution_that_cannot_be_is_explained(tmp_path, old, new, says):
    with pytest.raises(MissionError) as caught:
        read_decisions(written(tmp_path, ATTRIBUTED.replace(old, new)))
    assert says in str(caught.value)


def test_orders_keep_their_sequence(tmp_path):
    made = read_decisions(written(tmp_path, GOOD))
    assert made.reviewer == "reviewer-1"
    assert [one.verdict for one in made.orders] == [
        Verdict.UNVERIFIABLE,
        Verdict.CONFIRMED,
    ]
    assert made.orders[0].select.channel == "party"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("reviewer-1", "A. Person", "reviewer: String should match"),
        ("12:00:00Z", "12:00:00", "timezone"),
        ("verdict: confirmed", "verdict: guilty", "confirmed"),
        ("reason: read and agreed", "reason: ''", "at least 3 characters"),
        ("{channel: party}", "{colour: red}", "Extra inputs"),
    ],
)
def test_a_wrong_line_is_explained(tmp_path, old, new, says):
    with pytest.raises(MissionError) as caught:
        read_decisions(written(tmp_path, GOOD.replace(old, new)))
    assert says in str(caught.value)
