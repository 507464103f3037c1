"""Figures of the recorded experiments for the results page: the mean over the seeds, and their spread as a band."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from authoring.book.overview import LECUN_MNIST, TAKKIN_CIFAR10
from autograder.publishing.figures.drawing import drawn
from autograder.publishing.page_figures.stage import write_narrow
from workbook import plot
from workbook.chapter08.figures import STYLES
from workbook.plot import BLACK, BLUE, GREEN, ORANGE, PINK
from workbook.recorded import Recording, recording

_SIZE = (7.6, 3.7)
_FLOOR = math.log(math.e + 9) - 1
_LOOKS = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, "-.", "^"), (PINK, ":", "D"))

_SCHEDULES = ("0.1", "0.1, 0.01", "0.1, 0.01, 0.001", "Adam, 0.001")

Look = tuple[str, Any, str]


def draw_recordings(folder: Path, stage: Path) -> None:
    """Write ``<name>.svg`` for each recorded experiment that has a figure into ``folder``, and its narrow form.

    Args:
        stage: what the book is built from; it keeps the narrow drawings.

    Raises:
        ValueError: if a figure is too large for a page as SVG.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        with matplotlib.rc_context():
            plot.use_style()
            figure = draw(recording(name))
            made = drawn(figure)
            plt.close(figure)
        if made.mime != "image/svg+xml":
            raise ValueError(f"the figure of the recording {name!r} is too large as SVG. Draw fewer points.")
        (folder / f"{name}.svg").write_text(made.wide, encoding="utf-8")
        write_narrow(stage, name, made.narrow)


def architectures(made: Recording, title: str) -> Figure:
    """Validation accuracy of the five networks, and their test accuracies beside those of Takkin (2025)."""
    figure, (left, right) = plt.subplots(1, 2, figsize=_SIZE)
    looks = {name: (colour, style, marker) for name, (colour, style, marker) in STYLES.items()}
    for name, look in looks.items():
        _band(left, _steps(made, name), _percent(made, name, "val_acc_curve"), look, name)
    left.set(xlabel="optimizer step", ylabel="validation accuracy (%)", ylim=(0, 80))
    ends = {name: [100 * score for score in made.curves(name, "test_acc")] for name in looks}
    _ends(right, ends, looks)
    reported = [TAKKIN_CIFAR10[name] for name in looks]
    right.plot(range(len(looks)), reported, "x", color=BLACK, markersize=7, label="Takkin (2025), 50 000 images")
    right.legend(loc="lower right")
    right.set(ylim=(0, 80))
    return _finished(figure, left, title)


def gaze(made: Recording) -> Figure:
    """Validation accuracy with and without batch normalisation, and test accuracies."""
    figure, (left, right) = plt.subplots(1, 2, figsize=_SIZE)
    looks = {"plain": (ORANGE, "--", "s"), "BatchNorm": (BLUE, "-", "o")}
    for name, look in looks.items():
        _band(left, _steps(made, name), _percent(made, name, "val_acc_curve"), look, name)
    left.axhline(25, color=BLACK, linestyle=":", linewidth=1)
    left.set(xlabel="optimizer step", ylabel="validation accuracy (%)", ylim=(0, 100))
    ends = {name: [100 * score for score in made.curves(name, "test_acc")] for name in looks}
    _ends(right, ends, looks)
    right.set(ylim=(0, 100))
    return _finished(figure, left, "Batch normalisation adds 44 parameters and about 35 points")


def gaze_networks(made: Recording) -> Figure:
    """Accuracies of chapter 04's networks on the gaze data, on training and on test pictures."""
    figure, axes = plt.subplots(figsize=_SIZE)
    names = list(dict.fromkeys(run["name"] for run in made.runs))
    for key, label, (colour, _, marker), shift in (
        ("train_acc", "training pictures", _LOOKS[0], -0.12),
        ("test_acc", "test pictures", _LOOKS[1], 0.12),
    ):
        for place, name in enumerate(names):
            scores = 100 * np.array(made.curves(name, key))
            heights = np.full(len(scores), place + shift)
            axes.plot(scores, heights, marker, color=colour, markersize=5, label=label if place == 0 else None)
    axes.axvline(25, color=BLACK, linestyle=":", linewidth=1)
    axes.set(yticks=range(len(names)), yticklabels=names, xlabel="accuracy (%)", ylabel="network", xlim=(20, 100))
    axes.invert_yaxis()
    return _finished(figure, axes, "One more layer ruins the recipe; fewer pictures widen the gap")


def gradient_flow(made: Recording) -> Figure:
    """Training loss of the five networks, with ReLU and with sigmoids."""
    figure, panels = plt.subplots(1, 5, figsize=(8.6, 3.2), sharey=True)
    looks = {"ReLU": (BLUE, "-", ""), "sigmoid": (ORANGE, "--", "")}
    for axes, name in zip(panels, STYLES, strict=True):
        for activation, look in looks.items():
            curves = np.array(made.curves(name, f"{activation.lower()}_loss_curve"))
            steps = 10 * np.arange(1, curves.shape[1] + 1)
            _band(axes, steps, curves, look, activation)
        axes.axhline(np.log(10), color=BLACK, linestyle=":", linewidth=1)
        axes.set(title=name, xlabel="step", xticks=[0, 1000], ylim=(1, 2.4))
    panels[0].set_ylabel("training loss")
    return _finished(figure, panels[0], "Sigmoids slow every network down; cnn_5 starts with neither")


def learning_rates(made: Recording) -> Figure:
    """Validation accuracy at three constant rates, and of the schedule by eye beside Adam."""
    figure, panels = plt.subplots(1, 2, figsize=_SIZE, sharey=True)
    groups = (("constant rates", ("rate 0.1", "rate 0.01", "rate 0.001")), ("schedules and Adam", _SCHEDULES))
    for axes, (label, names) in zip(panels, groups, strict=True):
        _accuracies_by_epoch(axes, made, {name: name for name in names})
        axes.set(title=label, ylim=(0, 70))
    panels[0].set_ylabel("validation accuracy (%)")
    plot.letter(panels)
    figure.suptitle("A rate of 0.1 levels off early; dropping it adds ten points", fontsize=11)
    return figure


def two_networks(made: Recording, title: str) -> Figure:
    """Like :func:`learning_rates`, a row for each of two networks. The rate 0.1 has more epochs than the other two."""
    figure, grid = plt.subplots(2, 2, figsize=(_SIZE[0], 2 * _SIZE[1]), sharex=True, sharey=True)
    groups = (
        ("constant rates", {"0.1": "rate 0.1", "rate 0.01": "rate 0.01", "rate 0.001": "rate 0.001"}),
        ("schedules and Adam", {name: name for name in _SCHEDULES}),
    )
    for row, network in zip(grid, ("cnn_3", "cnn_5"), strict=True):
        for axes, (label, names) in zip(row, groups, strict=True):
            _accuracies_by_epoch(axes, made, {f"{network}, {name}": shown for name, shown in names.items()})
            axes.set(title=f"{network}, {label}", ylim=(0, 80))
        row[0].set_ylabel("validation accuracy (%)")
    plot.letter(list(grid.flat))
    figure.suptitle(title, fontsize=11)
    return figure


def _accuracies_by_epoch(axes: Axes, made: Recording, names: Mapping[str, str]) -> None:
    """Validation accuracy after each epoch of some runs, with what the legend calls them."""
    for name, look in _looks(list(names)).items():
        curves = _percent(made, name, "val_acc_epochs")
        _band(axes, np.arange(1, curves.shape[1] + 1), curves, look, names[name])
    axes.set(xlabel="epoch")
    axes.legend(loc="lower right")


def vgg11(made: Recording, title: str) -> Figure:
    """Training loss and test accuracy of the four runs of chapter 11."""
    figure, (left, right) = plt.subplots(1, 2, figsize=_SIZE)
    for name, look in _looks(["SGD", "Adam", "Adam, sigmoid", "Adam, sigmoid, no dropout"]).items():
        losses, scores = np.array(made.curves(name, "train_loss")), _percent(made, name, "test_acc")
        epochs = np.arange(1, scores.shape[1] + 1)
        _band(left, epochs, losses, look, name)
        _band(right, epochs, scores, look, name)
    left.set(xlabel="epoch", ylabel="training loss", ylim=(0, None))
    right.set(xlabel="epoch", ylabel="test accuracy (%)", ylim=(0, 100))
    return _finished(figure, left, title)


def transfer(made: Recording) -> Figure:
    """Test accuracy against the step for three ways to train, on digits and on photographs."""
    figure, panels = plt.subplots(1, 2, figsize=_SIZE, sharey=True)
    for axes, data in zip(panels, ("digits", "ten classes"), strict=True):
        for way, look in _looks(["new head", "Lite0 from scratch", "small CNN from scratch"]).items():
            name = f"{data}, {way}"
            _band(axes, _steps(made, name), _percent(made, name, "test_acc_curve"), look, way)
        axes.set(xlabel="optimizer step", title=data, ylim=(0, 100))
    panels[0].set_ylabel("test accuracy (%)")
    return _finished(figure, panels[0], "Pretrained features help where the images are of their kind")


def digits(made: Recording) -> Figure:
    """Training loss and validation accuracy of chapter 03's network, with and without a sigmoid before the softmax."""
    figure, (left, right) = plt.subplots(1, 2, figsize=_SIZE)
    for name, look in _looks(["softmax", "sigmoid before the softmax"]).items():
        losses, scores = np.array(made.curves(name, "loss_curve")), _percent(made, name, "val_acc_curve")
        _band(left, np.arange(losses.shape[1]), losses, look, name)
        _band(right, np.arange(1, scores.shape[1] + 1), scores, look, name)
    left.axhline(_FLOOR, color=BLACK, linestyle=":", linewidth=1)
    left.text(25, _FLOOR - 0.06, f"floor {_FLOOR:.4f}", ha="right", va="top", fontsize=9)
    left.set(xlabel="epoch", ylabel="training loss", ylim=(0, 3.6))
    right.axhline(LECUN_MNIST["300 hidden units"], color=BLACK, linestyle=":", linewidth=1)
    right.text(
        25,
        LECUN_MNIST["300 hidden units"] + 0.15,
        "LeCun et al. (1998), 300 hidden units",
        ha="right",
        va="bottom",
        fontsize=9,
    )
    right.set(xlabel="epoch", ylabel="validation accuracy (%)", ylim=(85, 100), yticks=[85, 90, 95, 100])
    return _finished(figure, left, "A sigmoid before the softmax: the accuracy hides what the loss shows")


def _looks(names: Sequence[str]) -> dict[str, Look]:
    return dict(zip(names, _LOOKS, strict=False))


def _percent(made: Recording, name: str, key: str) -> NDArray[np.float64]:
    """The curves of one run, (seeds, entries), in percent."""
    return 100 * np.array(made.curves(name, key), dtype=np.float64)


def _steps(made: Recording, name: str) -> NDArray[np.int64]:
    return np.array(made.curves(name, "steps")[0])


def _band(axes: Axes, x: ArrayLike, curves: NDArray[np.float64], look: Look, label: str) -> None:
    """The mean of curves (seeds, entries) as a line, and from the smallest to the largest as a band."""
    colour, style, _ = look
    axes.fill_between(np.asarray(x), curves.min(axis=0), curves.max(axis=0), color=colour, alpha=0.18, linewidth=0)
    axes.plot(x, curves.mean(axis=0), color=colour, linestyle=style, linewidth=1.5, label=label)


def _ends(
    axes: Axes,
    values: Mapping[str, Sequence[float]],
    looks: Mapping[str, Look],
) -> None:
    """Test accuracies: a marker for each seed and a bar at their mean."""
    for place, (name, scores) in enumerate(values.items()):
        colour, _, marker = looks[name]
        spread = 0.15 * (np.arange(len(scores)) - (len(scores) - 1) / 2)
        axes.plot(place + spread, scores, marker, color=colour, markersize=5)
        axes.hlines(np.mean(scores), place - 0.3, place + 0.3, color=colour, linewidth=2)
    axes.set(xticks=range(len(values)), xticklabels=list(values), xlim=(-0.6, len(values) - 0.4))
    axes.set(xlabel="network", ylabel="test accuracy (%)")


def _finished(figure: Figure, legend_of: Axes, title: str) -> Figure:
    handles, labels = legend_of.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    figure.suptitle(title, fontsize=11)
    if len(figure.axes) == 2:
        plot.letter(figure.axes)
    return figure


FIGURES: dict[str, Callable[[Recording], Figure]] = {
    "digits_mlp": digits,
    "cnn_architectures": lambda made: architectures(made, "Every CNN ends above every MLP"),
    "cifar10_whole": lambda made: architectures(made, "With all images, five epochs come near what others got from 15"),
    "architectures_original": lambda made: architectures(made, "With 15 epochs the CNNs level off, and cnn_3 falls"),
    "gaze_networks": gaze_networks,
    "gaze_batch_norm": gaze,
    "gradient_flow": gradient_flow,
    "learning_rates": learning_rates,
    "learning_rates_original": lambda made: two_networks(
        made, "A drop of the rate gains three points, a second keeps them"
    ),
    "vgg11": lambda made: vgg11(made, "With sigmoids VGG11 hardly trains, with and without dropout"),
    "vgg11_original": lambda made: vgg11(
        made, "At full width SGD leaps ahead, and sigmoid networks fall back to guessing"
    ),
    "transfer": transfer,
}
