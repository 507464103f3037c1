"""The folder next to a gradebook: what nbgrader's formgrader and feedback read besides the database."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from filelock import FileLock, Timeout

from autograder.errors import GradebookError
from autograder.printable import escaped

DATABASE = "gradebook.db"
CONFIG = "nbgrader_config.py"
_WAIT_SECONDS = 120
_PAGE = (
    "# Formgrader's page of a submission with mark schemes, and with formulas without the network.",
    "from pathlib import Path",
    "from autograder.reporting.gradebook.formgrader_page import configure",
    "configure(c, Path(__file__).parent)",
)
# What no folder can be called, what nbgrader overlooks or strips, what formgrader would write into its pages as markup
# or into their scripts, and what would be read as an encoded character.
_UNSAFE = r'^\.|^\s|\s$|[\x00-\x1f\x7f\ud800-\udfff/\\<>"`]|%(?=[0-9A-Fa-f]{2})'
_UNSAFE_NAME = re.compile(_UNSAFE + r"|[:|?*]|\.$" if os.name == "nt" else _UNSAFE)
_MAX_CHARACTERS, _MAX_BYTES = 128, 240


def nbgrader_id(student: str) -> str:
    """The student's name as nbgrader can keep it, in the database and as a folder.

    Characters that no folder can have, that cannot be seen, or that formgrader's pages would take for markup, a leading
    dot (which nbgrader overlooks) and spaces at the ends (which it strips) are percent-encoded; two names never become
    one. Any other name stays, as nbgrader's ``submitted/`` has it.

    Raises:
        GradebookError: if the name is empty, or too long for nbgrader or for a folder.
    """
    encoded = escaped(_UNSAFE_NAME.sub(lambda match: _percent_encoded(match[0]), student), _percent_encoded)
    if not encoded or len(encoded) > _MAX_CHARACTERS or len(encoded.encode()) > _MAX_BYTES:
        raise GradebookError(
            f"the student's name {student[:40]!r} has {len(encoded)} characters; expected 1 to {_MAX_CHARACTERS}, "
            f"and at most {_MAX_BYTES} bytes as a folder. "
            "Rename the submission and run `autograder grade` again."
        )
    return encoded


def student_name(nbgrader_id: str) -> str:
    """The student's name that :func:`nbgrader_id` encoded."""
    return unquote(nbgrader_id, errors="surrogatepass")


def _percent_encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def notebook_path(folder: Path, student: str, assignment: str) -> Path:
    """Where formgrader looks for a graded notebook, relative names as nbgrader has them."""
    return folder / "autograded" / student / assignment / f"{assignment}.ipynb"


def read_answers(path: Path) -> dict[str, str] | None:
    """The text of each cell that nbgrader knows of the notebook in the folder; None where there is none to read."""
    try:
        # Without nbformat, whose validation takes most of the time; what is here was written as a valid notebook.
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        known = [(cell["metadata"]["nbgrader"]["grade_id"], cell["source"]) for cell in cells if _is_nbgraders(cell)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return {str(name): "".join(source) for name, source in known}


def _is_nbgraders(cell: dict[str, Any]) -> bool:
    return "grade_id" in cell["metadata"].get("nbgrader", {})


def submitted_at(folder: Path, student: str, assignment: str) -> datetime | None:
    """When nbgrader's ``submitted/`` says that a notebook was handed in, in UTC without offset.

    The folder there has the student's own name, whatever :func:`nbgrader_id` made of it. The time is read with
    nbgrader's own function, since formgrader compares what it reads with the database.

    Raises:
        GradebookError: if the file holds no time.
    """
    names = [name for name in dict.fromkeys((student, student_name(student))) if not {"/", "\0"} & set(name)]
    paths = [
        folder / "submitted" / name / assignment / "timestamp.txt" for name in names if name not in ("", ".", "..")
    ]
    path = next(filter(Path.is_file, paths), None)
    if path is None:
        return None
    from nbgrader.utils import parse_utc

    try:
        parsed: datetime = parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError) as error:
        raise GradebookError(f"{path} holds no time: {error}. Expected for example 2026-11-01 12:00:00 UTC.") from error
    return parsed


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder, and keep other runs out of it.

    Raises:
        GradebookError: if the folder cannot be written, or another run keeps it for more than two minutes.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_WAIT_SECONDS):
            yield
    except Timeout as error:
        raise GradebookError(
            f"another `autograder gradebook` has been writing to {folder} for {_WAIT_SECONDS} s. Wait for it to end."
        ) from error
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> GradebookError:
    """What to say when the folder cannot be written."""
    return GradebookError(
        f"{folder} cannot be written: {error.strerror or error}. What the gradebook held before is still there. "
        "Make room, or name a folder that you may write with --out, then run the same command again."
    )


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A folder on the same disk for files that are not to count yet; removed at the end."""
    place = Path(tempfile.mkdtemp(dir=folder, prefix=".staging-"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def put_in_place(staged: Path, folder: Path) -> None:
    """Move every staged file to its place below ``folder``; each is replaced whole."""
    for path in sorted(p for p in staged.rglob("*") if p.is_file()):
        target = folder / path.relative_to(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def write_settings(folder: Path, course_id: str, database: str | None, secret: bool) -> bool:
    """Write nbgrader's settings unless the folder has some; they are the instructor's to change.

    Args:
        database: the URL, where it is not the SQLite file that nbgrader expects in the folder.
        secret: True where the URL holds a password: then nobody else may read the file.

    Returns:
        True where the settings that are there now name the database.
    """
    path = folder / CONFIG
    if path.exists():
        return database is None or repr(database) in path.read_text(encoding="utf-8", errors="replace")
    lines = ["c = get_config()", f"c.CourseDirectory.course_id = {course_id!r}", *_PAGE]
    if database is not None:
        lines.append(f"c.CourseDirectory.db_url = {database!r}")
    path.touch(mode=0o600 if secret else 0o644)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return True
