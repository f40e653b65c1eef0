"""Which classes of record the ledger can give back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from trucewatch.agreement.terms import Agreement
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Acquisition, Observation
from trucewatch.collect.source import Rejection
from trucewatch.collect.table import Table
from trucewatch.completeness.coverage import Coverage
from trucewatch.detect.detection import Detection
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.fuse.near import NearMiss
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.track import TrackRecord
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import Contradiction, Finding
from trucewatch.grade.register import RegisterEntry
from trucewatch.grade.renderings import Difference, Rendering
from trucewatch.grade.settings import GradeSettings
from trucewatch.record import Record
from trucewatch.review.decision import Decision
from trucewatch.review.joining import JoinDecision

KINDS: tuple[type[Record], ...] = (
    Agreement,
    Delivery,
    Rejection,
    Acquisition,
    Observation,
    Table,
    Coverage,
    Lineage,
    Detection,
    FusionSettings,
    TrackRecord,
    Incident,
    NearMiss,
    GradeSettings,
    Finding,
    Contradiction,
    Compliance,
    Difference,
    Rendering,
    RegisterEntry,
    Decision,
    JoinDecision,
)


def by_name(more: Iterable[type[Record]] = ()) -> Mapping[str, type[Record]]:
    """Classes by the kind that begins an id; ``more`` come from stages beside us."""
    return MappingProxyType({one.__name__.lower(): one for one in (*KINDS, *more)})
