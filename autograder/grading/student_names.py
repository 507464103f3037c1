"""Whose a handed-in file is and for which chapter, as far as its name and its folders tell.

What platforms and students make of names is in :mod:`autograder.grading.naming_rules`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath

from autograder.errors import SubmissionError
from autograder.grading.name_parts import (
    alike,
    chapter_in,
    composed,
    name_before,
    name_behind,
    once,
    plain,
    repository,
)
from autograder.grading.naming_rules import FILES, FOLDERS, LATE_BEFORE, NOBODYS, Rule
from autograder.grading.shared_titles import SharedTitles
from autograder.roster import names_from, read_roster
from autograder.tables import read_header, read_table

_GIVEN = "--students"


@dataclass(frozen=True)
class Owner:
    """What the place of a file tells.

    Attributes:
        student: who handed it in.
        assignment: the chapter, or None where only the file's content can tell.
        number: what a learning-management system put behind the student's name, or empty.
        everywhere: True where a student has the same number for every assignment.
        platform: whose number that is, or empty.
        how: what told the student, for people.
        guess: why that may be wrong, or empty.
        late: True where the platform marked the file as late.
        own_folder: True where a folder below the graded one is the student's.
        prefilled: True where everyone has the chapters from the start, as in a repository made from the bundle.
    """

    student: str
    assignment: str | None
    number: str = ""
    everywhere: bool = False
    platform: str = ""
    how: str = ""
    guess: str = ""
    late: bool = False
    own_folder: bool = False
    prefilled: bool = False


@dataclass(frozen=True)
class _Place:
    """A file's place in composed Unicode.

    Attributes:
        folders, stem: its folders, and its name without the suffix.
        chapter: the one that its name tells, or None.
        front: what stands before the chapter's name; the whole name where there is none.
        before, behind: the parts around the chapter's name that may tell a student.
    """

    folders: tuple[str, ...]
    stem: str
    chapter: str | None
    front: str
    before: str
    behind: str

    @property
    def bare(self) -> bool:
        """True for a file that is called after its chapter and no one."""
        return self.chapter is not None and not self.before and not self.behind


def owners(
    files: Sequence[PurePath], root: str, chapters: Sequence[str], names: Mapping[str, str] | None = None
) -> list[Owner]:
    """Whose each file is. Students of the same name keep the number that a learning-management system gave them.

    Args:
        files: paths relative to the graded folder.
        root: that folder's name.
        chapters: names of the course's chapters.
        names: see :func:`read_names`; a file is looked up by its path, then by the name with its number, then without.
    """
    places = [_place(file, chapters) for file in files]
    told = _Told(places, composed(root), chapters)
    known = {plain(name): student for name, student in (names or {}).items()}
    found = zip(files, places, strict=True)
    return _told_apart([_renamed(told.owner(place), composed(file.as_posix()), known) for file, place in found])


def read_names(path: Path) -> dict[str, str]:
    """The students behind the names under which files come back.

    They are in the columns ``handed_in`` and ``student``, or in what Canvas or Moodle exported, see
    :mod:`autograder.roster`. A key ``Canvas:4711`` is a platform's number.

    Raises:
        SubmissionError: if the CSV file cannot be read, a name is missing, or one is there twice.
    """
    header, _ = read_header(path, SubmissionError)
    if not {"handed_in", "student"} <= set(header):
        return names_from(read_roster(path))
    names: dict[str, str] = {}
    for number, row in read_table(path, ("handed_in", "student"), SubmissionError):
        if not all(row.values()):
            raise SubmissionError(f"{path}, line {number}: a value is missing. Expected a name in both columns.")
        handed_in = composed(row["handed_in"])
        if handed_in in names:
            raise SubmissionError(f"{path}, line {number}: {handed_in!r} is there twice; expected once.")
        names[handed_in] = composed(row["student"])
    return names


class _Told:
    """What the places of all files together tell.

    Args:
        places: of every file.
        root: the graded folder's name.
        chapters: names of the course's chapters.
    """

    def __init__(self, places: Sequence[_Place], root: str, chapters: Sequence[str]) -> None:
        self._root, self._chapters = root, chapters
        together = Counter(place.folders for place in places)
        named = Counter(place.folders for place in places if place.chapter and place.before)
        people = Counter(folders for folders, _ in {(p.folders, p.before) for p in places if p.chapter and p.before})
        # Several files in one folder, most of them with a name of their own before the chapter's: of as many students.
        self._gathered = {
            folders
            for folders, count in named.items()
            if count == together[folders] > 1 or (people[folders] > 2 and 2 * count > together[folders])
        }
        self._own = {p.folders for p in places if together[p.folders] == 1 or p.bare} - self._gathered
        self._titles = SharedTitles(place.stem for place in places)
        self._folders = {place.folders[:depth] for place in places for depth in range(1, len(place.folders) + 1)}
        self._beside = Counter(folders[:-1] for folders in self._folders)
        logins = [rule.pattern.fullmatch(folders[-1]) for rule in FOLDERS if rule.together for folders in self._folders]
        self._underscored = any("_" in match["student"] for match in logins if match)
        # A folder that is the only one in several others is what each student's computer, or the course, calls it.
        alone = Counter(folders[-1] for folders in self._folders if self._beside[folders[:-1]] == 1)
        self._nobodys = {name for name, count in alone.items() if count > 1}
        named_in = {(place.before, place.folders) for place in places if place.folders in self._own}
        self._repeated_names = {text for text, count in Counter(text for text, _ in named_in).items() if count > 1}
        self._bare = Counter((place.folders, place.chapter) for place in places if place.bare)

    def owner(self, place: _Place) -> Owner:
        """Whose a file is; of the rules the first that fits."""
        return self._by_platform(place) or self._by_layout(place) or self._by_name(place)

    def _by_platform(self, place: _Place) -> Owner | None:
        folders = place.folders
        for depth in range(len(folders), 0, -1):
            for rule in FOLDERS:
                match = rule.pattern.fullmatch(folders[depth - 1])
                if match and (not rule.together or self._most_fit(rule, folders[: depth - 1])):
                    told = replace(self._told(rule, match, place), own_folder=True)
                    return replace(told, guess=self._doubt(match, folders[: depth - 1])) if rule.together else told
        for rule in FILES:
            match = rule.pattern.fullmatch(place.front)
            if match is None and "title" in rule.pattern.groupindex:
                # The title, which comes first, may hold the chapter's name, too.
                match = rule.pattern.fullmatch(place.stem)
            if match is not None:
                return self._told(rule, match, place)
        return None

    def _most_fit(self, rule: Rule, parent: tuple[str, ...]) -> bool:
        fit = [rule.pattern.fullmatch(folders[-1]) for folders in self._folders if folders[:-1] == parent]
        return 2 * sum(match is not None for match in fit) > len(fit)

    def _told(self, rule: Rule, match: re.Match[str], place: _Place) -> Owner:
        groups = match.groupdict()
        if rule.title_first:
            groups["title"], groups["student"] = self._titles.parted(f"{groups['title']}_{groups['student']}")
        title = chapter_in(groups.get("title") or "", self._chapters)[0]
        late = groups.get("late") or (rule.name == "ILIAS" and LATE_BEFORE.fullmatch(place.stem))
        return Owner(
            groups["student"].strip(),
            place.chapter or _one_of(place.folders[-1:], self._chapters) or title,
            groups.get("number") or "",
            rule.number == "everywhere",
            rule.name if rule.number else "",
            rule.name,
            late=bool(late),
        )

    def _doubt(self, match: re.Match[str], parent: tuple[str, ...]) -> str:
        """Why a folder of ILIAS's may be another student's, or empty."""
        if self._beside[parent] == 1:
            return "one folder alone looks like ILIAS's"
        lost = "__" in match.string or match.string.startswith("_")
        if lost and self._underscored and "_" not in match["student"]:
            return f"letters of {match.string!r} are lost, so the login may begin before {match['student']!r}"
        return ""

    def _by_layout(self, place: _Place) -> Owner | None:
        folders = place.folders
        if len(folders) >= 2 and folders[-1] in self._chapters and folders not in self._gathered:
            return Owner(folders[-2], folders[-1], how="folders", own_folder=True)
        if len(folders) == 2 and self._root == "submitted":
            # nbgrader's own folder: an assignment that is not a chapter may hold several that are.
            return Owner(
                folders[0], _one_of([place.stem], self._chapters) or place.chapter, how="folders", own_folder=True
            )
        for depth in range(len(folders), 0, -1):
            above = folders[depth - 2] if depth > 1 else self._root
            if found := repository(folders[depth - 1], above, self._chapters):
                student, chapter = found
                return Owner(student, place.chapter or chapter, how="repository", own_folder=True, prefilled=True)
        return None

    def _by_name(self, place: _Place) -> Owner:
        folder = self._persons_folder(place)
        in_own = folder is not None and place.folders in self._own
        name, guess = once(place.before), ""
        if name and in_own:
            if place.chapter is None or name in self._repeated_names or alike(name, str(folder)):
                name = ""
            else:
                guess = f"the folder says {folder!r}, the file {name!r}"
        if name:
            return Owner(name, place.chapter, how="file name", guess=guess)
        if place.behind and not in_own:
            guess = f"{place.behind!r} stands behind the chapter's name"
            return Owner(place.behind, place.chapter, how="file name", guess=guess)
        count = self._bare[place.folders, place.chapter]
        if place.bare and count > 1:
            guess = f"nothing tells apart the students of {count} files in one folder"
        elif place.bare and place.folders in self._gathered:
            guess = "its name tells no student, and those of the files next to it do"
        elif folder is not None and folder != place.folders[-1]:
            guess = f"the folder {place.folders[-1]!r} seems to be called after nobody"
        return Owner(folder or self._root, place.chapter, how="folder", guess=guess, own_folder=folder is not None)

    def _persons_folder(self, place: _Place) -> str | None:
        """The innermost folder that may be called after someone: many have a folder ``notebooks``."""
        named = [name for name in reversed(place.folders) if name not in self._chapters]
        persons = [name for name in named if name not in self._nobodys and not NOBODYS.fullmatch(name)]
        return next(iter(persons or named), None)


def _place(file: PurePath, chapters: Sequence[str]) -> _Place:
    path = PurePosixPath(composed(str(file)))
    chapter, front, behind = chapter_in(path.stem, chapters)
    around = (front, "") if chapter is None else (name_before(front), name_behind(behind))
    return _Place(path.parts[:-1], path.stem, chapter, front, *around)


def _one_of(names: Iterable[str], chapters: Sequence[str]) -> str | None:
    return next((name for name in names if name in chapters), None)


def _renamed(owner: Owner, file: str, names: Mapping[str, str]) -> Owner:
    with_number = f"{owner.student}_{owner.number}" if owner.number else owner.student
    platform = f"{owner.platform}:{owner.number}"
    tried = map(plain, (file, platform, with_number, owner.student))
    student = next((names[name] for name in tried if name in names), None)
    return owner if student is None else replace(owner, student=student, how=_GIVEN, guess="")


def _told_apart(found: Sequence[Owner]) -> list[Owner]:
    numbers: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for owner in found:
        if owner.number and owner.how != _GIVEN:
            numbers[_scope(owner)].add(owner.number)
    return [_with_number(owner) if len(numbers[_scope(owner)]) > 1 else owner for owner in found]


def _with_number(owner: Owner) -> Owner:
    if not owner.number or owner.how == _GIVEN:
        return owner
    student = f"{owner.student}_{owner.number}"
    guess = f"several are called {owner.student!r}; in a file of --students, add the line {student},NAME"
    return replace(owner, student=student, guess=guess)


def _scope(owner: Owner) -> tuple[str, str | None]:
    """Within this, files of one student carry one number."""
    return (owner.student, "*" if owner.everywhere else owner.assignment)
