"""Make one recording: execute a chapter's definitions, run its experiment from each seed, write the JSON."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import torch

from autograder.course import Course
from autograder.files import write_atomically
from autograder.notebook.cells import cell_info
from workbook.recorded import SCHEMA_VERSION

_VERSIONED = ("torch", "numpy")
_DIGITS = 5


def definitions(course: Course, chapter: str) -> dict[str, Any]:
    """What the given and solution cells of a chapter define, its data included."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nbformat.read(course.chapter(chapter).path, as_version=4).cells:
        if cell.cell_type == "code" and cell_info(cell).kind in ("given", "solution"):
            exec(compile(cell.source, str(cell_info(cell).grade_id), "exec"), names)
    return names


def record(course: Course, name: str, seeds: Sequence[int], out: Path) -> None:
    """Run the experiment ``name`` from each seed and write its recording after every one.

    Raises:
        ModuleNotFoundError: if there is no such experiment.
    """
    os.environ["WORKBOOK_SCALE"] = "full"
    os.environ.setdefault("MPLBACKEND", "agg")
    experiment = importlib.import_module(f"authoring.recording.experiments.{name}")
    names = definitions(course, experiment.CHAPTER)
    began = time.monotonic()
    runs: list[Mapping[str, Any]] = []
    for done, seed in enumerate(seeds, start=1):
        runs += [{"seed": seed, **run} for run in experiment.run(names, seed)]
        recording = {
            "schema_version": SCHEMA_VERSION,
            "name": name,
            "data": experiment.data(names),
            "seeds": list(seeds[:done]),
            "device": device(),
            "versions": {"python": platform.python_version()} | {n: importlib.metadata.version(n) for n in _VERSIONED},
            "seconds": round(time.monotonic() - began, 1),
            "command": f"python -m authoring.recording {name} --seeds {','.join(map(str, seeds))}",
            "runs": _rounded(runs),
        }
        write_atomically(out, json.dumps(recording, ensure_ascii=False, indent=1) + "\n")
        print(f"{name}: seed {seed} done after {recording['seconds']} s", file=sys.stderr)


def device() -> str:
    """The accelerator, or the processor with the number of threads in use."""
    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    threads = torch.get_num_threads()
    return f"{platform.machine()} CPU, {threads} {'thread' if threads == 1 else 'threads'}"


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry) for entry in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
