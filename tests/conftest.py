"""Fixtures that more than one folder uses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from nbformat import NotebookNode
from playwright.sync_api import Browser

from autograder.cores import available_cores
from autograder.course import Course
from autograder.grading.batch import load_sources
from autograder.grading.grade_submission import Source
from autograder.helper_packages import kernel_copies
from autograder.kernel.course_code import CourseCode
from autograder.kernel.isolation import available
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import Kernels, forked_from
from autograder.kernel.zygote_client import LIBRARIES, Address, zygote, zygote_where_possible
from autograder.notebook.student_edition import student_edition
from tests.support import chain
from tests.support.browser import chromium, launch
from tests.support.toy import NAME, toy_course

ROOT = Path(__file__).resolve().parents[1]

# A test fails for what a function returns, never for how busy the machine is.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


@pytest.fixture(scope="session")
def course() -> Course:
    """This repository's own course."""
    return Course(ROOT)


@pytest.fixture(scope="session")
def course_code(course: Course) -> Iterator[CourseCode]:
    """What this course's kernels get when a submission is graded."""
    with kernel_copies(course) as folder:
        yield CourseCode(folder, course.settings.startup)


@pytest.fixture(scope="session")
def warm(course: Course, course_code: CourseCode) -> Iterator[Address | None]:
    """Where kernels come from, as in a batch: forked and isolated as far as this machine can."""
    modules = (*LIBRARIES, "workbook.data", "workbook.plot", "workbook.vision")
    with zygote_where_possible(Limits(), available(), modules, course_code) as address:
        yield address


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The toy course on disk."""
    return toy_course(tmp_path_factory.mktemp("toy") / "course")


@pytest.fixture(scope="session")
def toy_source(toy: Course) -> Source:
    """The toy chapter with its AUTOTEST lines instantiated."""
    return load_sources(toy, [NAME])[NAME]


@pytest.fixture(scope="session")
def toy_student(toy_source: Source) -> NotebookNode:
    """The toy chapter's student edition; copy it before changing it."""
    return student_edition(toy_source.notebook)


@pytest.fixture(scope="session")
def chain_source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The chapter whose exercises build on each other."""
    return load_sources(chain.chain_course(tmp_path_factory.mktemp("chain") / "course"), [chain.NAME])[chain.NAME]


@pytest.fixture(scope="session")
def isolated_kernels() -> Iterator[Kernels]:
    """Kernels isolated in full, without which no failed test is examined again; else the tests are skipped."""
    isolation = available()
    if not isolation.complete:
        pytest.skip(f"not isolated in full here: {'; '.join(isolation.missing)}")
    with zygote(chain.LIMITS, isolation, ("autograder.testing",)) as address:
        yield forked_from(address)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a process: Playwright allows no second.

    Without Chromium the tests are skipped, except in CI, where they fail.
    """
    if chromium() is None:
        reason = "no Chromium is installed; `apt-get install chromium` lets these tests open pages."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with launch() as started:
        yield started


def pytest_xdist_auto_num_workers() -> int | None:
    """How many processes ``-n logical`` starts: half as many again as there are cores.

    Tests wait a fifth of their time, for a browser, a limit or a process that starts. On two cores, three processes
    took 193 s where two took 254 s, on the tests of kernels and commands.
    """
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else available_cores() * 3 // 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share something expensive in one process, and begin with what takes longest."""
    for item in items:
        group = _shared_by(item)
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_begin_with)


def _begin_with(item: pytest.Item) -> int:
    """The place in the order: what takes longest first, and what waits for it last."""
    if item.path.stem == "test_pages":
        return 0  # executes every chapter and builds the book, with all cores
    if item.path.parent.name == "attacks":
        return 1  # waits more than it computes
    return 3 if item.path.parent.name == "book" else 2


def _shared_by(item: pytest.Item) -> str | None:
    """What a test shares with others: a chapter's answers or notebooks, a page in a window of the browser, the book."""
    parameters = getattr(item, "callspec", None)
    values = {} if parameters is None else parameters.params
    if item.path.parent.name == "chapters" and {"chapter", "graded"} & values.keys():
        return f"{item.path.stem}-{values.get('chapter', values.get('graded'))}"
    if item.path.parent.name == "book":
        return f"book-{values['seen']}-{values['window']}" if "seen" in values else item.path.stem
    return None
