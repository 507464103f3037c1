"""Make the bundle that students get: their notebooks, the helper packages without references, and the engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import autograder
from autograder.course import Course
from autograder.course_files import public_files, write_files
from autograder.course_settings import FILE
from autograder.durations import Say, silent
from autograder.errors import BuildError
from autograder.grading.source import prepare_sources
from autograder.helper_packages import copy_helpers
from autograder.notebook.authoring import warnings
from autograder.notebook.exercise_labels import with_exercise_labels
from autograder.notebook.inventory import with_inventory
from autograder.notebook.myst_to_markdown import myst_to_markdown
from autograder.notebook.student_edition import student_edition
from autograder.publishing.bundle_readme import bundle_readme
from autograder.publishing.chapter_hints import hint_warnings
from autograder.publishing.citations import author_year
from autograder.publishing.launch_links import course_repository, with_colab_setup
from autograder.publishing.package_check import with_package_check

# What validate and doctor need to know of the course; its file in a bundle says no more.
_COURSE = """\
title = {title}
helpers = {helpers}
startup = {startup}
"""
# For a repository that a student works in: it runs what the student can run, and holds no hidden test.
WORKFLOW = ".github/workflows/validate.yml"
_VALIDATE = """\
name: validate
on: [push, pull_request]
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
      - run: pip install -r requirements.txt
      - name: Run each notebook and its visible checks
        run: |
          status=0
          for notebook in *.ipynb; do
            echo "::group::$notebook"
            python -m autograder validate --quick "$notebook" || status=1
            echo "::endgroup::"
          done
          exit "$status"
"""


@dataclass(frozen=True)
class Release:
    """A student bundle.

    Attributes:
        folder: the bundle, ready to be worked in.
        archive: the same as a zip.
        chapters: names of the released chapters.
        files: what was shipped next to the notebooks.
        warnings: what their authors may not have meant, each with the chapter's name.
    """

    folder: Path
    archive: Path
    chapters: tuple[str, ...]
    warnings: tuple[str, ...]
    files: tuple[str, ...] = ()


def release(
    course: Course, names: Sequence[str] = (), out: Path | None = None, say: Say = silent, github: bool = False
) -> Release:
    """Write the student bundle of the named chapters (default: all).

    Release chapters in order: the given code of a later one shows the answers of an earlier one.

    Args:
        out: the folder to fill, replaced if it is an earlier bundle; default ``build/release``.
        say: is told what is done, how far it is and how long the rest will take.
        github: True adds a workflow that validates the notebooks, for repositories of students.

    Raises:
        CourseError: if a chapter does not exist or is refused, or ``_config.yml`` names no proper repository.
        KernelError: if the solutions of a chapter do not come to an end.
        BuildError: if ``out`` holds the course, or anything but an earlier bundle, or cannot be written, or a chapter
            cites what the bibliography lacks.
    """
    chapters = [course.chapter(name) for name in names] or list(course.chapters)
    folder = (out or course.build / "release" / course.slug).resolve()
    if course.root.resolve().is_relative_to(folder):
        raise BuildError(f"{folder} holds the course itself, which a bundle would replace. Name another with --out.")
    sources = prepare_sources(course, [chapter.name for chapter in chapters], say)
    files = public_files(course, sources.values())
    editions = {name: as_handed_out(course, student_edition(source), name) for name, source in sources.items()}
    warned = tuple(
        f"{name}: {warning}"
        for name, source in sources.items()
        for warning in [*warnings(source), *hint_warnings(course, source)]
    )
    try:
        archive = write_bundle(course, editions, files, folder, github)
    except OSError as error:
        raise BuildError(
            f"{folder} cannot be written: {error.strerror or error}. Name another folder with --out."
        ) from error
    return Release(folder, archive, tuple(editions), warned, tuple(sorted(files)))


def write_bundle(
    course: Course,
    editions: Mapping[str, NotebookNode],
    files: Mapping[str, bytes],
    folder: Path,
    github: bool = False,
) -> Path:
    """Fill the folder of a bundle and pack it.

    Args:
        editions: the notebooks by their chapters' names, each from :func:`as_handed_out`.
        files: the files next to them, by paths relative to the bundle.
        folder: replaced if it is an earlier bundle.
        github: True adds the workflow that validates.

    Returns:
        The zip, beside ``folder``.

    Raises:
        BuildError: if ``folder`` holds anything but an earlier bundle.
        OSError: if it cannot be written.
    """
    _empty(folder)
    for name, edition in editions.items():
        nbformat.write(edition, folder / f"{name}.ipynb")
    copy_engine(folder / "autograder")
    copy_helpers(course, folder)
    write_files(files, folder)
    requirements = course.root / course.settings.requirements
    if requirements.is_file():
        shutil.copy(requirements, folder / "requirements.txt")
    first = next(iter(editions))
    (folder / "README.md").write_text(bundle_readme(course, first), encoding="utf-8")
    (folder / FILE).write_text(_course_file(course), encoding="utf-8")
    if github:
        (folder / WORKFLOW).parent.mkdir(parents=True)
        (folder / WORKFLOW).write_text(_VALIDATE, encoding="utf-8")
    return Path(shutil.make_archive(str(folder), "zip", root_dir=folder.parent, base_dir=folder.name))


def as_handed_out(course: Course, student: NotebookNode, name: str) -> NotebookNode:
    """A student edition as the bundle and the book's download hold it.

    It is :func:`readable` in Jupyter, and remembers its graded cells, so that ``validate`` can tell which are gone.

    Raises:
        CourseError, BuildError: as :func:`readable`.
    """
    return with_inventory(readable(course, student, name))


def readable(course: Course, notebook: NotebookNode, name: str) -> NotebookNode:
    """A notebook with text that Jupyter can show, and what it needs where it is opened by itself.

    It is :func:`labelled`. Its first cell of code says what is missing where it is opened without the rest of the
    bundle. Where ``_config.yml`` names a repository for launch links, it gets the cell that Colab needs.

    Raises:
        CourseError: if the repository's address cannot be used.
        BuildError: if the notebook cites a source that the bibliography lacks.
    """
    checked = with_package_check(labelled(course, notebook, name), course.settings.helpers, course.settings.startup)
    repository = course_repository(course)
    return with_colab_setup(checked, repository) if repository else checked


def labelled(course: Course, notebook: NotebookNode, name: str) -> NotebookNode:
    """A notebook with text that Jupyter can show, and a line above each exercise that says what it is worth.

    Raises:
        BuildError: if the notebook cites a source that the bibliography lacks.
    """
    references = course.root / "book" / "references.bib"
    try:
        return myst_to_markdown(with_exercise_labels(notebook), author_year(references))
    except KeyError as error:
        raise BuildError(f"{name} cites {error}, which {references} lacks. Add the entry or fix the key.") from error


def _empty(folder: Path) -> None:
    """Make an empty folder, removing an earlier bundle but nothing else."""
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / "autograder" / "__main__.py").is_file() or (folder / ".git").exists():
            raise BuildError(f"{folder} is not empty and not an earlier bundle. Name another folder with --out.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def copy_engine(target: Path) -> None:
    """Copy the installed package: nothing in it is secret, and a student's checks are what the grader runs."""
    package = Path(autograder.__file__).parent
    shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))


def _course_file(course: Course) -> str:
    """``course.toml`` of a bundle. JSON's texts and lists are TOML's, too."""
    settings = course.settings
    hook = settings.hooks.get("doctor", "")
    known = {"title": course.title, "helpers": settings.helpers, "startup": settings.startup}
    text = _COURSE.format(**{key: json.dumps(value, ensure_ascii=False) for key, value in known.items()})
    # Only what is in a helper package is in the bundle.
    return text + (f"\n[hooks]\ndoctor = {json.dumps(hook)}\n" if hook.partition(".")[0] in settings.helpers else "")
