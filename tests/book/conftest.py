"""One build of the student edition and one browser, shared by every test of the rendered book."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from autograder.course import Course
from autograder.publishing.book import BookBuild, build_book
from tests.book.browser import Theme, Visit, chromium, launch, serve, visit

ROOT = Path(__file__).resolve().parents[2]

Visitor = Callable[[str, int, Theme], Visit]


@pytest.fixture(scope="session")
def course_copy(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This course with a build folder of its own, so that parallel runs and a reader's build do not collide.

    What earlier builds have executed and recorded is shared: its keys are its content.
    """
    root = tmp_path_factory.mktemp("course")
    settings = ("_config.yml", "_toc.yml", "autotests.yml", "course.toml", "requirements.txt")
    for name in ("notebooks", "book", "workbook", "authoring", *settings):
        if (ROOT / name).exists():
            (root / name).symlink_to(ROOT / name)
    (root / "build").mkdir()
    for name in ("executed", "sources", "interactive"):
        (ROOT / "build" / name).mkdir(parents=True, exist_ok=True)
        (root / "build" / name).symlink_to(ROOT / "build" / name)
    return Course(root)


@pytest.fixture(scope="session")
def built(course_copy: Course) -> BookBuild:
    """The student edition, built with warnings as errors."""
    # Of several test processes the first executes the chapters; the others wait and then reuse its runs.
    with FileLock(ROOT / "build" / "book-tests.lock"):
        return build_book(course_copy)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of all tests of the book: Playwright allows no second in a process.

    Without Chromium the tests are skipped, except in CI, where they fail.
    """
    if chromium() is None:
        reason = "no Chromium is installed; `apt-get install chromium` lets these tests look at the book."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with launch() as started:
        yield started


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
