"""A page as plain data, for templates that know nothing of Python."""

from __future__ import annotations

import json
from dataclasses import asdict

from trucewatch.share.page.model import Page


def as_json(page: Page) -> str:
    """The page as JSON text: objects named as the fields of ``model``."""
    return json.dumps(asdict(page), ensure_ascii=False, sort_keys=True)
