"""Content keys: what a result was made from."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import autograder

# The parts of the package that decide what a submission earns.
_DECIDING = ("grading", "kernel", "notebook", "referee", "testing")


def digest(*parts: str | bytes) -> str:
    """SHA-256 over the parts, each with its length, as 64 hexadecimal characters."""
    total = hashlib.sha256()
    for part in parts:
        # A file's name may hold half a character.
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


@cache
def grader_digest() -> str:
    """A key for the parts of the package that decide what a submission earns, as installed."""
    root = Path(autograder.__file__).parent
    return digest(*(folder_digest(root / name) for name in _DECIDING))


def folder_digest(root: Path) -> str:
    """A key for the Python and JSON files of a folder."""
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".json"))
    return digest(*[part for path in files for part in (str(path.relative_to(root)), path.read_bytes())])


def file_digest(path: Path) -> str:
    """A key for a file's content; the empty content's where there is no such file."""
    return digest(path.read_bytes() if path.is_file() else b"")
