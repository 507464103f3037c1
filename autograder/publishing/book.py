"""Stage the prose pages and the executed chapters, then build the Jupyter Book from the stage."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import nbformat
import yaml
from nbformat import NotebookNode

from autograder.course import Course
from autograder.course_files import public_files
from autograder.durations import Durations, Say, about, counted, silent
from autograder.errors import BuildError, CourseError
from autograder.grading.source import prepare_sources
from autograder.kernel.limits import AUTHOR_SECONDS
from autograder.notebook.book_edition import book_edition, instructor_book_edition, without_hidden_tests
from autograder.notebook.glossary_links import with_terms
from autograder.notebook.student_edition import student_edition
from autograder.publishing.chapter_cards import stage_cards
from autograder.publishing.chapter_hints import with_hints
from autograder.publishing.executed_chapters import ExecutedChapters, executed_chapters
from autograder.publishing.interactive_figures import with_interactive_figures
from autograder.publishing.launch_links import course_repository, launch_links
from autograder.publishing.lite.chapters import browser_chapters
from autograder.publishing.lite.links import browser_link, stage_links
from autograder.publishing.lite.pyodide import PyodideAddress, PyodideFolder
from autograder.publishing.lite.site import BrowserSite, build_site, can_be_imported
from autograder.publishing.missing_outputs import with_missing_note, without_outputs
from autograder.publishing.page_figures.stage import with_narrow_drawings
from autograder.publishing.prose import GENERATED, course_glossary, stage_prose
from autograder.publishing.release import as_handed_out, write_bundle

Edition = Literal["student", "instructor"]

# There is no `python -m jupyter_book`, and the script need not be on PATH.
_JUPYTER_BOOK = (sys.executable, "-c", "from jupyter_book.cli.main import main; main()")
_GIST_LINES = 30
_DURATIONS = Path("durations") / "pages.json"
_DOWNLOADS = "downloads"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class BookBuild:
    """A finished book.

    Attributes:
        html: the folder to serve; it holds ``index.html``.
        pages: how many pages the table of contents lists.
        seconds: wall time of the whole build.
        executed: chapters that were executed for this build.
        reused: chapters whose outputs an earlier build had made.
        missing: chapters whose pages have no outputs, each with what went wrong and what to do.
        browser: the site in which chapters run in the browser; None where none was asked for.
    """

    html: Path
    pages: int
    seconds: float
    executed: tuple[str, ...]
    reused: tuple[str, ...]
    missing: Mapping[str, str] = field(default_factory=dict)
    browser: BrowserSite | None = None


def build_book(
    course: Course,
    edition: Edition = "student",
    *,
    clean: bool = False,
    say: Say = silent,
    chapter_seconds: float = AUTHOR_SECONDS,
    pyodide: PyodideAddress | PyodideFolder | None = None,
) -> BookBuild:
    """Build the book of a course from the pages and chapters that its ``_toc.yml`` lists.

    The student edition goes to ``build/_build/html``; the instructor edition, with solutions folded, goes to
    ``build/instructor/_build/html``, so that the one is never published for the other. A chapter that does not run to
    its end gets a page without outputs that says so; the others are not touched by it.

    Args:
        edition: ``"student"`` or ``"instructor"``.
        clean: forget earlier runs, so that every chapter is executed.
        say: is told what is done, how far it is and how long the rest will take.
        chapter_seconds: wall time that one chapter may take.
        pyodide: for a student edition whose chapters run in the browser, where that can be: where it gets Python from.

    Raises:
        CourseError: if a configuration file or a listed page is missing, or a chapter is not a proper notebook.
        BuildError: if Sphinx warns about anything, or the site in which chapters run cannot be built.
        KernelError: if automatic tests of a chapter cannot be made, because its solutions do not come to an end.
        ValueError: for another edition, or for one for instructors in the browser.
    """
    if edition not in ("student", "instructor"):
        raise ValueError(f"there is no edition {edition!r}; expected 'student' or 'instructor'.")
    if pyodide is not None and edition != "student":
        raise ValueError("only the student edition runs in the browser.")
    begin = time.monotonic()
    output = course.build if edition == "student" else course.build / "instructor"
    stage, html = output / "stage", output / "_build" / "html"
    pages = _existing_pages(course)
    stale = [stage, output / "_build"] + ([course.build / "executed"] if clean else [])
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    stage_prose(course, stage)
    names = [Path(page).name for page in pages if page.startswith("notebooks/")]
    sources = prepare_sources(course, names, say)
    shown = {n: without_hidden_tests(source) if edition == "student" else source for n, source in sources.items()}
    runs = executed_chapters(course, shown, say, chapter_seconds)
    say(f"putting together {counted(len(pages), 'page')}")
    students = {name: student_edition(source) for name, source in sources.items()}
    there = None if pyodide is None else browser_chapters(course, students, partial(can_be_imported, pyodide))
    links = {name: browser_link(name, there.skipped[name]) for name in there.notebooks} if there else {}
    _stage_chapters(course, edition, sources, students, shown, runs, links, stage)
    stage_links(list(links), stage)
    stage_cards(course, {n: runs.done[n].notebook if n in runs.done else shown[n] for n in names}, stage)
    _run_jupyter_book(course, stage, output, say)
    site = None
    if pyodide is not None and there is not None:
        say(f"building the site in which {counted(len(there.notebooks), 'chapter')} can run in the browser")
        site = build_site(course, there, public_files(course, sources.values()), pyodide, html)
    executed, reused = (tuple(n for n in runs.done if runs.done[n].reused is kept) for kept in (False, True))
    missing = {name: fault.message for name, fault in runs.missing.items()}
    return BookBuild(html, len(pages), time.monotonic() - begin, executed, reused, missing, site)


def listed_pages(toc: Any) -> list[str]:
    """The pages of a parsed ``_toc.yml``, or a part of one, in order and without suffix."""
    if isinstance(toc, list):
        return [page for item in toc for page in listed_pages(item)]
    if not isinstance(toc, dict):
        return []
    own = [str(toc[key]) for key in ("root", "file") if key in toc]
    return own + [page for key in ("parts", "chapters", "sections") for page in listed_pages(toc.get(key))]


def _existing_pages(course: Course) -> list[str]:
    for needed in (course.root / "_config.yml", course.root / "_toc.yml"):
        if not needed.is_file():
            raise CourseError(f"{needed} is missing. A book needs _config.yml and _toc.yml beside notebooks/.")
    pages = listed_pages(yaml.safe_load((course.root / "_toc.yml").read_text(encoding="utf-8")))
    for page in pages:
        files = [course.root / f"{page}{suffix}" for suffix in (".md", ".ipynb")]
        if page not in GENERATED and not any(file.is_file() for file in files):
            raise CourseError(f"_toc.yml lists {page!r}, but there is no such .md or .ipynb file. Add or unlist it.")
    return pages


def _stage_chapters(
    course: Course,
    edition: Edition,
    sources: Mapping[str, NotebookNode],
    students: Mapping[str, NotebookNode],
    shown: Mapping[str, NotebookNode],
    runs: ExecutedChapters,
    links: Mapping[str, str],
    stage: Path,
) -> None:
    """Write the pages of all chapters and what can be downloaded from them into the stage.

    Args:
        sources: the instructor notebooks, by their chapters' names.
        students: the student editions.
        shown: what was executed of them.
        runs: what came of executing.
        links: what follows the other links under a chapter's title.
    """
    handed_out = {name: as_handed_out(course, student, name) for name, student in students.items()}
    for folder in ("notebooks", _DOWNLOADS):
        (stage / folder).mkdir(parents=True, exist_ok=True)
    for name in sources:
        fault = runs.missing.get(name)
        run = without_outputs(shown[name]) if fault else runs.done[name].notebook
        page = _page(course, name, run, students[name] if edition == "student" else None, links.get(name, ""))
        page = with_missing_note(page, fault.reason) if fault else page
        # Hints come last: a term that is explained is linked where the text uses it first.
        page = with_interactive_figures(course, name, with_terms(page, course_glossary(course)))
        page = with_hints(course, sources[name], page)
        nbformat.write(with_narrow_drawings(page, stage), stage / "notebooks" / f"{name}.ipynb")
        download = handed_out[name] if edition == "student" else sources[name]
        nbformat.write(download, stage / _DOWNLOADS / f"{name}.ipynb")
    if handed_out:
        files = public_files(course, sources.values())
        _stage_bundle(course, handed_out, files, stage)


def _page(course: Course, name: str, run: NotebookNode, student: NotebookNode | None, link: str) -> NotebookNode:
    """The page of a chapter: for students with the sources of ``student``, else for instructors.

    Args:
        run: the executed notebook, or one whose outputs are missing.
    """
    if student is None:
        return instructor_book_edition(run, name)
    repository = course_repository(course)
    elsewhere = launch_links(repository, name) if repository else ""
    return book_edition(student, run, name, course.slug, " ".join(filter(None, (link, elsewhere))))


def _stage_bundle(
    course: Course, editions: Mapping[str, NotebookNode], files: Mapping[str, bytes], stage: Path
) -> None:
    """Put the zip with all that students get next to the single notebooks, which run only inside it."""
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        shutil.move(write_bundle(course, editions, files, Path(folder) / course.slug), stage / _DOWNLOADS)


def _run_jupyter_book(course: Course, stage: Path, output: Path, say: Say) -> None:
    """Build with warnings as errors; the whole log is kept in ``book.log``."""
    durations = Durations(course.build / _DURATIONS)
    last = durations.seconds.get(output.name)
    estimate = f"{about(last)}, as the last time" if last is not None else "the first time on this machine"
    say(f"building the book with Sphinx, {estimate}")
    begin = time.monotonic()
    command = [
        *_JUPYTER_BOOK, "build", str(stage),
        "--config", str(course.root / "_config.yml"),
        # A relative path would be looked up in the stage.
        "--toc", str(course.root / "_toc.yml"),
        "--path-output", str(output),
        "-W", "-n", "--keep-going", "--all",
    ]  # fmt: skip
    finished = subprocess.run(command, capture_output=True, text=True, cwd=course.root)
    text = _COLOUR.sub("", finished.stdout + finished.stderr)
    log = output / "book.log"
    log.write_text(text, encoding="utf-8")
    if finished.returncode != 0:
        raise BuildError(f"the book was not built; warnings count as errors. The whole log: {log}\n{_gist(text)}")
    durations.keep(output.name, time.monotonic() - begin)


def _gist(log: str) -> str:
    """What has to be fixed: every warning, which ``--keep-going`` leaves in mid-log; without one, the last lines."""
    lines = [line for line in log.splitlines() if line.strip()]
    warnings = list(dict.fromkeys(line for line in lines if "WARNING" in line or "ERROR" in line))
    return "\n".join(warnings[:_GIST_LINES] or lines[-_GIST_LINES:])
