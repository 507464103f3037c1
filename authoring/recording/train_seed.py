"""Train everything of one seed, epoch by epoch, from where it was left."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from authoring.recording.chapter_code import cell_sources, code_digest, definitions
from authoring.recording.devices import device_in_words, training_device, training_on
from authoring.recording.experiment import Plan, Run, Scale, Training, experiment, is_stepwise
from authoring.recording.random_states import random_states, restore, seed_all
from authoring.recording.seed_folder import WHOLE_SEED, Checkpoint, SeedFolder
from autograder.course import Course
from autograder.digest import digest

_VERSIONED = ("torch", "numpy")

Stop = Callable[[], bool]
Report = Callable[[str], None]


def train_seed(course: Course, name: str, scale: Scale, seed: int, path: Path, stop: Stop, threads: int) -> bool:
    """Train what is left of one seed of an experiment; say after each epoch how far it is.

    Args:
        path: the seed's folder.
        stop: asked before each epoch; where it says so, the rest is left for another time.
        threads: for PyTorch. Results may depend on their number, by rounding.

    Returns:
        True if nothing is left.

    Raises:
        AutograderError: if there is no such experiment, its data are not there, or the folder's content was made from
            other code or data.
    """
    module = experiment(name)
    names = definitions(course, module.CHAPTER)
    torch.set_num_threads(threads)  # the chapter may have chosen a number of its own
    stepwise = is_stepwise(module)
    device = training_device() if stepwise else torch.device("cpu")

    def report(text: str) -> None:
        print(f"{name}, seed {seed}, {device_in_words(device)}: {text}", file=sys.stderr, flush=True)

    sources = cell_sources(course, module.CHAPTER).values()
    key = (name, scale, str(seed))
    if not stepwise:
        data = module.data(names)
        folder = SeedFolder(path, digest(*key, data, *sources))
        return _train_in_one_go(folder, data, lambda: module.run(names, seed), seed, stop, report)
    plan: Plan = module.plan(names, scale, device)
    folder = SeedFolder(path, digest(*key, plan.data, settings(module), code_digest(sources, module.USES)))
    return train_plan(plan, seed, folder, device, stop, report)


def settings(module: ModuleType) -> str:
    """The constants of an experiment, written down: sizes, rates and epochs, but not where the chapter is."""
    constants = {name: value for name, value in vars(module).items() if name.isupper() and name != "CHAPTER"}
    return repr(sorted((name, repr(value)) for name, value in constants.items()))


def train_plan(
    plan: Plan, seed: int, folder: SeedFolder, device: torch.device, stop: Stop, report: Report = lambda _: None
) -> bool:
    """Train the runs of a plan that are not finished, each from its last checkpoint.

    Several processes may do so at once. A run that another has claimed is left to it, and what needs that run as well.

    Returns:
        True if nothing is left.
    """
    folder.write_plan(plan.data, {run.name: run.epochs for run in plan.runs})
    while True:
        found = {run.name: folder.finished(run.name) for run in plan.runs}
        results = {name: kept[0] for name, kept in found.items() if kept is not None}
        left = [run for run in plan.runs if run.name not in results]
        for run in left:
            if not results.keys() >= set(run.needs):
                continue
            with folder.claimed(run.name) as mine:
                if not mine:
                    continue
                # Another process may have finished it since this one looked.
                if folder.finished(run.name) is None and not _train_run(
                    run, seed, folder, device, results, stop, report
                ):
                    return False
                break
        else:
            return not left


def _train_run(
    run: Run,
    seed: int,
    folder: SeedFolder,
    device: torch.device,
    earlier: Mapping[str, Mapping[str, Any]],
    stop: Stop,
    report: Report,
) -> bool:
    if stop():
        return False
    with training_on(device):
        seed_all(seed)
        training = run.begin(earlier)
        state = folder.latest(run.name)
        if state is None:
            state = _checkpoint(training, device, None, {}, 0.0)
        else:
            _resume(training, state, device)
            report(f"{run.name} continues after epoch {state.epochs} of {run.epochs}")
        while state.epochs < run.epochs:
            if stop():
                return False
            began = time.perf_counter()
            added = training.epoch(state.epochs)
            state = _checkpoint(training, device, state, added, time.perf_counter() - began)
            folder.save(run.name, state)
            report(f"{run.name}, epoch {state.epochs} of {run.epochs}, {state.seconds:.0f} s")
        result = {"name": run.name, **training.result(state.curves), "seconds": round(state.seconds, 1)}
    devices, versions = state.devices, state.versions
    folder.finish(run.name, [{**result, "device": ", then ".join(devices)}], state.seconds, devices, versions)
    return True


def _checkpoint(
    training: Training, device: torch.device, before: Checkpoint | None, added: Mapping[str, Any], seconds: float
) -> Checkpoint:
    """The state of a training one epoch after ``before``; at its beginning without it."""
    curves = {key: list(values) for key, values in (before.curves if before else {}).items()}
    for key, values in added.items():
        curves.setdefault(key, []).extend(float(value) for value in values)
    devices, versions = (list(before.devices), list(before.versions)) if before else ([], [])
    if before and (not devices or devices[-1] != device_in_words(device)):
        devices.append(device_in_words(device))
    if before and (not versions or versions[-1] != versions_in_use()):
        versions.append(versions_in_use())
    return Checkpoint(
        epochs=before.epochs + 1 if before else 0,
        model=dict(training.model.state_dict()),
        optimizer=training.optimizer.state_dict() if training.optimizer else None,
        random=random_states(device),
        curves=curves,
        seconds=(before.seconds if before else 0.0) + seconds,
        devices=devices,
        versions=versions,
    )


def _resume(training: Training, state: Checkpoint, device: torch.device) -> None:
    training.model.load_state_dict(state.model)
    if training.optimizer is not None and state.optimizer is not None:
        training.optimizer.load_state_dict(state.optimizer)
    restore(state.random, device)


def _train_in_one_go(
    folder: SeedFolder,
    data: str,
    run: Callable[[], list[dict[str, Any]]],
    seed: int,
    stop: Stop,
    report: Report,
) -> bool:
    """All runs of a seed of an experiment that has no plan. It trains on the processor."""
    folder.write_plan(data, {WHOLE_SEED: 1})
    if folder.finished(WHOLE_SEED) is not None:
        return True
    if stop():
        return False
    began = time.perf_counter()
    seed_all(seed)
    results = run()
    seconds = time.perf_counter() - began
    folder.finish(WHOLE_SEED, results, seconds, [device_in_words(torch.device("cpu"))], [versions_in_use()])
    report(f"done after {seconds:.0f} s")
    return True


def versions_in_use() -> dict[str, str]:
    """Of Python and of the libraries whose version may change a result."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _VERSIONED}
