"""Tables of the recorded experiments for the book: what was measured, on what, from which seeds, by which command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from authoring.book.markdown_tables import percent_range, row, spread
from workbook.recorded import Recording, recording

# A comment of the page that stands for the table of one recording.
_MARKER = re.compile(r"^% recording (\w+)$", re.MULTILINE)
# The entries that a table shows, and what it calls them.
_COLUMNS = {
    "test_acc": "test accuracy (%)",
    "val_acc": "best validation accuracy (%)",
    "train_acc": "training accuracy at the end (%)",
    "val_acc_epochs": "last validation accuracy (%)",
    "val_acc_curve": "validation accuracy, last three entries (%)",
    "train_acc_curve": "training accuracy, last three entries (%)",
    "test_acc_curve": "last test accuracy (%)",
    "loss_curve": "loss, last three entries",
    "relu_loss_curve": "loss with ReLU, last three entries",
    "sigmoid_loss_curve": "loss with sigmoids, last three entries",
}
# Curves whose end another entry says, too.
_SAID_BY = {"val_acc_curve": "val_acc_epochs", "test_acc_curve": "test_acc"}
_SEVERAL = 3  # entries of a curve that make up its end
# What a recording calls its data, and what a reader calls them.
_DATA = (
    ("CIFAR-10 subset from WORKBOOK_DATA (all of CIFAR-10, lossy JPEG)", "all of CIFAR-10, from JPEG files"),
    ("CIFAR-10 subset from WORKBOOK_DATA", "a subset of CIFAR-10"),
    ("MNIST from WORKBOOK_DATA", "MNIST"),
    ("images of shape (3, 32, 32)", "images of 32×32 pixels in colour"),
)


def results_page(text: str) -> str:
    """The page ``text`` with what is known of a recording, and its table, in place of each line ``% recording NAME``.

    Raises:
        ValueError: if there is no recording of such a name.
    """
    return _MARKER.sub(lambda found: _section(recording(found[1])), text)


def _section(made: Recording) -> str:
    names = list(dict.fromkeys(run["name"] for run in made.runs))
    columns = [key for key in _COLUMNS if any(key in run for run in made.runs)]
    for curve, end in _SAID_BY.items():
        if curve in columns and end in columns:
            columns.remove(curve)
    rows = [[name, *(_range(_present(made, name, key), key) for key in columns)] for name in names]
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    data = _plain(made.data)
    return "\n".join(
        [
            f"{data[:1].upper()}{data[1:]}. {_seeds(made)}; {made.device}; {versions}. Made by `{made.command}`.",
            "",
            row(["run", *(_COLUMNS[key] for key in columns)]),
            row(["---", *["--:"] * len(columns)]),
            *map(row, rows),
            "",
        ]
    )


def _seeds(made: Recording) -> str:
    return f"Seed{'s' if len(made.seeds) > 1 else ''} {', '.join(map(str, made.seeds))}"


def _plain(data: str) -> str:
    for recorded, shown in _DATA:
        data = data.replace(recorded, shown)
    return data


def _present(made: Recording, name: str, key: str) -> list[Any]:
    return [run[key] for run in made.runs if run["name"] == name and key in run]


def _range(values: Sequence[Any], key: str) -> str:
    """The ends of some curves, or some numbers, as mean and range over the seeds; empty where there are none.

    All cells of a column have the same number of decimals.
    """
    if not values:
        return ""
    ends = [_end(value, key) for value in values]
    return percent_range(ends) if "acc" in key else spread(ends, 3)


def _end(value: Any, key: str) -> float:
    if not isinstance(value, list):
        return float(value)
    entries = value[-1:] if key.endswith("_epochs") or key in ("test_acc", "test_acc_curve") else value[-_SEVERAL:]
    return float(sum(entries) / len(entries))
