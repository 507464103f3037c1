"""What is recorded, what is under way and what is missing, as text."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from authoring.recording.experiment import Scale, experiment_names
from authoring.recording.record import Place, place
from authoring.recording.seed_folder import WHOLE_SEED, Progress, seed_progress
from autograder.course import Course
from workbook.recorded import read_recording

ENOUGH_SEEDS = 3


def listing(course: Course, runs: Path) -> str:
    """Lines about all experiments: what is recorded, what is under way, and what full scale lacks."""
    names, scales = experiment_names(), get_args(Scale)
    places = {(name, scale): place(course, name, scale, runs) for name in names for scale in scales}
    recorded = [line for (name, scale), kept in places.items() for line in _recorded(name, scale, kept)]
    under_way = [line for (name, scale), kept in places.items() for line in _under_way(name, scale, kept)]
    missing = [line for name in names for line in _missing(name, places[name, "full"])]
    blocks = {"Recorded:": recorded, "Under way:": under_way, "Missing at full scale:": missing}
    return "\n".join(
        line for title, lines in blocks.items() for line in (title, *[f"  {line}" for line in lines or ["nothing"]])
    )


def progress_in_words(runs: dict[str, Progress]) -> str:
    """How far the runs of a seed are: epochs done of all, and where it stopped."""
    if not runs:
        return "not begun"
    if list(runs) == [WHOLE_SEED]:
        return "done" if runs[WHOLE_SEED].finished else "not done (it trains in one go, without checkpoints)"
    words = f"{sum(run.done for run in runs.values())} of {sum(run.epochs for run in runs.values())} epochs"
    current = next(((name, run) for name, run in runs.items() if not run.finished), None)
    if current is None:
        return f"{words}, done"
    name, run = current
    finished = sum(run.finished for run in runs.values())
    return f"{words}, {finished} of {len(runs)} runs done, {name} is at epoch {run.done} of {run.epochs}"


def _recorded(name: str, scale: str, kept: Place) -> list[str]:
    if not kept.recording.is_file():
        return []
    made = read_recording(kept.recording)
    return [f"{name}, {scale} scale, {_seeds(made.seeds)}, {made.device}"]


def _under_way(name: str, scale: str, kept: Place) -> list[str]:
    recorded = set(read_recording(kept.recording).seeds) if kept.recording.is_file() else set()
    lines = []
    for seed in kept.seeds():
        runs = seed_progress(kept.seed(seed))
        if seed not in recorded or not all(run.finished for run in runs.values()):
            lines.append(f"{name}, {scale} scale, seed {seed}: {progress_in_words(runs)}")
    return lines


def _missing(name: str, kept: Place) -> list[str]:
    if not kept.recording.is_file():
        return [name]
    seeds = read_recording(kept.recording).seeds
    return [] if len(seeds) >= ENOUGH_SEEDS else [f"{name}: recorded from {_seeds(seeds)} only"]


def _seeds(seeds: tuple[int, ...]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"
