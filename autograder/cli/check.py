"""``autograder check``: would the author's own answers earn all points?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Terminal, app, console
from autograder.cli.options import CourseOption
from autograder.cli.progress import lines_to
from autograder.cli.workers import IsolationWish, local
from autograder.course import Course
from autograder.durations import counted
from autograder.errors import CourseError
from autograder.printable import printable

if TYPE_CHECKING:
    from autograder.grading.check_chapters import ChapterCheck


@app.command()
def check(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters, by name or number; default: all.")] = None,
    wrong_answers: Annotated[
        bool, typer.Option("--wrong-answers", help="Also grade the wrong answers that course.toml names.")
    ] = False,
    isolation: Annotated[IsolationWish | None, typer.Option(help="Refuse to run with less than this.")] = None,
    course: CourseOption = None,
) -> None:
    """Grade the solution and an empty answer of each chapter as students' answers will be graded.

    Exits with status 1 if a cell would cost honest students points, or a wrong answer does not lose the points, or is
    not given the name, that its header says.
    """
    found = Course.find(course)
    if wrong_answers and found.wrong_answers is None:
        raise CourseError('course.toml names no folder of wrong answers. Expected a line wrong_answers = "FOLDER".')
    checks = checked(found, chapters or (), isolation, console, wrong_answers)
    for chapter in checks:
        show(chapter, console, words=True)
    raise typer.Exit(1 if any(chapter.faults or chapter.surprises for chapter in checks) else 0)


def checked(
    course: Course,
    names: Sequence[str],
    wish: IsolationWish | None,
    terminal: Terminal,
    wrong_answers: bool = False,
) -> list[ChapterCheck]:
    """Check chapters (default: all) with the limits and the isolation that ``grade`` takes from course.toml.

    Raises:
        CourseError: if there is no chapter.
    """
    from autograder.cores import available_cores
    from autograder.grading.batch import load_sources
    from autograder.grading.check_chapters import check_chapters
    from autograder.grading.check_wrong_answers import check_wrong_answers
    from autograder.grading.grade_submission import Settings
    from autograder.grading.preloads import modules_to_preload
    from autograder.helper_packages import kernel_copies
    from autograder.kernel.course_code import CourseCode
    from autograder.kernel.limits import Limits
    from autograder.wrong_answers import load_wrong_answers

    default = course.settings.grading
    wanted = [course.chapter(name).name for name in names] or [chapter.name for chapter in course.chapters]
    if not wanted:
        raise CourseError(f"{course.notebooks} holds no notebook. Expected the instructor version of each chapter.")
    limits = Limits(default.cell_seconds, default.notebook_seconds, memory_bytes=int(default.memory_gb * 1e9))
    settings = Settings(limits)
    with ExitStack() as stack:
        sources = load_sources(course, wanted, lines_to(terminal))
        code = CourseCode(stack.enter_context(kernel_copies(course)), course.settings.startup)
        workers = stack.enter_context(
            local(
                available_cores(), settings, wish or IsolationWish(default.isolation), terminal,
                modules_to_preload(course, sources.values(), settings), code,
            )
        )  # fmt: skip
        how = settings, workers.executor, workers.made_with
        checks = list(check_chapters(sources, *how, course.build / "checks", workers.address, code))
        if not wrong_answers or course.wrong_answers is None:
            return checks
        tried = []
        for chapter in checks:
            if chapter.faults:
                # A wrong answer's points mean nothing where the right one's are lost.
                tried.append(chapter)
                continue
            answers = load_wrong_answers(course.wrong_answers, chapter.name)
            found = check_wrong_answers(sources[chapter.name], answers, *how, workers.address, code)
            tried.append(replace(chapter, answers=len(answers), surprises=tuple(found)))
        return tried


def require_sound(course: Course, names: Sequence[str], anyway: bool, done: str) -> None:
    """Print what is wrong with chapters, and stop there unless the command is to go on anyway.

    Args:
        done: what the command does to chapters, such as "released".

    Raises:
        CourseError: if a cell would cost honest students points.
    """
    faulty = [chapter for chapter in checked(course, names, None, console) if chapter.faults]
    for chapter in faulty:
        show(chapter, console)
    if faulty and not anyway:
        raise CourseError(
            f"nothing was {done}: these cells would cost honest students points. Fix them, or add --anyway."
        )


def show(chapter: ChapterCheck, terminal: Terminal, words: bool = False) -> None:
    """Print what is wrong with a chapter.

    Args:
        words: also which tests ask the student's kernel for more than values.
    """
    if not chapter.faults:
        terminal.print(f"[green]ok[/]      {chapter.name}: its own solution earns all points.", soft_wrap=True)
    for fault in chapter.faults:
        terminal.print(f"[red]fault[/]   {chapter.name}: {escape(printable(fault))}", soft_wrap=True)
    for surprise in chapter.surprises:
        terminal.print(f"[red]answer[/]  {chapter.name}: {escape(printable(surprise))}", soft_wrap=True)
    if chapter.answers is not None and not chapter.surprises:
        told = f"{counted(chapter.answers, 'wrong answer')} tried, all caught and named as they were written down."
        told = told if chapter.answers else "no wrong answers are written down."
        terminal.print(f"[green]ok[/]      {chapter.name}: {told}", soft_wrap=True)
    for warning in chapter.warnings:
        terminal.print(f"[yellow]warning[/] {chapter.name}: {escape(printable(warning))}", soft_wrap=True)
    for grade_id, asked in chapter.words if words else ():
        what = escape(printable("; ".join(asked)))
        terminal.print(f"trusts  {chapter.name}: {grade_id} takes the student's word for {what}.", soft_wrap=True)
