"""What a long command shows: a bar on a terminal, plain lines elsewhere, and a log that programs read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from autograder.durations import Say
from autograder.errors import ResultsError
from autograder.printable import printable
from autograder.results import SubmissionResult

if TYPE_CHECKING:
    from autograder.grading.batch import Progress as Step

Log = Callable[..., None]


def lines_to(console: Console) -> Say:
    """A function that prints a line as it is: how far a long step is."""
    return partial(console.print, markup=False, highlight=False, soft_wrap=True)


def pace(executed: int, seconds: float, left: int) -> str:
    """How fast a batch goes and how long it will take; empty before anything can be said.

    Args:
        executed: submissions that were executed so far; those kept from an earlier run say nothing about speed.
        seconds: wall time since the first of them began.
        left: submissions still to come.
    """
    if not executed or seconds <= 0:
        return ""
    rate = executed / seconds
    speed = f"{rate:.1f} a second" if rate >= 1 else f"{rate * 60:.1f} a minute"
    return f"{speed}, {duration(left / rate)} left"


def duration(seconds: float) -> str:
    """A time as a person says it, in two units at most."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def shown(
    steps: Iterable[Step], total: int, console: Console, log: Log, clock: Callable[[], float] = time.monotonic
) -> Iterator[SubmissionResult]:
    """Pass on the result of each step, and show on ``console`` and in ``log`` how far the batch is."""
    began, executed = clock(), 0
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, pace="")
        for step in steps:
            executed += not step.reused
            speed = pace(executed, clock() - began, step.total - step.done)
            bar.update(task, advance=1, pace=speed)
            result = step.result
            failure = {"failure": step.failure} if step.failure else {}
            log("submission", done=step.done, total=step.total, **_summary(result), kept=step.reused, **failure)
            if step.failure:
                last = step.failure.strip().rpartition("\n")[2]
                line = f"{result.student} {result.assignment}: the grader failed, {last}; --log has the traceback"
                console.print(printable(line), markup=False, soft_wrap=True)
            if not console.is_terminal:
                end = "kept from an earlier run" if step.reused else speed
                score = f"{result.score:g}/{result.max_score:g}" if result.tasks else "not graded"
                line = f"{step.done}/{step.total} {result.student} {result.assignment} {score} ({end})"
                console.print(printable(line), markup=False, soft_wrap=True)
            yield result


def _summary(result: SubmissionResult) -> dict[str, Any]:
    return {
        "student": result.student,
        "assignment": result.assignment,
        "file": result.file,
        "score": result.score,
        "max_score": result.max_score,
        "pending": result.pending,
        "seconds": result.seconds,
        "flags": list(result.flags),
        "fault": result.fault,
    }


@contextmanager
def log_file(path: Path | None) -> Iterator[Log]:
    """A function that adds a line to a log in the JSON Lines format: time, event, and what is known about it.

    What ends the block is the last event: ``finished``, or ``stopped`` with the reason.

    Args:
        path: the file, which grows with each run; None to keep no log.

    Raises:
        ResultsError: if it cannot be opened.
    """
    if path is None:
        yield _no_log
        return
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise ResultsError(f"the log {path} cannot be written: {error.strerror}. Name another with --log.") from error
    with file:

        def log(event: str, **known: Any) -> None:
            line: Mapping[str, Any] = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
            file.write(printable(json.dumps({**line, **known}, ensure_ascii=False)) + "\n")
            file.flush()

        try:
            yield log
        except BaseException as error:
            log("stopped", reason=f"{type(error).__name__}: {error}".rstrip(": "))
            raise
        log("finished")


def _no_log(event: str, **known: Any) -> None:
    """Keep nothing."""
