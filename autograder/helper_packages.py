"""A course's helper packages: what decides a score is keyed by them, and what students get is a copy of them.

The modules that compute right answers, the references, stay with the author: neither the student bundle nor a kernel
that runs a student's code holds them. Hints are in the bundle and nowhere else: no result depends on them.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

import autograder.testing
from autograder.course import Course
from autograder.digest import digest, folder_digest
from autograder.errors import CourseError
from autograder.testing.hints import FILE as HINTS


def course_digest(course: Course, helpers: Sequence[Path] | None = None) -> str:
    """A key for everything of a course, besides its notebooks, on which results depend.

    That is each file of its helper packages, references included, the data that ``course.toml`` lists, what kernels
    import first, and the kit that its checks are written with. Data that cells name count with their notebook.

    Args:
        helpers: the only files of the helper packages that matter; default: all.

    Raises:
        CourseError: if ``course.toml`` names a helper or a data file that does not exist.
    """
    kit = Path(autograder.testing.__file__).parent
    files = [
        *(helper_files(course) if helpers is None else helpers),
        *data_files(course, (*course.settings.data, *course.settings.private_data)),
    ]
    parts = [part for path in files for part in (path.relative_to(course.root).as_posix(), path.read_bytes())]
    return digest(folder_digest(kit), "\n".join(course.settings.startup), *parts)


def helper_files(course: Course, references: bool = True, hints: bool = False) -> list[Path]:
    """Every file of the helper packages, sorted, without what Python or an editor has left there.

    Args:
        references: False leaves out the modules that compute right answers.
        hints: True adds the files of hints, see :mod:`autograder.testing.hints`.

    Raises:
        CourseError: if ``course.toml`` names a helper that does not exist.
    """
    found: list[Path] = []
    for name in course.settings.helpers:
        folder, module = course.root / name, course.root / f"{name}.py"
        if not folder.is_dir() and not module.is_file():
            raise CourseError(
                f"course.toml names the helper {name!r}, but {course.root} has no {name}/ and no {name}.py."
            )
        found += sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else [module]
    left_out = set() if hints else {HINTS}
    kept = [path for path in found if not _is_litter(path.relative_to(course.root)) and path.name not in left_out]
    return [
        path for path in kept if references or not is_reference(module_name(course, path), course.settings.references)
    ]


def is_reference(module: str, patterns: tuple[str, ...]) -> bool:
    """True for a module that one of the patterns names, and for everything inside such a package."""
    parts = module.split(".")
    names = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def copy_helpers(course: Course, target: Path, hints: bool = True) -> None:
    """Copy the helper packages into the folder ``target`` as students get them: without the references."""
    for path in helper_files(course, references=False, hints=hints):
        copy = target / path.relative_to(course.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


@contextmanager
def kernel_copies(course: Course) -> Iterator[Path]:
    """A temporary folder with the helper packages as kernels get them, for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="helpers-") as folder:
        # Whoever runs a confined kernel may be another user.
        Path(folder).chmod(0o755)
        copy_helpers(course, Path(folder), hints=False)
        yield Path(folder)


def helper_archive(course: Course, references: bool) -> bytes:
    """The helper packages as a zip, the same bytes whenever their content is the same."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in helper_files(course, references):
            archive.writestr(zipfile.ZipInfo(path.relative_to(course.root).as_posix()), path.read_bytes())
    return packed.getvalue()


def module_name(course: Course, path: Path) -> str:
    """The dotted name under which a file is imported, or would be."""
    parts = path.relative_to(course.root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_litter(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts) or path.suffix == ".pyc"


def data_files(course: Course, names: Iterable[str]) -> list[Path]:
    """The files that ``course.toml`` lists as data, folders taken apart.

    Raises:
        CourseError: if one does not exist.
    """
    found: list[Path] = []
    for name in names:
        path = course.notebooks / name
        if not path.exists():
            raise CourseError(f"course.toml names the data {name!r}, but there is no {path}.")
        found += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return found
