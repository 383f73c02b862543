"""The visit inside the page's worker: requests come from JavaScript, answers go back as JSON or bytes."""

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coopfx_page.visit import Visit

ROOM = Path("/home/reader/room")


def begin(language: str) -> Callable[..., str | bytes]:
    """Begin a visit; what comes back answers a request, by its name and its arguments."""
    ROOM.mkdir(parents=True, exist_ok=True)
    visit = Visit(ROOM, language)

    def ask(what: str, *given: Any) -> str | bytes:
        found = visit.ask(what, *(_plain(one) for one in given))
        return found if isinstance(found, bytes) else json.dumps(found, default=_bytes)

    return ask


def _plain(given: Any) -> Any:
    """What JavaScript hands over, as Python's own values."""
    convert = getattr(given, "to_py", None)
    found = given if convert is None else convert()
    if isinstance(found, memoryview):
        return found.tobytes()
    if isinstance(found, dict):
        return {key: _plain(one) for key, one in found.items()}
    return found


def _bytes(value: object) -> str:
    """Files inside an answer, which JSON has no other form for."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(type(value).__name__)
