"""One build of the student edition for all processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from autograder.course import Course
from autograder.publishing.book import BookBuild, build_book
from tests.support.browser import Theme, Visit, serve, visit

ROOT = Path(__file__).resolve().parents[2]

STUDENTS_PINS = "requirements-student.txt"

Visitor = Callable[[str, int, Theme], Visit]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def course_copy(shared_folder: Path) -> Course:
    """This course with a build folder of its own, so that a reader's build and the tests' do not collide.

    What earlier builds have executed and recorded is shared: its keys are its content.
    """
    root = shared_folder / "course"
    settings = ("_config.yml", "_toc.yml", "autotests.yml", "course.toml", "requirements.txt", STUDENTS_PINS)
    with FileLock(shared_folder / "course.lock"):
        if not root.is_dir():
            root.mkdir()
            for name in ("notebooks", "book", "workbook", "authoring", *settings):
                (root / name).symlink_to(ROOT / name)
            (root / "build").mkdir()
            for name in ("executed", "sources", "interactive"):
                (ROOT / "build" / name).mkdir(parents=True, exist_ok=True)
                (root / "build" / name).symlink_to(ROOT / "build" / name)
    return Course(root)


@pytest.fixture(scope="session")
def built(course_copy: Course, shared_folder: Path) -> BookBuild:
    """The student edition, built with warnings as errors: by the first process that asks; the others wait for it."""
    record = shared_folder / "book.json"
    with FileLock(shared_folder / "book.lock"):
        if record.is_file():
            known = json.loads(record.read_text())
            return BookBuild(**{**known, "html": Path(known["html"])})
        made = build_book(course_copy)
        record.write_text(json.dumps({**asdict(made), "html": str(made.html)}))
        return made


@pytest.fixture(scope="session")
def visitor(built: BookBuild, browser: Browser) -> Iterator[Visitor]:
    """Visits a page of the book once for each window width and theme."""
    seen: dict[tuple[str, int, Theme], Visit] = {}
    with serve(built.html) as address:

        def look(path: str, width: int, theme: Theme) -> Visit:
            key = (path, width, theme)
            if key not in seen:
                seen[key] = visit(browser, address, path, width, theme)
            return seen[key]

        yield look
