"""Every exception a caller can act on.

TrucewatchError
  SourceError        a whole delivery could not be read
  AgreementError     the terms are incomplete, contradictory or impossible
  MissionError       a mission file or a file it names is unusable
  ScenarioError      a scenario of an exercise, or its truth, is unusable
  LedgerError        the ledger cannot be opened, or refuses a record
  ReleaseError       a release would have broken a rule of publication

One row that cannot be used is no exception but a ``collect.source.Rejection``.
"""

from __future__ import annotations


class TrucewatchError(Exception):
    """Base of all exceptions raised on purpose."""


class SourceError(TrucewatchError):
    """A delivery as a whole was not of the promised format."""


class AgreementError(TrucewatchError):
    """The agreement's terms were incomplete, contradictory or impossible."""


class MissionError(TrucewatchError):
    """A mission file, or a file it names, was unusable."""


class ScenarioError(TrucewatchError):
    """A scenario of an exercise, or its truth, was unusable."""


class LedgerError(TrucewatchError):
    """The ledger could not be opened, or refused what it was given."""


class ReleaseError(TrucewatchError):
    """A release would have broken a rule of publication."""
