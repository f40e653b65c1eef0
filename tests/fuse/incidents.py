"""Detections fused as shipped, for tests of what becomes of them."""

from trucewatch.fuse.associate import associate
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.place import Place

SETTINGS = default_fusion_settings()


def fused(*detections, acquisitions=()):
    return associate(detections, acquisitions, SETTINGS)


def cited(incidents):
    return [d for i in incidents for c in i.contributions for d in c.detections]


def near(km, radius_m=1_000.0):
    return Place.circle(48.5 + km / 111.195, 37.5, radius_m)
