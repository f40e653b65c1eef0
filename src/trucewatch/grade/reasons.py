"""Why a finding stands as it does: short codes, sentences are the catalogue's."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """One code per reason; a finding or an attribution may have several."""

    OUTSIDE_WINDOW = "outside_window"
    """Under this reading the terms were not in force at the incident's time."""

    WINDOW_UNDECIDED = "window_undecided"
    """The incident's time, or the window's edge, is too coarse to say in or out."""

    CLAUSE_NOT_IN_READING = "clause_not_in_reading"
    """Under this reading the clause does not apply at all."""

    OUTSIDE_ZONE = "outside_zone"
    """The incident lies outside the zones or sites the clause speaks of."""

    ZONE_UNDECIDED = "zone_undecided"
    """The incident's ellipse, or the line, is too wide to say inside or outside."""

    PLACE_TOO_COARSE = "place_too_coarse"
    """The place is known to an area only: no test against a line, zone or site."""

    ACT_NOT_DETERMINED = "act_not_determined"
    """What happened is known too broadly to say whether the clause prohibits it."""

    WEAPON_NOT_KNOWN = "weapon_not_known"
    """The clause is limited to classes of weapons and the weapon is not known."""

    MAY_BE_NATURAL = "may_be_natural"
    """Nobody did more than hear it, and thunder or blasting may sound like it."""

    EXEMPT_NOTIFIED = "exempt_notified"
    """A notice of exempt activity matches in kind, place and time."""

    EXEMPT_BY_TERMS = "exempt_by_terms"
    """The terms excuse such activity there without notice."""

    EXEMPT_POSSIBLE = "exempt_possible"
    """A notice or an exemption may cover the incident; it is not certain."""

    AUTHORISATION_NOT_SHOWN = "authorisation_not_shown"
    """The activity was announced; the authorisation the terms need was not shown."""

    ONE_PARTY_ONLY = "one_party_only"
    """Nothing but the word of one party supports the incident."""

    PARTIES_ONLY = "parties_only"
    """Nothing but the words of parties supports the incident."""

    SINGLE_ORIGIN = "single_origin"
    """One independent origin supports the incident."""

    DENIED = "denied"
    """A party the terms bind denied it."""

    PARTIES_DISAGREE = "parties_disagree"
    """Parties accuse each other of the same incident."""

    NOT_COVERED = "not_covered"
    """Nobody watched there and then well enough for silence to count."""

    NOT_SUPPORTED = "not_supported"
    """The place was watched and the evidence does not support the incident."""

    NEEDS_REVIEW = "needs_review"
    """It would be Verified once a person has confirmed it."""

    AUTOMATIC_STAGE = "automatic_stage"
    """No responsibility is stated before a person has reviewed the finding."""

    NO_LINE = "no_line"
    """The terms draw no line with sides."""

    NEAR_LINE = "near_line"
    """The incident is too near a line, or the line too uncertain, to give a side."""

    PLACE_IS_NOT_ORIGIN = "place_is_not_origin"
    """On which side something happened does not say which side did it."""


class SideReason(StrEnum):
    """Why a side is weighed as it is, or none is; for whoever reviews the finding."""

    LANDED = "landed"
    """Something landed there; what lands mostly comes from the other side."""

    FIRED = "fired"
    """Something was fired there, so it comes from the side it lies on."""

    LANDED_SAID = "landed_said"
    """Only words of a party make it an impact: it may have been firing from there."""

    ACT_UNKNOWN = "act_unknown"
    """It may have landed there or been fired from there: nothing says which."""

    OUT_OF_REACH = "out_of_reach"
    """It lies farther from the line than such things reach from the other side."""

    LINE_NEAR = "line_near"
    """It lies too near the line, or the line or place is too uncertain."""

    BREACH_UNSURE = "breach_unsure"
    """That anybody broke the terms there is not sure enough to name a side."""

    BOTH_ACCUSED = "both_accused"
    """The parties accuse each other of it: the evidence conflicts."""
