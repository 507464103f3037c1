"""A student's own small files, handed in next to the notebook: they are in that student's kernel and nowhere else."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from autograder.grading.submissions import Submission

MAX_FILES, MAX_FILE_BYTES, MAX_BYTES = 100, 2_000_000, 10_000_000
# What graders and other tools write next to a notebook.
_OF_TOOLS = frozenset({"timestamp.txt", "course.toml", "__pycache__", "__MACOSX", "feedback"})


def with_own_files(submissions: Sequence[Submission], packages: Collection[str] = ()) -> list[Submission]:
    """Each submission with the files of its folder, where that folder is certain to be one student's.

    It is where it bears the student's name, or a platform's rule says whose it is, and it holds no other student's
    notebook.

    Args:
        packages: folders that a bundle brings, which are in every student's repository and nobody's own.
    """
    owners: dict[Path, set[str]] = {}
    for submission in submissions:
        for folder in submission.path.parents:
            owners.setdefault(folder, set()).add(submission.student)
    return [
        replace(s, own_files=tuple(_files(s.path.parent, packages)))
        if owners[s.path.parent] == {s.student} and (s.own_folder or _bears_name(s))
        else s
        for s in submissions
    ]


def usable(
    files: Iterable[tuple[str, bytes]], taken: Collection[str], given: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """The files that may be put into a kernel's folder, and flags.

    Args:
        taken: names, at the top of the folder and without their endings, that are the author's: the author's win.
        given: the author's files; one that a student has unchanged is worth no flag.
    """
    kept, flags = dict[str, bytes](), list[str]()
    for name, content in files:
        first = Path(name).parts[0].partition(".")[0]
        if given.get(name) == content:
            continue
        if first in taken:
            flags.append(f"own-file-left-out:{name}")
            continue
        kept[name] = content
        if name.endswith(".py") and _is_installed(first):
            flags.append(f"shadows-module:{first}")
    return kept, flags


def top_names(files: Mapping[str, bytes]) -> set[str]:
    """The first parts of paths, without their endings."""
    return {Path(name).parts[0].partition(".")[0] for name in files}


def _bears_name(submission: Submission) -> bool:
    folders = PurePosixPath(submission.file).parts[:-1]
    return any(part == submission.student or part.startswith(f"{submission.student}_") for part in folders)


def _files(folder: Path, packages: Collection[str]) -> Iterator[tuple[str, bytes]]:
    count = size = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or not _may_count(inside) or _is_linked(folder, inside):
            continue
        if len(inside.parts) > 1 and inside.parts[0] in packages:
            continue
        try:
            length = path.stat().st_size
            count, size = count + 1, size + length
            if length > MAX_FILE_BYTES or size > MAX_BYTES or count > MAX_FILES:
                size -= length
                continue
            yield inside.as_posix(), path.read_bytes()
        except OSError:
            continue


def _is_linked(folder: Path, inside: Path) -> bool:
    return any((folder / parent).is_symlink() for parent in inside.parents)


def _may_count(path: Path) -> bool:
    hidden = any(part.startswith(".") or part in _OF_TOOLS for part in path.parts)
    return not hidden and path.suffix.lower() != ".ipynb" and len(path.parts) <= 8


def _is_installed(module: str) -> bool:
    try:
        return module in sys.stdlib_module_names or importlib.util.find_spec(module) is not None
    except (ImportError, ValueError, AttributeError):
        return False
