"""``python -m authoring.recording [NAME]``: record one experiment, or list them all."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from authoring.recording.experiment import Scale
from authoring.recording.listing import listing, progress_in_words
from authoring.recording.processes import WRONG_USE
from authoring.recording.record import Outcome, command, record
from autograder.course import Course
from autograder.errors import AutograderError

RUNS = Path("runs") / "recording"


def main(
    name: Annotated[str | None, typer.Argument(help="the experiment; without it all are listed")] = None,
    scale: Annotated[Scale, typer.Option(help="quick is a trial of minutes; full is what the book shows")] = "full",
    seeds: Annotated[str, typer.Option(help="numbers with commas between them")] = "0,1,2",
    budget: Annotated[
        float | None, typer.Option(help="seconds; then each run stops after the epoch that is running", min=0)
    ] = None,
    threads: Annotated[int, typer.Option(help="threads for PyTorch in each seed's process", min=1)] = 1,
    runs: Annotated[Path, typer.Option(help="folder of checkpoints and quick recordings")] = RUNS,
) -> None:
    """Train the experiment NAME from where it was left, and write its JSON when nothing is left.

    A checkpoint is written after each epoch: after an interruption the same command continues, on another machine as
    well if the folder of checkpoints is copied there. Status 0 means complete, 1 that something is left, 2 that you
    have to do something first.
    """
    # Without this the processes of the seeds would outlive a termination.
    signal.signal(signal.SIGTERM, _interrupt)
    again = "python -m authoring.recording"
    try:
        course = Course.find()
        if name is None:
            print(listing(course, runs))
            return
        chosen = _numbers(seeds)
        again = command(name, scale, chosen)
        again += f" --threads {threads}" if threads != 1 else ""
        again += f" --runs {runs}" if runs != RUNS else ""
        outcome = record(course, name, scale, chosen, budget, threads, runs)
    except AutograderError as error:
        print(error, file=sys.stderr)
        sys.exit(WRONG_USE)
    except KeyboardInterrupt:
        print(f"interrupted; to continue: {again}", file=sys.stderr)
        sys.exit(1)
    print(_in_words(outcome, again))
    refused = WRONG_USE in outcome.failed.values()
    sys.exit(0 if outcome.recording else WRONG_USE if refused else 1)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _numbers(text: str) -> list[int]:
    try:
        seeds = [int(number) for number in text.split(",")]
    except ValueError:
        seeds = []
    if not seeds or len(set(seeds)) < len(seeds) or min(seeds) < 0:
        raise AutograderError(
            f"--seeds is {text!r}; expected different whole numbers from 0 with commas between them, such as 0,1,2."
        )
    return seeds


def _in_words(outcome: Outcome, again: str) -> str:
    lines = [f"seed {seed}: {progress_in_words(dict(runs))}" for seed, runs in outcome.progress.items()]
    lines += [f"seed {seed} ended with status {status}; see above" for seed, status in outcome.failed.items()]
    if outcome.recording:
        return "\n".join([*lines, f"complete: {outcome.recording}"])
    return "\n".join([*lines, f"something is left; to continue: {again}"])


if __name__ == "__main__":
    typer.run(main)
