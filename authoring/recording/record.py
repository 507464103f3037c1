"""Record an experiment: train what is left of its seeds, and write the JSON once nothing is."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authoring.recording.devices import training_device
from authoring.recording.experiment import Scale, experiment, is_stepwise
from authoring.recording.processes import Job, train_seeds
from authoring.recording.seed_folder import Progress, read_plan, read_result, seed_progress
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from workbook.recorded import SCHEMA_VERSION, read_recording

_DIGITS = 5


@dataclass(frozen=True)
class Place:
    """Where an experiment of a course is kept at one scale.

    Attributes:
        under_way: holds a folder for each seed.
        recording: the JSON, which only a complete recording has.
    """

    under_way: Path
    recording: Path

    def seed(self, seed: int) -> Path:
        """The folder of a seed."""
        return self.under_way / f"seed-{seed}"

    def seeds(self) -> list[int]:
        """The seeds that were begun."""
        found = (re.fullmatch(r"seed-(\d+)", path.name) for path in self.under_way.glob("seed-*"))
        return sorted(int(name[1]) for name in found if name)


@dataclass(frozen=True)
class Outcome:
    """What came of a command.

    Attributes:
        progress: of each run of each seed; empty where a seed has not begun.
        failed: for each seed whose process ended with an error, the exit status.
        recording: the JSON, or None if something is left.
    """

    progress: Mapping[int, Mapping[str, Progress]]
    failed: Mapping[int, int]
    recording: Path | None


def place(course: Course, name: str, scale: Scale, runs: Path) -> Place:
    """Recordings at full scale go into the helper package, where the book finds them; quick ones stay in ``runs``."""
    at_full_scale = course.root / "workbook" / "recorded" / f"{name}.json"
    return Place(runs / scale / name, at_full_scale if scale == "full" else runs / scale / f"{name}.json")


def record(
    course: Course, name: str, scale: Scale, seeds: Sequence[int], budget: float | None, threads: int, runs: Path
) -> Outcome:
    """Train what is left of the seeds, on all cores; write the recording if nothing is left then.

    Where there are more cores than seeds, several processes share the runs of a seed; not on an accelerator, which one
    process can fill.

    Args:
        budget: seconds after which no further epoch begins; None for as long as it takes.
        threads: of each process.
        runs: the folder of checkpoints.

    Raises:
        AutograderError: if there is no such experiment, the recording that there is has further seeds, or the seeds
            were trained on different data.
    """
    until = None if budget is None else time.time() + budget
    module = experiment(name)
    kept = place(course, name, scale, runs)
    _keep_seeds(kept.recording, seeds)
    at_once = max(1, (os.cpu_count() or 1) // threads)
    shared = is_stepwise(module) and training_device().type == "cpu"
    jobs = [Job(course.root, name, scale, seed, kept.seed(seed), until, threads) for seed in seeds]
    statuses = train_seeds(jobs * (max(1, at_once // len(seeds)) if shared else 1), at_once)
    progress = {seed: seed_progress(kept.seed(seed)) for seed in seeds}
    failed = {seed: status for seed, status in statuses.items() if status}
    complete = all(runs and all(run.finished for run in runs.values()) for runs in progress.values())
    if failed or not complete:
        return Outcome(progress, failed, None)
    made = _recording(kept, name, scale, seeds)
    write_atomically(kept.recording, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    return Outcome(progress, failed, kept.recording)


def command(name: str, scale: Scale, seeds: Sequence[int]) -> str:
    """What makes a recording, and continues it."""
    return f"python -m authoring.recording {name} --scale {scale} --seeds {','.join(map(str, seeds))}"


def _keep_seeds(recording: Path, seeds: Sequence[int]) -> None:
    if not recording.is_file():
        return
    lost = sorted(set(read_recording(recording).seeds) - set(seeds))
    if lost:
        raise AutograderError(
            f"{recording} has seeds {', '.join(map(str, lost))}, which would be lost. Give these seeds as well, or "
            "move the file away."
        )


def _recording(kept: Place, name: str, scale: Scale, seeds: Sequence[int]) -> dict[str, Any]:
    """The recording as JSON values, from the files of finished runs."""
    runs: list[dict[str, Any]] = []
    seconds = 0.0
    devices: dict[str, None] = {}
    versions: dict[str, dict[str, None]] = {}
    data: dict[str, int] = {}
    for seed in seeds:
        plan = read_plan(kept.seed(seed))
        assert plan is not None
        data.setdefault(plan["data"], seed)
        for run in plan["runs"]:
            result = read_result(kept.seed(seed), run)
            assert result is not None
            runs += [{"seed": seed, **entry} for entry in result["results"]]
            seconds += result["seconds"]
            devices |= dict.fromkeys(result["devices"])
            for used in result["versions"]:
                for library, version in used.items():
                    versions.setdefault(library, {})[version] = None
    if len(data) > 1:
        found = "; ".join(f"seed {seed}: {words}" for words, seed in data.items())
        raise AutograderError(
            f"the seeds of {name} were trained on different data ({found}). Move the folders in {kept.under_way} of "
            "those that do not belong to the others away, and train them again."
        )
    return {
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "scale": scale,
        "data": next(iter(data)),
        "seeds": list(seeds),
        "device": "; ".join(devices),
        "versions": {library: ", ".join(used) for library, used in versions.items()},
        "seconds": round(seconds, 1),
        "command": command(name, scale, seeds),
        "runs": _rounded(runs),
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry) for entry in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
