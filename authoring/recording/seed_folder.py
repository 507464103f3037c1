"""What is kept of one seed while it trains: the plan, a checkpoint of the run under way, and results of finished runs.

``plan.json`` says which runs there are and their epochs; ``cnn_3-epoch-004.pt`` is the state after four epochs;
``cnn_3.json`` is a finished run, whose checkpoint is gone. The folder may be copied to another machine.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from autograder.errors import AutograderError
from autograder.files import write_atomically

SCHEMA_VERSION = 1
# The one run of an experiment that trains everything of a seed in one go.
WHOLE_SEED = "whole seed"


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after some epochs, as plain values and tensors.

    Attributes:
        epochs: how many are done.
        model, optimizer: state dicts; None where there is no optimizer.
        random: as :func:`authoring.recording.random_states.random_states` returns them.
        curves: what the epochs added to them.
        seconds: of all epochs so far.
        devices: on which they ran, in words, in order.
        versions: of Python and the libraries, likewise.
    """

    epochs: int
    model: dict[str, Any]
    optimizer: dict[str, Any] | None
    random: dict[str, Any]
    curves: dict[str, list[float]]
    seconds: float
    devices: list[str]
    versions: list[dict[str, str]]


@dataclass(frozen=True)
class SeedFolder:
    """The folder of one seed.

    Attributes:
        path: it is made when something is written.
        made_from: a key for code and data behind the runs. What was made from others is refused.
    """

    path: Path
    made_from: str

    def write_plan(self, data: str, epochs: Mapping[str, int]) -> None:
        """Write down which runs there are, and the epochs of each.

        Raises:
            AutograderError: if the folder has another plan.
            ValueError: if two runs would share a file.
        """
        if len({"plan", *map(_slug, epochs)}) <= len(epochs):
            raise ValueError(f"two of plan and the runs {', '.join(epochs)} would share a file; give them other names.")
        kept = read_plan(self.path)
        if kept is not None:
            self._refuse_others(kept["made_from"], self.path / "plan.json")
        plan = {"schema_version": SCHEMA_VERSION, "made_from": self.made_from, "data": data, "runs": dict(epochs)}
        write_atomically(self.path / "plan.json", json.dumps(plan, ensure_ascii=False, indent=1) + "\n")

    @contextmanager
    def claimed(self, run: str) -> Iterator[bool]:
        """Keep a run to this process while the block runs; False if another process has it.

        A process that dies, in whatever way, gives its run back.
        """
        lock = FileLock(self.path / f".{_slug(run)}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def latest(self, run: str) -> Checkpoint | None:
        """The checkpoint after most epochs of a run, or None.

        Raises:
            AutograderError: if it cannot be read or was made from other code or data.
        """
        files = checkpoint_files(self.path, run)
        if not files:
            return None
        path = files[max(files)]
        try:
            # Tensors and plain values only: nothing in the file is executed, and it names no module.
            fields = torch.load(path, map_location="cpu", weights_only=True)
            made_from = fields.pop("made_from")
            if fields.pop("schema_version") != SCHEMA_VERSION:
                raise ValueError("it is of another version")
            checkpoint = Checkpoint(**fields)
        except Exception as error:  # a damaged file raises whatever its bytes happen to say
            reason = error if isinstance(error, ValueError) else type(error).__name__
            raise AutograderError(
                f"{path} cannot be read ({reason}). Copy it again from where it was made, or move it away: the run "
                f"then continues from an earlier checkpoint, or begins anew."
            ) from error
        self._refuse_others(made_from, path)
        return checkpoint

    def save(self, run: str, checkpoint: Checkpoint) -> None:
        """Write a checkpoint so that a crash leaves the old one or the new, then remove older ones."""
        fields = {"schema_version": SCHEMA_VERSION, "made_from": self.made_from, **_shallow(checkpoint)}
        target = self.path / f"{_slug(run)}-epoch-{checkpoint.epochs:03d}.pt"
        _replace(target, lambda temporary: torch.save(fields, temporary))
        for epochs, path in checkpoint_files(self.path, run).items():
            if epochs < checkpoint.epochs:
                path.unlink()

    def finished(self, run: str) -> list[dict[str, Any]] | None:
        """What a finished run recorded, or None.

        Raises:
            AutograderError: if the file was made from other code or data.
        """
        kept = read_result(self.path, run)
        if kept is None:
            return None
        self._refuse_others(kept["made_from"], self.path / f"{_slug(run)}.json")
        results: list[dict[str, Any]] = kept["results"]
        return results

    def finish(
        self,
        run: str,
        results: Sequence[Mapping[str, Any]],
        seconds: float,
        devices: Sequence[str],
        versions: Sequence[Mapping[str, str]],
    ) -> None:
        """Write what a finished run recorded, then remove its checkpoints."""
        kept = {
            "schema_version": SCHEMA_VERSION, "made_from": self.made_from, "results": list(results),
            "seconds": seconds, "devices": list(devices), "versions": list(versions),
        }  # fmt: skip
        write_atomically(self.path / f"{_slug(run)}.json", json.dumps(kept, ensure_ascii=False) + "\n")
        for path in checkpoint_files(self.path, run).values():
            path.unlink()

    def _refuse_others(self, made_from: str, path: Path) -> None:
        if made_from != self.made_from:
            raise AutograderError(
                f"{path} was made from other code of the chapter, other settings or other data than there are now. "
                f"Continue with those it was made from, or move {path.parent} away to begin anew."
            )


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        done, epochs: epochs done, of all.
        finished: its results are there; after the last epoch alone they may not be.
    """

    done: int
    epochs: int
    finished: bool


def seed_progress(path: Path) -> dict[str, Progress]:
    """How far each run of a seed is; empty before the seed begins."""
    plan = read_plan(path)
    if plan is None:
        return {}
    progress = {}
    for run, epochs in plan["runs"].items():
        finished = (path / f"{_slug(run)}.json").is_file()
        done = epochs if finished else max(checkpoint_files(path, run), default=0)
        progress[run] = Progress(done, epochs, finished)
    return progress


def read_plan(path: Path) -> dict[str, Any] | None:
    """The plan in a seed's folder, or None.

    Raises:
        AutograderError: if the file cannot be read.
    """
    return _read_json(path / "plan.json")


def read_result(path: Path, run: str) -> dict[str, Any] | None:
    """What :meth:`SeedFolder.finish` wrote, or None.

    Raises:
        AutograderError: if the file cannot be read.
    """
    return _read_json(path / f"{_slug(run)}.json")


def checkpoint_files(path: Path, run: str) -> dict[int, Path]:
    """The checkpoints of a run, by their number of epochs."""
    files = path.glob(f"{_slug(run)}-epoch-*.pt")
    return {int(file.stem.rpartition("-")[2]): file for file in files}


def _read_json(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if fields["schema_version"] != SCHEMA_VERSION:
            raise ValueError("it is of another version")
    except (ValueError, KeyError, TypeError) as error:
        raise AutograderError(
            f"{path} cannot be read ({error}). Copy it again from where it was made, or move it away."
        ) from error
    return fields


def _shallow(checkpoint: Checkpoint) -> dict[str, Any]:
    # dataclasses.asdict copies every tensor.
    return {field.name: getattr(checkpoint, field.name) for field in dataclasses.fields(checkpoint)}


def _replace(target: Path, write: Callable[[Path], None]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.part")  # what a kill leaves is written over by the next attempt
    write(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(target)


def _slug(run: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.]+", "-", run)
