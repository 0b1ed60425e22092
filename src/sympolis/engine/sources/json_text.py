"""JSON as others wrote it, read fast where it is as the standard says and patiently where it is not."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json


def parsed(text: bytes | str) -> Any:
    """What the text says. Raises json.JSONDecodeError, or UnicodeDecodeError for bytes that are no text.

    The fast reader refuses halves of pairs (``\\ud800``) that some portals write, and tells errors in words of its
    own: what it does not take is read again by Python's.
    """
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)
