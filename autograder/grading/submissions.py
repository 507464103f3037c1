"""Find submissions on disk and read them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from nbformat import NotebookNode

from autograder.errors import NotebookError, SubmissionError
from autograder.grading.naming_rules import NOTE_ON_ATTEMPT
from autograder.grading.student_names import owners
from autograder.notebook.parse_notebook import parse_notebook
from autograder.printable import printable

MAX_NOTEBOOK_BYTES = 50_000_000
_ATTEMPT = re.compile(r"(.+_attempt_\d{4}(?:-\d\d){5})_")
# Folders of tools and systems. A hidden folder that is none of these may still be what someone handed in.
LITTER = {".ipynb_checkpoints", "__MACOSX", "__pycache__", "node_modules", "site-packages", "$RECYCLE.BIN", "@eaDir"}
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


def find_submissions(
    path: Path,
    chapters: Sequence[str],
    names: Mapping[str, str] | None = None,
    in_zips: Mapping[Path, Path] | None = None,
) -> list[Submission]:
    """Every notebook under ``path``, with whose it is and for which chapter.

    ``<student>/<assignment>/<file>.ipynb`` (nbgrader's layout; in a folder named ``submitted`` the file may be one
    of several chapters that an assignment is made of), ``<student>/<chapter>.ipynb``, ``<student>_<chapter>.ipynb``
    and what platforms make of a name (:mod:`autograder.grading.naming_rules`) are understood. Any other file is its
    folder's student's if it is alone there or next to a ``<chapter>.ipynb``, and otherwise has the student's name.

    Args:
        path: a notebook or a folder; unpack a zip first with :func:`autograder.grading.archives.extract_archive`.
        chapters: names of the course's chapters.
        names: the students behind names that come back, see :func:`autograder.grading.student_names.read_names`.
        in_zips: notebooks that were unpacked, by the zip below ``path`` that stands for each.

    Raises:
        SubmissionError: if there is no such path or it holds no notebook.
    """
    if not path.exists():
        raise SubmissionError(f"{path} does not exist. Give a notebook, a folder or zip of notebooks.")
    if path.is_file() and not _is_notebook(path):
        raise SubmissionError(f"{path} is neither a notebook (.ipynb) nor a folder or zip of notebooks.")
    root = path.parent if path.is_file() else path
    files = [path] if path.is_file() else [file for file in _files(path) if _is_notebook(file)]
    zips = dict(in_zips or {})
    if not files and not zips:
        raise SubmissionError(
            f"{path} holds no notebook. Expected .ipynb files, or nbgrader's submitted/<student>/<assignment>/."
        )
    shown = [PurePosixPath(*file.relative_to(root).parts) for file in (*files, *zips)]
    # A zip is called as its notebook would be.
    places = [place if _is_notebook(place) else place.with_suffix(".ipynb") for place in shown]
    given = {str(place): (names or {}).get(str(one)) for place, one in zip(places, shown, strict=True) if place != one}
    names = {**(names or {}), **{place: student for place, student in given.items() if student}}
    in_own_folder = set(zips.values())
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
            own_folder=file in in_own_folder or (owner.own_folder and not owner.guess),
            prefilled=owner.prefilled,
        )
        for owner, file, place in zip(told, (*files, *zips.values()), shown, strict=True)
    ]


def passed_over(path: Path, found: Sequence[Submission]) -> tuple[str, ...]:
    """Files of a folder that :func:`find_submissions` does not take, though each may be what someone handed in.

    Data next to the notebooks of a single student are not among them, nor are Blackboard's notes on attempts with
    files; a notebook under another name is, and one in a hidden folder of no known tool.

    Args:
        found: what :func:`find_submissions` took.

    Returns:
        Paths relative to ``path``; none where it is not a folder.
    """
    files = _files(path)
    owners_of: dict[Path, set[str]] = {}
    for submission in found:
        owners_of.setdefault(submission.path.parent, set()).add("" if submission.guess else submission.student)
    homes = {folder for folder, students in owners_of.items() if len(students) == 1 and "" not in students} - {path}
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


def without_notebook(path: Path, zips: Collection[Path] = ()) -> tuple[str, ...]:
    """Folders in which someone may have meant to hand something in, and no notebook is: the outermost of each.

    Folders next to a notebook, which hold its data, are not among them.

    Args:
        zips: those that hold a notebook.

    Returns:
        Paths relative to ``path``; none where it is not a folder.
    """
    notebooks = [file for file in _files(path) if _is_notebook(file) or file in zips]
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
        return not hidden or name in LITTER or name.startswith(_HIDDEN_LITTER)
    return name in LITTER or (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def _is_notebook(file: PurePath) -> bool:
    return file.suffix.lower() == ".ipynb"


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
