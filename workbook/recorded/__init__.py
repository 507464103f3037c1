"""Results of the experiments at full scale, recorded once and kept as JSON beside this file.

Each file says what was run, on which data and machine, from which seeds, for how long and by which command.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Recording:
    """One recorded experiment.

    Attributes:
        name: the experiment.
        data: the data set in words, with its sizes.
        seeds: one run, or one set of runs, was made from each.
        device: processor and threads, or accelerator.
        versions: of Python and the libraries that matter.
        seconds: wall time of all runs together, one after the other.
        command: what made the file.
        runs: one dict for each run: ``name`` (str), ``seed`` (int) and its curves (lists) and numbers.
        scale: ``full``, or ``quick`` for a trial that no page shows.
    """

    name: str
    data: str
    seeds: tuple[int, ...]
    device: str
    versions: dict[str, str]
    seconds: float
    command: str
    runs: tuple[dict[str, Any], ...]
    scale: str = "full"

    def curves(self, run: str, key: str) -> list[Any]:
        """The entry ``key`` of the runs called ``run``, one for each seed."""
        return [entry[key] for entry in self.runs if entry["name"] == run]


def recording(name: str) -> Recording:
    """Read a recorded experiment.

    Raises:
        ValueError: if there is none of this name; it lists those there are.
    """
    path = _FOLDER / f"{name}.json"
    if not path.is_file():
        raise ValueError(f"there is no recording {name!r}; expected one of {', '.join(recordings())}.")
    return read_recording(path)


def read_recording(path: Path) -> Recording:
    """Read a recording from a file.

    Raises:
        ValueError: if it is of another version.
    """
    fields = json.loads(path.read_text(encoding="utf-8"))
    if fields.pop("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"{path.name} is of another version; install the package again.")
    return Recording(**{**fields, "seeds": tuple(fields["seeds"]), "runs": tuple(fields["runs"])})


def recordings() -> list[str]:
    """The names of the experiments that were recorded."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))
