"""The table that the results page begins with: each experiment, ours with its spread, and what a source reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from authoring.book.markdown_tables import percent_range, row
from workbook.recorded import recording

_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")
MARKER = re.compile(r"^% overview$", re.MULTILINE)
_LECUN = "{cite:t}`lecun1998gradient`"
_TAKKIN = "{cite:t}`takkin2025homework`"


@dataclass(frozen=True)
class OverviewRow:
    """One experiment.

    Attributes:
        what: the experiment in words.
        recording: the recorded experiment.
        run: which of its runs.
        key: which of their entries; the last one of a curve counts.
        source: what somebody else reports, on what; empty where we know of nothing.
        data: what ours was trained on.
        scale: how large and how long ours was.
    """

    what: str
    recording: str
    run: str
    key: str
    source: str
    data: str
    scale: str


# Test accuracies in percent, with the settings that results.md names.
TAKKIN_CIFAR10 = {"mlp_1": 47.32, "mlp_2": 49.39, "cnn_3": 67.36, "cnn_4": 68.44, "cnn_5": 69.64}
GAZE_HOMEWORK = {"plain": 61.0, "BatchNorm": 76.0}
LECUN_MNIST = {"300 hidden units": 95.3, "LeNet-5": 99.05}

_EYES = [
    OverviewRow(f"04: gaze, {words}", "gaze_networks", name, "test_acc", source, "drawn eyes, 3200 images", "10 epochs")
    for name, words, source in (
        ("two layers, 64 units", "64 hidden units", ""),
        ("100, 50", "100 and 50 hidden units", "67.3, a homework: three layers of 100, on photographs"),
    )
]
_CIFAR10 = [
    OverviewRow(
        f"08: `{name}`", "architectures_original", name, "test_acc", f"{score}, {_TAKKIN}: 50 000 images, 15 epochs",
        "CIFAR-10, 45 000 images", "15 epochs, one seed",
    )
    for name, score in TAKKIN_CIFAR10.items()
]  # fmt: skip
_FIVE_EPOCHS = [
    OverviewRow(f"08: `{name}`", "cifar10_whole", name, "test_acc", "", "CIFAR-10, 49 500 images", "5 epochs")
    for name in TAKKIN_CIFAR10
]
_SUBSET = [
    OverviewRow(f"08: `{name}`", "cnn_architectures", name, "test_acc", "", "CIFAR-10, 7260 images", "15 epochs")
    for name in TAKKIN_CIFAR10
]
_GAZE = [
    OverviewRow(
        f"08: gaze, {words}", "gaze_batch_norm", name, "test_acc",
        f"{GAZE_HOMEWORK[name]}, a homework: on photographs", "drawn eyes, 3200 images", "10 epochs",
    )
    for name, words in (("plain", "plain"), ("BatchNorm", "batch normalisation"))
]  # fmt: skip
_SCHEDULES = (
    ("0.1", "SGD, rate 0.1"),
    ("0.1, 0.01, 0.001", "SGD, two drops of the rate"),
    ("Adam, 0.001", "Adam"),
)
_RATES = [
    OverviewRow(f"10: {words}", "learning_rates", name, "test_acc", "", "CIFAR-10, 7260 images", "30 epochs")
    for name, words in _SCHEDULES
]
_RATES_ORIGINAL = [
    OverviewRow(
        f"10: `{network}`, {words}", "learning_rates_original", f"{network}, {name}", "test_acc", "",
        "CIFAR-10, 45 000 images", "30 epochs, one seed",
    )
    for network in ("cnn_3", "cnn_5")
    for name, words in _SCHEDULES
]  # fmt: skip
_VGG11 = [
    OverviewRow(
        f"11: VGG11, {name}", "vgg11", name, "test_acc",
        f"{LECUN_MNIST['LeNet-5']}, {_LECUN}: LeNet-5, 60 000 images" if name == "Adam" else "",
        "MNIST, 6000 images", "1/8 of the width, 10 epochs",
    )
    for name in ("SGD", "Adam", "Adam, sigmoid")
]  # fmt: skip
_VGG11_FULL = [
    OverviewRow(
        f"11: VGG11, {name}", "vgg11_original", name, "test_acc", "", "MNIST, 6000 images",
        "full width, 10 epochs, one seed",
    )
    for name in ("SGD", "Adam", "Adam, sigmoid")
]  # fmt: skip
_TRANSFER = [
    OverviewRow(f"12: {way}", "transfer", f"{ours}, {way}", "test_acc", "", f"{data}, 1000 images", "300 steps")
    for ours, data in (("digits", "MNIST"), ("ten classes", "CIFAR-10"))
    for way in ("new head", "small CNN from scratch")
]
ROWS: Sequence[OverviewRow] = (
    OverviewRow(
        "03: 16 hidden units", "digits_mlp", "softmax", "val_acc_curve",
        f"{LECUN_MNIST['300 hidden units']}, {_LECUN}: 300 hidden units", "MNIST, 48 000 images", "25 epochs",
    ),
    *_EYES, *_CIFAR10, *_FIVE_EPOCHS, *_SUBSET, *_GAZE, *_RATES_ORIGINAL, *_RATES, *_VGG11_FULL, *_VGG11, *_TRANSFER,
)  # fmt: skip


def with_overview(text: str) -> str:
    """The page ``text`` with the table of all experiments in place of the line ``% overview``."""
    return MARKER.sub(lambda _: overview(), text)


def overview() -> str:
    """The table in Markdown: accuracies in percent, mean and range over the seeds."""
    head = [row(["chapter and experiment", "ours (%)", "a source (%)", "our data", "our scale"])]
    head.append(row(["---", "--:", "---", "---", "---"]))
    return "\n".join([*head, *(_line(each) for each in ROWS)])


def _line(each: OverviewRow) -> str:
    values = recording(each.recording).curves(each.run, each.key)
    scores = [value[-1] if isinstance(value, list) else value for value in values]
    cells = [each.what, percent_range(scores), each.source or "none known", each.data, each.scale]
    return row([_THOUSANDS.sub("\u00a0", cell) for cell in cells])
