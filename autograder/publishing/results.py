"""Tables of the recorded experiments for the book: what was measured, on what, from which seeds, by which command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.workbook.recorded import Recording, recording, recordings

MARKER = "% recordings"
# The heading of each recording, and the entries that its table shows: name, heading, and what of a curve counts.
_TITLES = {
    "cnn_architectures": "Chapter 08: five architectures",
    "gaze_batch_norm": "Chapter 08: batch normalisation on the gaze data",
    "gradient_flow": "Chapter 09: ReLU against sigmoid",
    "learning_rates": "Chapter 10: learning rates, a schedule and Adam",
    "vgg11": "Chapter 11: VGG11",
    "transfer": "Chapter 12: transfer",
}
_COLUMNS = {
    "test_acc": "test accuracy (%)",
    "val_acc_epochs": "last validation accuracy (%)",
    "val_acc_curve": "validation accuracy, last three entries (%)",
    "train_acc_curve": "training accuracy, last three entries (%)",
    "test_acc_curve": "last test accuracy (%)",
    "loss_curve": "loss, last three entries",
    "relu_loss_curve": "loss with ReLU, last three entries",
    "sigmoid_loss_curve": "loss with sigmoids, last three entries",
    "seconds": "seconds",
}
_SEVERAL = 3  # entries of a curve that make up its end


def results_page(text: str) -> str:
    """The page ``text`` with a section for each recording in place of the marker."""
    return text.replace(MARKER, "\n".join(_section(recording(name)) for name in recordings()))


def _section(made: Recording) -> str:
    names = list(dict.fromkeys(run["name"] for run in made.runs))
    columns = [key for key in _COLUMNS if any(key in run for run in made.runs)]
    if "val_acc_epochs" in columns:
        columns = [key for key in columns if key != "val_acc_curve"]
    head = ["run", *(_COLUMNS[key] for key in columns)]
    rows = [[name, *(_range(_present(made, name, key), key) for key in columns)] for name in names]
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return "\n".join(
        [
            f"## {_TITLES.get(made.name, made.name)}",
            "",
            f"{made.data}. Seeds {', '.join(map(str, made.seeds))}; {made.device}; {versions}; "
            f"{made.seconds:.0f} s in all. Made by `{made.command}`.",
            "",
            _row(head),
            _row(["---", *["--:"] * len(columns)]),
            *map(_row, rows),
            "",
        ]
    )


def _present(made: Recording, name: str, key: str) -> list[Any]:
    return [run[key] for run in made.runs if run["name"] == name and key in run]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _range(values: Sequence[Any], key: str) -> str:
    """The ends of some curves, or some numbers, as mean and range over the seeds; empty where there are none."""
    if not values:
        return ""
    ends = [_end(value, key) for value in values]
    low, mean, high = min(ends), sum(ends) / len(ends), max(ends)
    if "acc" in key:
        return f"{100 * mean:.1f} ({100 * low:.1f} to {100 * high:.1f})"
    return f"{mean:.3g} ({low:.3g} to {high:.3g})"


def _end(value: Any, key: str) -> float:
    if not isinstance(value, list):
        return float(value)
    if key == "seconds":
        return float(sum(value))
    entries = value[-1:] if key.endswith("_epochs") or key in ("test_acc", "test_acc_curve") else value[-_SEVERAL:]
    return float(sum(entries) / len(entries))
