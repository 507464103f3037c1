"""Small files that a test cell and a student's code both name: their contents cross, never a path or a link."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

MAX_FILES, MAX_FILE_BYTES = 20, 2_000_000


def content_of(path: Path) -> bytes | None:
    """What a plain file holds; None where there is none, and for a link, a device or a file that is too large."""
    with suppress(OSError):
        if stat.S_ISREG(path.lstat().st_mode):
            with path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
            return content if len(content) <= MAX_FILE_BYTES else None
    return None


def write_content(path: Path, content: bytes | None) -> None:
    """Give a file this content; None takes it away."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def digest_of(content: bytes | None) -> str | None:
    """By which two contents are told apart."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def changed_since(known: Mapping[str, str | None]) -> dict[str, bytes | None]:
    """The files of the working folder that are not what the other side knows, by name.

    Args:
        known: the digest of each file there; None for one that it does not have.
    """
    now = {name: content_of(Path(name)) for name in known}
    return {name: content for name, content in now.items() if digest_of(content) != known[name]}
