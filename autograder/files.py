"""Write files so that a crash leaves the old content or the new, with names that any system allows."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

# Of the 255 bytes that file systems allow, leaving room for what is put behind.
_MAX_NAME = 200


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; results are shared like any other file of the course.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def file_name(name: str) -> str:
    """A file name for any student's name, another for each; odd characters are percent-encoded, dots cannot lead."""
    encoded = (
        quote(name, safe=" @+=,()", errors="surrogatepass").replace(".", "%2E")
        if name.startswith(".")
        else quote(name, safe=" @+=,().", errors="surrogatepass")
    )
    # A name as long as a shortened one is shortened, too: otherwise it could be one.
    if len(encoded) >= _MAX_NAME:
        encoded = f"{encoded[: _MAX_NAME - 33]}-{hashlib.sha256(encoded.encode()).hexdigest()[:32]}"
    return encoded or "%00"
