"""Find submissions on disk and read them."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.errors import NotebookError, SubmissionError
from autograder.grading.naming_rules import NOTE_ON_ATTEMPT
from autograder.grading.student_names import owners
from autograder.notebook.parse_notebook import parse_notebook
from autograder.printable import printable

MAX_NOTEBOOK_BYTES = 50_000_000
_ATTEMPT = re.compile(r"(.+_attempt_\d{4}(?:-\d\d){5})_")
_MAX_ZIP_BYTES = 2_000_000_000
# Folders of tools and systems. A hidden folder that is none of these may still be what someone handed in.
_LITTER = {".ipynb_checkpoints", "__MACOSX", "__pycache__", "node_modules", "site-packages", "$RECYCLE.BIN", "@eaDir"}
_HIDDEN_LITTER = (".git", ".Trash", ".venv", ".cache", ".config", ".conda", ".idea", ".local", ".vscode", ".tox")
# What nbgrader and file managers put next to a submission.
_BESIDE = {"timestamp.txt", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Submission:
    """One handed-in file.

    Attributes:
        student: from the folder or the file name.
        assignment: the chapter that the file name tells, or None where only its content can.
        path: the notebook file.
        file: the same, relative to the graded path, for reports.
        copy: 1, or a running number where one student handed in several files for one assignment.
        how: what told the student, for people.
        guess: why the student may be another one, or empty.
        number: what a learning platform put behind the student's name, or empty.
        platform: whose number that is, or empty.
        late: True where the platform marked the file as late.
        own_folder: True where a folder below the graded one is certain to be the student's.
        prefilled: True where everyone has the chapters from the start, so that a file alone is nothing handed in.
        own_files: the student's own small files next to it, with their contents.
    """

    student: str
    assignment: str | None
    path: Path
    file: str
    copy: int = 1
    how: str = ""
    guess: str = ""
    number: str = ""
    platform: str = ""
    late: bool = False
    own_folder: bool = False
    prefilled: bool = False
    own_files: tuple[tuple[str, bytes], ...] = ()

    @property
    def label(self) -> str:
        """The student's name, with the running number behind it from the second file on."""
        return self.student if self.copy == 1 else f"{self.student} ({self.copy})"


def find_submissions(path: Path, chapters: Sequence[str], names: Mapping[str, str] | None = None) -> list[Submission]:
    """Every notebook under ``path``, with whose it is and for which chapter.

    ``<student>/<assignment>/<file>.ipynb`` (nbgrader's layout; in a folder named ``submitted`` the file may be one
    of several chapters that an assignment is made of), ``<student>/<chapter>.ipynb``, ``<student>_<chapter>.ipynb``
    and what platforms make of a name (:mod:`autograder.grading.naming_rules`) are understood. Any other file is its
    folder's student's if it is alone there or next to a ``<chapter>.ipynb``, and otherwise has the student's name.

    Args:
        path: a notebook or a folder; unpack a zip first with :func:`extract_archive`.
        chapters: names of the course's chapters.
        names: the students behind names that come back, see :func:`autograder.grading.student_names.read_names`.

    Raises:
        SubmissionError: if there is no such path or it holds no notebook.
    """
    if not path.exists():
        raise SubmissionError(f"{path} does not exist. Give a notebook, a folder or zip of notebooks.")
    if path.is_file() and not _is_notebook(path):
        raise SubmissionError(f"{path} is neither a notebook (.ipynb) nor a folder or zip of notebooks.")
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else [file for file in _files(path) if _is_notebook(file)]
    if not files:
        raise SubmissionError(
            f"{path} holds no notebook. Expected .ipynb files, or nbgrader's submitted/<student>/<assignment>/."
        )
    places = [PurePosixPath(*file.relative_to(root).parts) for file in files]
    told = owners(places, root.resolve().name, chapters, names)
    return [
        Submission(
            owner.student,
            owner.assignment,
            file,
            str(place),
            how=owner.how,
            guess=owner.guess,
            number=owner.number,
            platform=owner.platform,
            late=owner.late,
            own_folder=owner.own_folder and not owner.guess,
            prefilled=owner.prefilled,
        )
        for owner, file, place in zip(told, files, places, strict=True)
    ]


def passed_over(path: Path) -> tuple[str, ...]:
    """Files of a folder that :func:`find_submissions` does not take, though each may be what someone handed in.

    Data next to a notebook in a student's folder are not among them, nor are Blackboard's notes on attempts with files;
    a notebook under another name is, and one in a hidden folder of no known tool.

    Returns:
        Paths relative to ``path``; none where it is not a folder.
    """
    files = _files(path)
    homes = {file.parent for file in files if _is_notebook(file)} - {path}
    hidden = {file for file in _files(path, hidden=True) if _is_notebook(file)} - set(files)
    notes = _notes_on_attempts(files)
    return tuple(
        file.relative_to(path).as_posix()
        for file in sorted((*files, *hidden))
        if file in hidden
        or (
            not _is_notebook(file)
            and file not in notes
            and file.name.lower() not in _BESIDE
            and (".ipynb" in file.name.lower() or homes.isdisjoint(file.parents))
        )
    )


def _notes_on_attempts(files: Sequence[Path]) -> set[Path]:
    """The texts in which Blackboard says who handed in what and when, where it was handed in as a file."""
    notes = {file: match["attempt"] for file in files if (match := NOTE_ON_ATTEMPT.fullmatch(file.name))}
    handed_in = {file.parent / match[1] for file in files if (match := _ATTEMPT.match(file.name)) and file not in notes}
    return {note for note, attempt in notes.items() if note.parent / attempt in handed_in}


def without_notebook(path: Path) -> tuple[str, ...]:
    """Folders in which someone may have meant to hand something in, and no notebook is: the outermost of each.

    Folders next to a notebook, which hold its data, are not among them.

    Returns:
        Paths relative to ``path``; none where it is not a folder.
    """
    notebooks = [file for file in _files(path) if _is_notebook(file)]
    holding = {folder for file in notebooks for folder in file.parents} | {path}
    homes = {file.parent for file in notebooks} - {path}
    folders = [(folder, folder.relative_to(path)) for folder in _folders(path)]
    return tuple(
        place.as_posix()
        for folder, place in folders
        if folder not in holding and folder.parent in holding and homes.isdisjoint(folder.parents)
    )


def _files(folder: Path, hidden: bool = False) -> list[Path]:
    """Files below a folder, sorted, but for those of tools and systems.

    Args:
        hidden: True to have files and folders that begin with a dot, too.
    """
    places = [Path(place, name) for place, _, names in _walk(folder, hidden) for name in names]
    return sorted(path for path in places if (hidden or not path.name.startswith(".")) and path.is_file())


def _folders(folder: Path) -> list[Path]:
    return sorted(Path(place, name) for place, names, _ in _walk(folder, hidden=False) for name in names)


def _walk(folder: Path, hidden: bool) -> Iterator[tuple[str, list[str], list[str]]]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _is_litter(Path(place, name), hidden)]
        yield place, folders, files


def _is_litter(folder: Path, hidden: bool) -> bool:
    """True for a folder that tools and systems make, virtual environments under any name among them."""
    name = folder.name
    if name.startswith("."):
        return not hidden or name in _LITTER or name.startswith(_HIDDEN_LITTER)
    return name in _LITTER or (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def _is_notebook(file: Path) -> bool:
    return file.suffix.lower() == ".ipynb"


def extract_archive(archive: Path, folder: Path) -> None:
    """Unpack a zip of submissions, and nothing outside ``folder``.

    Raises:
        SubmissionError: if it is not a zip file, has a member that points outside, or unpacks to over 2 GB.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = zipped.infolist()
            for member in members:
                member.filename = _member_name(member)
            outside = [m.filename for m in members if not _stays_inside(m.filename)]
            if outside:
                raise SubmissionError(f"{archive} has a member outside its own folder: {outside[0]!r}. Repack it.")
            size = sum(m.file_size for m in members)
            if size > _MAX_ZIP_BYTES:
                raise SubmissionError(f"{archive} unpacks to {size / 1e9:.1f} GB; expected at most 2 GB. Split it.")
            for member in members:
                zipped.extract(member, folder)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
        reason = str(error)[:200]
        raise SubmissionError(f"{archive} is not a zip file that can be unpacked ({reason}). Pack it again.") from error


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name with slashes and in Unicode, as the program that packed it meant it.

    Some programs on Windows write backslashes. macOS writes UTF-8 and does not say so: then zipfile has read the name
    in the code page 437 of the format's standard (APPNOTE, appendix D).
    """
    name = member.filename
    if not member.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts


def read_notebook(path: Path) -> NotebookNode:
    """Read a submitted notebook and make sure that its parts are of the right kind.

    Raises:
        NotebookError: if it is too large, or for a reason of :func:`autograder.notebook.parse_notebook.parse_notebook`.
    """
    return parse_notebook(read_content(path), printable(path.name))


def read_content(path: Path) -> bytes:
    """Read a submitted file, whatever is in it.

    Raises:
        NotebookError: if it is a link, too large, or cannot be read.
    """
    if path.is_symlink():
        raise NotebookError(f"{printable(path.name)} is a link to another file; expected the notebook itself.")
    try:
        size = path.stat().st_size
        if size > MAX_NOTEBOOK_BYTES:
            raise NotebookError(
                f"{printable(path.name)} has {size / 1e6:.0f} MB; expected at most {MAX_NOTEBOOK_BYTES / 1e6:.0f}. "
                "Clear its outputs and hand it in again."
            )
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> NotebookError:
    return NotebookError(f"{printable(path.name)} cannot be read: {error}. Save it in Jupyter and hand it in again.")
