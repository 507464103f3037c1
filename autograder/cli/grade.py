"""``autograder grade``: grade submissions and keep what they earned."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from autograder.cli.app import Terminal, app
from autograder.cli.earlier_results import print_earlier
from autograder.cli.hand_graded import after_grading
from autograder.cli.options import CourseOption
from autograder.cli.owners import print_owners, print_passed_over, print_untouched
from autograder.cli.progress import Log, lines_to, log_file, shown
from autograder.cli.workers import IsolationWish, Workers, local, on_cluster, require_out_of_reach
from autograder.course import Course
from autograder.course_settings import FollowThrough
from autograder.errors import ResultsError
from autograder.files import write_atomically
from autograder.printable import printable
from autograder.results import SubmissionResult

if TYPE_CHECKING:
    from autograder.grading.grade_submission import Settings
    from autograder.grading.preloads import Preloads
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.course_code import CourseCode
    from autograder.kernel.isolation import Isolation

# Files that were passed over, one a line; folders without a notebook, names without a student.
_MOST_NAMED = 20
_WIDE = 10_000


@dataclass(frozen=True)
class GradedBatch:
    """What came of a batch.

    Attributes:
        results: sorted by assignment and student.
        without_notebook: folders in which there was nothing to grade.
    """

    results: list[SubmissionResult]
    without_notebook: tuple[str, ...]


@app.command()
def grade(
    path: Annotated[Path, typer.Argument(help="A notebook, a folder or zip of them, or nbgrader's submitted/.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: one a core.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="Grade on the Dask cluster at this address, tcp://….")] = None,
    isolation: Annotated[IsolationWish | None, typer.Option(help="Refuse to run with less than this.")] = None,
    timeout: Annotated[float | None, typer.Option(min=1, help="Seconds that one cell may compute.")] = None,
    notebook_timeout: Annotated[float | None, typer.Option(min=1, help="Seconds that a notebook may compute.")] = None,
    memory: Annotated[float | None, typer.Option(min=0.5, help="GB of memory that one notebook may take.")] = None,
    experiments: Annotated[bool, typer.Option("--experiments", help="Also run cells that earn nothing.")] = False,
    follow_through: Annotated[
        FollowThrough | None,
        typer.Option(help="What a test earns that passes with the author's answers to earlier exercises that failed."),
    ] = None,
    nbgrader_scoring: Annotated[
        bool, typer.Option("--nbgrader-scoring", help="Run tests in the student's kernel and score as nbgrader does.")
    ] = False,
    students: Annotated[
        list[Path] | None,
        typer.Option(help="CSV handed_in,student for names that came back; or a platform's own. Repeatable."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Results folder; default: build/results.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the batch's JSON here; - for standard output.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Add a line of JSON for each submission to this file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    course: CourseOption = None,
) -> None:
    """Grade submissions. Finished work is kept: run the same command again to go on after an interruption.

    The results folder may be that of a whole term: other results in it stay. After a test was fixed, the same command
    grades again what that affects, and says who went from what to what.

    Limits that are not given are those of course.toml under [grading], else 120 s a cell, 900 s a notebook, 4 GB.
    """
    from autograder.cores import available_cores
    from autograder.grading.grade_submission import Scoring, Settings
    from autograder.grading.store import ResultsFolder
    from autograder.grading.student_names import read_names
    from autograder.grading.term import name_without_copy
    from autograder.kernel.limits import Limits
    from autograder.results import batch_to_json

    if scheduler is not None and jobs is not None:
        raise typer.BadParameter("--jobs counts processes of this machine; with --scheduler each worker takes one.")
    found = Course.find(course)
    to_stdout = json_file == Path("-")
    console = Terminal(stderr=to_stdout, quiet=quiet)
    if json_file is not None and not to_stdout:
        _require_writable(json_file)
    names = {handed_in: student for file in students or () for handed_in, student in read_names(file).items()}
    workers = jobs or available_cores()
    default = found.settings.grading
    wish = isolation or IsolationWish(default.isolation)
    limits = Limits(
        timeout or default.cell_seconds,
        notebook_timeout or default.notebook_seconds,
        memory_bytes=int((memory or default.memory_gb) * 1e9),
    )
    scoring: Scoring = "nbgrader" if nbgrader_scoring else "referee"
    wanted = follow_through or FollowThrough(default.follow_through)
    settings = Settings(limits, scoring, experiments, wanted)
    folder = ResultsFolder(out or found.build / "results")

    def force(modules: Preloads, code: CourseCode) -> AbstractContextManager[Workers]:
        if scheduler is None:
            return local(workers, settings, wish, console, modules, code)
        return on_cluster(scheduler, settings, wish, console, found)

    earlier = folder.earlier()
    with log_file(log) as logged:
        batch = graded_batch(found, path, settings, folder, force, console, logged, names)
    data = batch_to_json(batch.results, batch.without_notebook)
    text = printable(json.dumps(data, indent=1, ensure_ascii=False), lines=True)
    if to_stdout:
        sys.stdout.write(text + "\n")
    elif json_file is not None:
        try:
            write_atomically(json_file, text)
        except OSError as error:
            raise _unwritable(json_file, error) from error
    # Where there is no terminal, a file or a program reads the table, and no line is too long for it.
    table = console if console.is_terminal else Terminal(file=console.file, width=_WIDE, quiet=console.quiet)
    table.print(score_table(after_grading(batch.results, folder.root, console)))
    print_earlier(console, earlier, batch.results)
    console.print(f"results  {folder.root / 'results.json'}", soft_wrap=True)
    ungradable = [result for result in batch.results if not result.gradable]
    for result in ungradable:
        who = escape(printable(f"{result.student} {result.assignment}"))
        console.print(f"[yellow]{who}[/]: {escape(str(result.fault))}", soft_wrap=True)
    if students:
        handed_in, listed = {name_without_copy(result) for result in batch.results}, set(names.values())
        _print_names(console, f"not in {' or '.join(map(str, students))}", handed_in - listed)
        called = {student: name for name, student in names.items() if name != student and ":" not in name}
        missing = {f"{called[student]} ({student})" if student in called else student for student in listed - handed_in}
        _print_names(console, "nothing from", missing)
    _print_names(console, "no notebook in", batch.without_notebook)
    raise typer.Exit(1 if ungradable else 0)


def _require_writable(json_file: Path) -> None:
    """Make sure that a file can be written before hours are spent on what goes into it."""
    folder = json_file.absolute().parent
    if not folder.is_dir():
        raise ResultsError(f"--json {json_file}: there is no folder {folder}. Make it first.")
    if json_file.is_dir():
        raise ResultsError(f"--json {json_file} is a folder. Name a file.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable(json_file, error) from error


def _unwritable(json_file: Path, error: OSError) -> ResultsError:
    return ResultsError(f"--json {json_file} cannot be written: {error.strerror}. Name another file.")


def _print_names(console: Terminal, what: str, names: Collection[str]) -> None:
    if names:
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        message = ", ".join(map(printable, sorted(names)[:_MOST_NAMED]))
        console.print(f"{what}: {message}{more}", markup=False, soft_wrap=True)


def graded_batch(
    course: Course,
    path: Path,
    settings: Settings,
    folder: ResultsFolder,
    force: Callable[[Preloads, CourseCode], AbstractContextManager[Workers]],
    console: Terminal,
    log: Log,
    students: Mapping[str, str] | None = None,
) -> GradedBatch:
    """Find, grade and keep; says on ``console`` and in ``log`` how far it is.

    Args:
        force: who grades, given the modules that the chapters import and what kernels get of the course.
        students: the students behind names that came back, see :func:`autograder.grading.student_names.read_names`.
    """
    from autograder.grading.archives import extract_archive
    from autograder.grading.batch import grade_batch, identified, load_sources
    from autograder.grading.collect import collect
    from autograder.grading.copies import handed_in
    from autograder.grading.preloads import modules_to_preload
    from autograder.helper_packages import kernel_copies
    from autograder.kernel.course_code import CourseCode

    names = [chapter.name for chapter in course.chapters]
    with tempfile.TemporaryDirectory(prefix="submissions-") as unpacked, ExitStack() as stack:
        root = path
        if path.suffix.lower() == ".zip" and path.is_file():
            # A zip is read as a folder of its name would be.
            root = Path(unpacked) / "in" / (path.stem.strip(".") or "in")
            extract_archive(path, root)
        collected = collect(root, names, students, Path(unpacked) / "zips")
        submissions, empty = identified(collected.submissions, course), collected.without_notebook
        used = {submission.assignment for submission in submissions}
        needed = [name for name in names if name in used]
        sources = load_sources(course, needed, lines_to(console))
        submissions, untouched = handed_in(submissions, sources)
        code = CourseCode(stack.enter_context(kernel_copies(course)), course.settings.startup)
        workers = stack.enter_context(force(modules_to_preload(course, sources.values(), settings), code))
        require_out_of_reach(workers, (course.root, root, Path(unpacked), folder.root))
        print_passed_over(console, collected.passed_over, _MOST_NAMED)
        print_untouched(console, untouched, _MOST_NAMED)
        print_owners(console, submissions)
        console.print(f"{len(submissions)} submissions, {workers.described}", soft_wrap=True)
        console.print(f"isolation: {workers.isolation}; tests run {_WHERE[settings.scoring]}", soft_wrap=True)
        say_whether_off(settings, workers.isolation, console)
        log(
            "started",
            path=str(path),
            submissions=len(submissions),
            passed_over=tuple(collected.passed_over),
            without_notebook=empty,
            as_released=[submission.file for submission in untouched],
            guessed={s.file: f"{s.student}: {s.guess}" for s in submissions if s.guess},
            environment=dict(workers.made_with),
        )
        steps = grade_batch(
            submissions, sources, folder, settings, workers.executor, workers.address, workers.made_with, empty, code
        )
        results = list(shown(steps, len(submissions), console, log))
    return GradedBatch(sorted(results, key=lambda r: (r.assignment, r.student)), empty)


_WHERE = {
    "referee": "in a process of their own",
    "nbgrader": "in the student's kernel, which can deceive them (--nbgrader-scoring)",
}


def say_whether_off(settings: Settings, isolation: Isolation, console: Terminal) -> None:
    """Say where a mistake costs more than once although that was not wished for."""
    if settings.follow_through != settings.follow_through_under(isolation):
        why = "tests run in the student's kernel" if settings.scoring == "nbgrader" else "isolation is not complete"
        console.print(
            f"[yellow]follow-through is off[/]: {why}. A mistake costs the points of exercises that build on it, too.",
            soft_wrap=True,
        )


def score_table(results: list[SubmissionResult]) -> Table:
    """Who earned what, for a terminal."""
    table = Table("student", "assignment", "score", "to read", "flags", box=None, header_style="bold")
    table.columns[2].justify = table.columns[3].justify = "right"
    for column in table.columns:
        column.overflow = "fold"
    for result in results:
        score = f"{result.score:g}/{result.max_score:g}" if result.tasks else "none"
        table.add_row(
            escape(printable(result.student)),
            escape(result.assignment),
            score,
            f"{result.pending:g}",
            escape(", ".join(map(printable, result.flags))),
        )
    return table
