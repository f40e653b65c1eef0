"""The JSON Schema of agreement files, for editors and other programs."""

from __future__ import annotations

import json

from trucewatch.agreement.document import Document

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The schema as indented JSON, the same bytes on every machine.

    It says which words may stand where. What only the checks can say (unknown ids,
    overlapping windows, impossible shapes) is not in it.
    """
    body = Document.model_json_schema(by_alias=True)
    named = {"$schema": DIALECT, **body, "title": "trucewatch agreement"}
    return json.dumps(named, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
