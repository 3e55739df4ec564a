"""JSON that somebody sent."""

import json
from typing import Any


def read_json(text: str | bytes) -> Any:
    """Raises ValueError for what is none, is nested too deeply, or has half a sign in it (a lone
    surrogate, "\\ud800"), which could be neither sent on nor written down."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return found
