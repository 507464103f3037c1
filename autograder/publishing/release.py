"""Make the bundle that students get: their notebooks, the helper package, and the command that validates."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import autograder
from autograder.course import Course
from autograder.errors import BuildError
from autograder.grading.source import prepare_sources
from autograder.notebook.authoring import warnings
from autograder.notebook.inventory import with_inventory
from autograder.notebook.plain import plain_markdown
from autograder.notebook.student import student_edition
from autograder.publishing.citations import author_year
from autograder.publishing.launch import course_repository, with_colab_setup

# What a student's own checks need, and nothing that only instructors need.
_MODULES = (
    "__init__.py", "__main__.py", "errors.py", "results.py", "doctor.py", "validation.py", "student_cli.py", "py.typed",
    "kernel/__init__.py", "kernel/session.py", "kernel/client.py", "kernel/limits.py", "kernel/channel.py",
    "kernel/wire.py", "kernel/frames.py", "kernel/agent.py", "kernel/launch.py", "kernel/isolation.py",
    "kernel/linux.py", "kernel/interrupt.py", "kernel/outputs.py", "kernel/disk.py", "kernel/cold.py",
    "notebook/__init__.py", "notebook/cells.py", "notebook/inventory.py",
    "referee/__init__.py", "referee/judge.py",
)  # fmt: skip

_README = """\
# Deep Learning Workbook

You need Python 3.11 or newer. In this folder:

    python -m venv .venv
    .venv/bin/pip install -r requirements.txt        (Windows: .venv\\Scripts\\pip)
    .venv/bin/jupyter lab

Begin with `00_start_here.ipynb`. Before you hand in a notebook:

    .venv/bin/python -m autograder validate 01_activation_derivatives.ipynb

Hand in the `.ipynb` file under its original name. `python -m autograder doctor` shows what may be missing.
"""


@dataclass(frozen=True)
class Release:
    """A student bundle.

    Attributes:
        folder: the bundle, ready to be worked in.
        archive: the same as a zip.
        chapters: names of the released chapters.
        warnings: what their authors may not have meant, each with the chapter's name.
    """

    folder: Path
    archive: Path
    chapters: tuple[str, ...]
    warnings: tuple[str, ...]


def release(course: Course, names: Sequence[str] = (), out: Path | None = None) -> Release:
    """Write the student bundle of the named chapters (default: all).

    Release chapters in order: the given code of a later one shows the answers of an earlier one.

    Args:
        out: the folder to fill, replaced if it is an earlier bundle; default ``build/release``.

    Raises:
        CourseError: if a chapter does not exist or is refused, or ``_config.yml`` names no proper repository.
        BuildError: if ``out`` holds anything but an earlier bundle or cannot be written, or a chapter cites what the
            bibliography lacks.
    """
    chapters = [course.chapter(name) for name in names] or list(course.chapters)
    folder = (out or course.build / "release" / "deep-learning-workbook").resolve()
    sources = prepare_sources(course, [chapter.name for chapter in chapters])
    editions = {name: as_handed_out(course, student_edition(source), name) for name, source in sources.items()}
    said = tuple(f"{name}: {warning}" for name, source in sources.items() for warning in warnings(source))
    try:
        archive = _write(course, editions, folder)
    except OSError as error:
        raise BuildError(
            f"{folder} cannot be written: {error.strerror or error}. Name another folder with --out."
        ) from error
    return Release(folder, archive, tuple(editions), said)


def _write(course: Course, editions: Mapping[str, NotebookNode], folder: Path) -> Path:
    """Fill the folder of a bundle and pack it."""
    _empty(folder)
    for name, edition in editions.items():
        nbformat.write(edition, folder / f"{name}.ipynb")
    _copy_package(folder / "autograder")
    shutil.copy(course.root / "requirements-student.txt", folder / "requirements.txt")
    (folder / "README.md").write_text(_README, encoding="utf-8")
    return Path(shutil.make_archive(str(folder), "zip", root_dir=folder.parent, base_dir=folder.name))


def as_handed_out(course: Course, student: NotebookNode, name: str) -> NotebookNode:
    """A student edition as the bundle and the book's download hold it, with text that Jupyter can show.

    It remembers its graded cells, so that ``validate`` can tell which are gone.
    Where ``_config.yml`` names a repository for launch links, it gets the cell that Colab needs.

    Raises:
        CourseError: if the repository's address cannot be used.
        BuildError: if the notebook cites a source that the bibliography lacks.
    """
    references = course.root / "book" / "references.bib"
    try:
        plain = plain_markdown(student, author_year(references))
    except KeyError as error:
        raise BuildError(f"{name} cites {error}, which {references} lacks. Add the entry or mend the key.") from error
    repository = course_repository(course)
    return with_inventory(with_colab_setup(plain, repository) if repository else plain)


def _empty(folder: Path) -> None:
    """Make an empty folder, removing an earlier bundle but nothing else."""
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / "autograder" / "student_cli.py").is_file() or (folder / ".git").exists():
            raise BuildError(f"{folder} is not empty and not an earlier bundle. Name another folder with --out.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _copy_package(target: Path) -> None:
    package = Path(autograder.__file__).parent
    for name in _MODULES:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(package / name, target / name)
    shutil.copytree(package / "workbook", target / "workbook", ignore=shutil.ignore_patterns("__pycache__"))
