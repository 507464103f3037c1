"""Figures of chapter 08: training runs compared, first-layer weights, and which unit answers to which class.

A run is a dict as :func:`workbook.runs.load_runs` and recordings hold them: ``name``, ``seed`` and curves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from workbook.plot import BLACK, BLUE, DIVERGING, GREEN, ORANGE, PINK, SKY, letter, share_percents
from workbook.recorded import recording

Run = Mapping[str, Any]
# Networks without convolutions are blue and dashed, those with them warm or green and solid.
STYLES: dict[str, tuple[str, str, str]] = {
    "mlp_1": (BLUE, "--", "o"),
    "mlp_2": (SKY, "--", "s"),
    "cnn_3": (ORANGE, "-", "^"),
    "cnn_4": (GREEN, "-", "D"),
    "cnn_5": (PINK, "-", "v"),
}
_MISSING = "no run yet"


def recorded_runs(name: str) -> list[dict[str, Any]]:
    """The runs of a recording, one dict for each network and seed."""
    return list(recording(name).runs)


def steps(run: Run, key: str = "loss_curve") -> NDArray[np.int64]:
    """The optimizer steps that the entries of a curve belong to: every tenth, unless the run says otherwise."""
    return np.asarray(run.get("steps", 10 * np.arange(1, len(run[key]) + 1)))


def class_examples(images: NDArray[Any], labels: NDArray[Any], classes: Sequence[str], rows: int = 4) -> Figure:
    """The first colour images of each class, one class in each column."""
    figure, panels = plt.subplots(1, len(classes), figsize=(9.2, 0.98 * rows))
    height, width = images.shape[1:3]
    for label, (axes, name) in enumerate(zip(panels, classes, strict=True)):
        for row, image in enumerate(images[labels == label][:rows]):
            top = 1.06 * row * height
            axes.imshow(image, extent=(0, width, top + height, top))
        axes.set(ylim=(1.06 * rows * height, 0))
        _bare(axes)
        axes.set_title(name, fontsize=9)
    return figure


def training_curves(runs: Sequence[Run], names: Sequence[str] = tuple(STYLES)) -> Figure:
    """Training loss, training accuracy and validation accuracy against the step, one line for each run."""
    figure, panels = plt.subplots(1, 3, figsize=(10.4, 3.4))
    columns = (
        ("loss_curve", "training loss"),
        ("train_acc_curve", "training accuracy (%)"),
        ("val_acc_curve", "validation accuracy (%)"),
    )
    for axes, (key, label) in zip(panels, columns, strict=True):
        factor = 1 if key == "loss_curve" else 100
        for name in names:
            colour, style, _ = STYLES[name]
            chosen = [run for run in runs if run["name"] == name]
            for i, run in enumerate(chosen):
                curve = factor * np.array(run[key])
                legend = name if i == 0 else None
                axes.plot(steps(run, key), curve, style, color=colour, linewidth=1.4, label=legend)
        axes.set(xlabel="optimizer step", ylabel=label)
        _note_if_empty(axes, runs)
    share_percents(panels[1:])
    if runs:
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(names))
    return figure


def validation_against_training(groups: Mapping[str, Sequence[Run]], names: Sequence[str] = tuple(STYLES)) -> Figure:
    """The path of every run in the plane of training and validation accuracy, one panel for each group of runs."""
    figure, panels = plt.subplots(1, len(groups), figsize=(4.6 * len(groups), 4.2), squeeze=False)
    for axes, (title, runs) in zip(panels[0], groups.items(), strict=True):
        _diagonal(axes)
        for name in names:
            colour, style, marker = STYLES[name]
            for i, run in enumerate(run for run in runs if run["name"] == name):
                x, y = (100 * _smooth(run[key]) for key in ("train_acc_curve", "val_acc_curve"))
                axes.plot(x, y, style, color=colour, linewidth=1.2, label=None)
                axes.plot(x[-1], y[-1], marker, color=colour, markersize=7, label=name if i == 0 else None)
        axes.set(xlabel="training accuracy (%)", ylabel="validation accuracy (%)", title=title)
        _note_if_empty(axes, runs)
        if runs:
            axes.legend(loc="upper left")
    letter(panels[0])
    return figure


def test_against_training(groups: Mapping[str, Sequence[Run]], names: Sequence[str] = tuple(STYLES)) -> Figure:
    """The end of every run: test accuracy against training accuracy over the last curve entries."""
    figure, panels = plt.subplots(1, len(groups), figsize=(4.6 * len(groups), 4.2), squeeze=False)
    for axes, (title, runs) in zip(panels[0], groups.items(), strict=True):
        _diagonal(axes)
        for name in names:
            colour, _, marker = STYLES[name]
            chosen = [run for run in runs if run["name"] == name]
            x = [100 * _smooth(run["train_acc_curve"])[-1] for run in chosen]
            y = [100 * float(run["test_acc"]) for run in chosen]
            axes.plot(x, y, marker, color=colour, markersize=7, label=name, linestyle="none")
        axes.set(xlabel="training accuracy at the end (%)", ylabel="test accuracy (%)", title=title)
        _note_if_empty(axes, runs)
        if runs:
            axes.legend(loc="upper left")
    letter(panels[0])
    return figure


def first_weights(runs: Sequence[Run], names: Sequence[str] = tuple(STYLES), columns: int = 16) -> Figure:
    """The first-layer weights of one run of each name as colour pictures, each on a scale of its own.

    A fully connected unit is one picture of 32×32, a kernel one of 3×3; grey is zero.
    """
    by_name = {name: next(run for run in runs if run["name"] == name) for name in names}
    figure, panels = plt.subplots(len(names), 1, figsize=(10, 0.7 * len(names) + 0.3))
    for name, axes in zip(names, panels, strict=True):
        weights = np.asarray(by_name[name]["weights"])
        pictures = weights.reshape(len(weights), 3, *((32, 32) if weights.ndim == 2 else weights.shape[2:]))
        _bare(axes)
        # One axis for a whole row: eighty of them would take seconds.
        for place, picture in enumerate(pictures[:columns]):
            shades = 0.5 + 0.5 * picture.transpose(1, 2, 0) / np.abs(picture).max()
            axes.imshow(shades, extent=(place, place + 0.92, 0, 0.92))
        axes.set(xlim=(0, columns), ylim=(0, 0.92))
        axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9)
    return figure


def grey_filters(runs: Sequence[Run], labels: Sequence[str]) -> Figure:
    """The first-layer kernels of grey-image networks, one row for each run, orange above zero and blue below."""
    count = len(runs[0]["weights"])
    figure, panels = plt.subplots(len(runs), count, figsize=(1.1 * count + 1.4, 1.15 * len(runs) + 0.3))
    for run, label, row in zip(runs, labels, panels, strict=True):
        reach = float(np.abs(run["weights"]).max())
        for panel, kernel in zip(row, run["weights"], strict=True):
            panel.imshow(kernel[0], cmap=DIVERGING, vmin=-reach, vmax=reach)
            _bare(panel)
        row[0].set_ylabel(label, rotation=0, ha="right", va="center", fontsize=9)
    return figure


def unit_answers(means: Mapping[str, NDArray[np.float64]], classes: Sequence[str]) -> Figure:
    """How strongly each unit answers to each class, as a share of its strongest answer.

    Args:
        means: for each network the mean activations, (units, C); units are sorted by the class they answer to most.
    """
    figure, panels = plt.subplots(1, len(means), figsize=(9.2, 4.4))
    for axes, (name, values) in zip(panels, means.items(), strict=True):
        share = values / np.maximum(values.max(axis=1, keepdims=True), 1e-12)
        share = share[np.argsort(share.argmax(axis=1), kind="stable")]
        image = axes.imshow(share, aspect="auto", cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(classes)), classes, rotation=60, ha="right", fontsize=8)
        axes.set(title=name, ylabel="unit")
        axes.set_yticks([])
        axes.grid(False)
    figure.colorbar(image, ax=panels, label="mean activation, share of the unit's largest")
    return figure


def accuracies_by_name(groups: Mapping[str, Mapping[str, Sequence[float]]], ylabel: str) -> Figure:
    """Points for each seed: one panel for each group, one place on the axis for each of its names."""
    figure, panels = plt.subplots(1, len(groups), figsize=(4.6 * len(groups), 3.5), squeeze=False)
    for axes, (title, values) in zip(panels[0], groups.items(), strict=True):
        for place, (points, colour, marker) in enumerate(
            zip(values.values(), (BLUE, ORANGE, GREEN, PINK), "os^D", strict=False)
        ):
            spread = np.linspace(-0.12, 0.12, len(points)) if len(points) > 1 else np.zeros(len(points))
            axes.plot(place + spread, 100 * np.asarray(points), marker, color=colour)
        axes.set(xticks=range(len(values)), xticklabels=list(values), xlim=(-0.5, len(values) - 0.5))
        axes.set(title=title, ylabel=ylabel)
        if not any(len(points) for points in values.values()):
            _note_if_empty(axes, ())
    share_percents(panels[0])
    letter(panels[0])
    return figure


def gaze_curves(groups: Mapping[str, Sequence[Run]], styles: Mapping[str, tuple[str, str]]) -> Figure:
    """Validation accuracy after each epoch, one panel for each group of runs, one style for each name."""
    figure, panels = plt.subplots(1, len(groups), figsize=(4.6 * len(groups), 3.5), squeeze=False)
    for axes, (title, runs) in zip(panels[0], groups.items(), strict=True):
        for name, (colour, style) in styles.items():
            for i, run in enumerate(run for run in runs if run["name"] == name):
                curve = 100 * np.asarray(run["val_acc_curve"])
                legend = name if i == 0 else None
                axes.plot(steps(run, "val_acc_curve"), curve, style, color=colour, label=legend)
        axes.axhline(25, color=BLACK, linestyle=":", linewidth=1)
        axes.set(xlabel="optimizer step", ylabel="validation accuracy (%)", ylim=(0, 100), title=title)
        _note_if_empty(axes, runs)
        if runs:
            axes.legend(loc="lower right")
    letter(panels[0])
    return figure


def leaderboard(runs: Sequence[Run]) -> Figure:
    """The test accuracies of saved runs as bars, best on top."""
    ordered = sorted(runs, key=lambda run: float(run["test_acc"]))
    figure, axes = plt.subplots(figsize=(7.2, 0.42 * len(ordered) + 1.1))
    scores = [100 * float(run["test_acc"]) for run in ordered]
    names = [f"{run['name']}, seed {run['seed']}" for run in ordered]
    axes.barh(names, scores, color=[ORANGE if run["name"] == "improved" else BLUE for run in ordered], height=0.6)
    for place, score in enumerate(scores):
        axes.text(score + 1, place, f"{score:.1f}", va="center", fontsize=9)
    axes.set(xlim=(0, 105), xlabel="test accuracy (%)")
    axes.grid(axis="y", visible=False)
    axes.set_axisbelow(True)
    return figure


def _smooth(curve: Sequence[float], width: int = 3) -> NDArray[np.float64]:
    """The mean of up to ``width`` entries that end at each."""
    values = np.asarray(curve, dtype=np.float64)
    return np.array([values[max(0, i + 1 - width) : i + 1].mean() for i in range(len(values))])


def _diagonal(axes: Axes) -> None:
    axes.plot([0, 100], [0, 100], color=BLACK, linestyle=":", linewidth=1)
    axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")


def _note_if_empty(axes: Axes, runs: Sequence[Run]) -> None:
    if not runs:
        axes.text(0.5, 0.5, _MISSING, transform=axes.transAxes, ha="center", va="center")


def _bare(panel: Axes) -> None:
    panel.set(xticks=[], yticks=[])
    panel.grid(False)
    panel.spines[:].set_visible(False)
