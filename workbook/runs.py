"""Keep training runs on disk: what was measured as JSON, the parameters as a state dict beside it.

A run that is saved can be drawn again tomorrow without being trained again, and a figure drawn from files shows
what the files say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.testing.article import class_with_article
from workbook.scale import full_scale

if TYPE_CHECKING:
    import torch

SCHEMA_VERSION = 1


def run_folder(chapter: str) -> Path:
    """The folder for a chapter's runs at the scale in force, inside ``runs`` in the current directory."""
    return Path("runs") / chapter / ("full" if full_scale() else "quick")


def save_run(folder: Path, record: Mapping[str, Any], model: torch.nn.Module | None, seed: int) -> Path:
    """Write ``<name>-seed-<seed>.json`` and, of a model, the state dict as ``.pt``; earlier files are replaced.

    Args:
        record: what was measured: numbers, strings, lists and arrays. ``record["name"]`` names the run.
        model: None where only what was measured is kept.

    Returns:
        the path of the JSON file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, str(record["name"]), seed)
    text = json.dumps({"schema_version": SCHEMA_VERSION, "seed": seed, **record}, default=_plain)
    if model is not None:
        import torch

        torch.save(model.state_dict(), path.with_suffix(".pt"))
    path.write_text(text + "\n", encoding="utf-8")
    return path


def load_runs(folder: Path) -> list[dict[str, Any]]:
    """Read every run of a folder, in the order of names and seeds; ``weights`` comes back as an array.

    Raises:
        ValueError: if a file is not a saved run; it names the file.
    """
    runs = []
    for path in sorted(folder.glob("*.json")):
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
            version = run.pop("schema_version")
        except (json.JSONDecodeError, UnicodeDecodeError, AttributeError, KeyError, TypeError):
            raise ValueError(f"{path} is not a saved run. Move it away, or train again.") from None
        if version != SCHEMA_VERSION:
            raise ValueError(f"{path} is of version {version}; expected {SCHEMA_VERSION}. Train again.")
        if "weights" in run:
            run["weights"] = np.array(run["weights"], dtype=np.float32)
        runs.append(run)
    return runs


def load_state(folder: Path, name: str, seed: int) -> dict[str, torch.Tensor]:
    """Read the state dict of a saved run: tensors only, nothing in the file is executed.

    Raises:
        ValueError: if there is no such run; it names those there are.
    """
    import torch

    path = _path(folder, name, seed).with_suffix(".pt")
    if not path.is_file():
        there = ", ".join(sorted(found.stem for found in folder.glob("*.pt"))) or "none"
        raise ValueError(f"there is no run {name!r} of seed {seed} in {folder}; there are: {there}.")
    state: dict[str, torch.Tensor] = torch.load(path, weights_only=True)
    return state


def _path(folder: Path, name: str, seed: int) -> Path:
    return folder / f"{re.sub(r'[^A-Za-z0-9_]+', '-', name)}-seed-{seed}.json"


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if hasattr(value, "detach"):
        return value.detach().cpu().tolist()
    raise TypeError(
        f"{class_with_article(value)} cannot be kept in a run's record; expected numbers, lists and arrays."
    )
