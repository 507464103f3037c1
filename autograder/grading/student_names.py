"""Whose a handed-in file is and for which chapter, as far as its name and its folders tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from autograder.errors import SubmissionError
from autograder.tables import read_table

# Moodle's "Download all submissions": full name, a number that the student has for this assignment alone, plugin. It
# begins the names of files or, with "Download submissions in folders", is that of a folder.
_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_file(?:_.*)?")
# Canvas's "Download Submissions": last and first name without spaces, the numbers of the user and of the file.
_CANVAS = re.compile(r"(?P<name>[^\s_]+)(?:_LATE)?_(?P<number>\d+)_\d+(?:_.*)?")


@dataclass(frozen=True)
class Owner:
    """What the place of a file tells.

    Attributes:
        student: who handed it in.
        assignment: the chapter, or None where only the file's content can tell.
        number: what a learning-management system put behind the student's name, or empty.
        everywhere: True where a student has the same number for every assignment.
    """

    student: str
    assignment: str | None
    number: str = ""
    everywhere: bool = False


def owners(
    files: Sequence[PurePath], root: str, chapters: Sequence[str], names: Mapping[str, str] | None = None
) -> list[Owner]:
    """Whose each file is. Students of the same name keep the number that a learning-management system gave them.

    Args:
        files: paths relative to the graded folder.
        root: that folder's name.
        chapters: names of the course's chapters.
        names: see :func:`read_names`; a name is looked up with its number, then without.
    """
    together = Counter(file.parent for file in files)
    students = {file.parent for file in files if together[file.parent] == 1 or file.stem in chapters}
    found = [_owner(file, root, chapters, file.parent in students) for file in files]
    return _told_apart([_renamed(owner, names or {}) for owner in found])


def read_names(path: Path) -> dict[str, str]:
    """The students behind the names under which files come back, from the columns ``handed_in`` and ``student``.

    Raises:
        SubmissionError: if the CSV file cannot be read, a name is missing, or one is there twice.
    """
    names: dict[str, str] = {}
    for number, row in read_table(path, ("handed_in", "student"), SubmissionError):
        if not all(row.values()):
            raise SubmissionError(f"{path}, line {number}: a value is missing. Expected a name in both columns.")
        if row["handed_in"] in names:
            raise SubmissionError(f"{path}, line {number}: {row['handed_in']!r} is there twice; expected once.")
        names[row["handed_in"]] = row["student"]
    return names


def _owner(file: PurePath, root: str, chapters: Sequence[str], in_own_folder: bool) -> Owner:
    folders = file.parts[:-1]
    before, chapter = _chapter_in(file.stem, chapters)
    downloaded = next((match for folder in reversed(folders) if (match := _MOODLE.fullmatch(folder))), None)
    if downloaded:
        return Owner(downloaded["name"], chapter or _one_of(folders[-1], chapters), downloaded["number"])
    if len(folders) >= 2 and folders[-1] in chapters:
        return Owner(folders[-2], folders[-1])
    if len(folders) == 2 and root == "submitted":
        # nbgrader's own folder: an assignment that is not a chapter may hold several that are.
        return Owner(folders[0], _one_of(file.stem, chapters))
    for pattern in (_MOODLE, _CANVAS):
        if match := pattern.fullmatch(before):
            return Owner(match["name"], chapter, match["number"], everywhere=pattern is _CANVAS)
    if not before or (chapter is None and folders and in_own_folder):
        return Owner(folders[-1] if folders else root, chapter)
    return Owner(before, chapter)


def _chapter_in(stem: str, chapters: Sequence[str]) -> tuple[str, str | None]:
    """What stands before a chapter's name, and that name; the whole and None where there is none.

    A learning-management system or a browser may have put a number behind it.
    """
    for chapter in chapters:
        match = re.fullmatch(rf"(?P<before>.*?)[ _-]*{chapter}(?:[ _-]*\(?\d*\)?)?", stem)
        if match:
            return match["before"], chapter
    return stem, None


def _one_of(name: str, chapters: Sequence[str]) -> str | None:
    return name if name in chapters else None


def _renamed(owner: Owner, names: Mapping[str, str]) -> Owner:
    with_number = f"{owner.student}_{owner.number}" if owner.number else owner.student
    student = names.get(with_number, names.get(owner.student))
    return owner if student is None else Owner(student, owner.assignment)


def _told_apart(found: Sequence[Owner]) -> list[Owner]:
    numbers: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for owner in found:
        if owner.number:
            numbers[_scope(owner)].add(owner.number)
    return [
        replace(owner, student=f"{owner.student}_{owner.number}") if len(numbers[_scope(owner)]) > 1 else owner
        for owner in found
    ]


def _scope(owner: Owner) -> tuple[str, str | None]:
    """Within this, files of one student carry one number."""
    return (owner.student, "*" if owner.everywhere else owner.assignment)
