"""Drawings of chapter 04: pictures of eyes, a chain of layers, training histories and a confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, PINK, on_a_phone

_BACK = {"arrowstyle": "->", "color": ORANGE, "linestyle": "--"}
_STYLES = ((BLUE, "--"), (ORANGE, "-"), (GREEN, "-."), (PINK, ":"))


def eye_grid(images: NDArray[Any], labels: NDArray[Any], names: Sequence[str], per_label: int = 4) -> Figure:
    """One row for each label with its first pictures, (36, 120), on a common grey scale from 0 to 255."""
    figure, axes = plt.subplots(len(names), per_label, figsize=(2.2 * per_label, 0.72 * len(names) + 0.3))
    for label, row in enumerate(axes):
        for panel, image in zip(row, images[labels == label][:per_label], strict=True):
            panel.imshow(image, vmin=0, vmax=255)
            _bare(panel)
        row[0].set_ylabel(names[label], rotation=0, ha="right", va="center")
    return figure


def layer_chain(layers: Sequence[str], shapes: Sequence[str], parameters: Sequence[str]) -> Figure:
    """Boxes in a row, downwards on a phone, with an arrow in each gap for values and a dashed one for gradients.

    Args:
        layers: the names in the boxes; shapes: next to the arrows, one more than layers; parameters: below the boxes.
    """
    figure, axes = plt.subplots(figsize=(9, 2.3))
    for i, (layer, parameter) in enumerate(zip(layers, parameters, strict=True)):
        axes.add_patch(Rectangle((2 * i, -0.45), 1, 0.9, facecolor="#EAF2F8", edgecolor=BLACK))
        axes.text(2 * i + 0.5, 0, layer, ha="center", va="center")
        if parameter:
            axes.annotate(
                parameter, (2 * i + 0.5, -0.45), (2 * i + 0.5, -1.15), ha="center", va="center", fontsize=9,
                arrowprops={**_BACK, "arrowstyle": "<-"},
            )  # fmt: skip
    for i, shape in enumerate(shapes):
        left, right = 2 * i - 0.95, 2 * i - 0.05
        axes.annotate("", (right, 0.2), (left, 0.2), arrowprops={"arrowstyle": "->", "color": BLUE})
        axes.annotate("", (left, -0.2), (right, -0.2), arrowprops=_BACK)
        axes.text(2 * i - 0.5, 0.33, shape, ha="center", va="bottom", fontsize=9)
    axes.set(xlim=(-1.2, 2 * len(shapes) - 1.8), ylim=(-1.4, 0.9))
    axes.axis("off")
    on_a_phone(figure, partial(_layers_downwards, layers, shapes, parameters))
    return figure


def _layers_downwards(layers: Sequence[str], shapes: Sequence[str], parameters: Sequence[str], width: float) -> Figure:
    figure, axes = plt.subplots(figsize=(width, 0.95 * len(layers) + 0.55), layout="none")
    axes.set_position((0, 0, 1, 1))
    for i, (layer, parameter) in enumerate(zip(layers, parameters, strict=True)):
        top = -2 * i
        axes.add_patch(Rectangle((-1, top - 1), 2, 1, facecolor="#EAF2F8", edgecolor=BLACK))
        axes.text(0, top - 0.5, layer.replace("\n", " "), ha="center", va="center")
        if parameter:
            axes.annotate(
                parameter, (1, top - 0.5), (1.85, top - 0.5), ha="center", va="center",
                arrowprops={**_BACK, "arrowstyle": "<-"},
            )  # fmt: skip
    for i, shape in enumerate(shapes):
        above, below = 0.95 - 2 * i, 0.05 - 2 * i
        axes.annotate("", (-0.25, below), (-0.25, above), arrowprops={"arrowstyle": "->", "color": BLUE})
        axes.annotate("", (0.25, above), (0.25, below), arrowprops=_BACK)
        axes.text(-0.4, (above + below) / 2, shape, ha="right", va="center")
    axes.set(xlim=(-2.2, 2.2), ylim=(-2 * len(layers) - 0.05, 1.05))
    axes.axis("off")
    return figure


def histories(runs: Mapping[str, Sequence[Any]]) -> Figure:
    """Training loss, training accuracy and validation accuracy of solvers, several for each name."""
    figure, panels = plt.subplots(1, 3, figsize=(9.6, 3.4))
    for (name, solvers), (colour, style) in zip(runs.items(), _STYLES, strict=False):
        for number, solver in enumerate(solvers):
            look = {"color": colour, "linestyle": style, "linewidth": 1.3, "label": name if number == 0 else None}
            updates, smooth = _smoothed(solver.loss_history)
            panels[0].plot(updates, smooth, **look)
            for panel, history in zip(panels[1:], (solver.train_acc_history, solver.val_acc_history), strict=True):
                panel.plot(100 * np.array(history), **look)
    panels[0].set(xlabel="update", ylabel="loss, mean of ten batches", title="training loss")
    panels[1].set(xlabel="epoch", ylabel="accuracy (%)", title="training accuracy")
    panels[2].set(xlabel="epoch", title="validation accuracy", ylim=panels[1].get_ylim())
    panels[2].tick_params(labelleft=False)
    handles, labels = panels[0].get_legend_handles_labels()
    if len(labels) > 1:
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def _smoothed(losses: Sequence[float], width: int = 10) -> tuple[NDArray[Any], NDArray[Any]]:
    """Means of ``width`` losses in a row, and the update at which each of them ends."""
    width = min(width, len(losses))
    means = np.convolve(losses, np.full(width, 1 / width), mode="valid")
    return np.arange(width, len(losses) + 1), means


def confusion(counts: NDArray[Any], names: Sequence[str]) -> Figure:
    """Rows are true labels and sum to 100 %; columns are predictions; every cell says its share and is shaded by it."""
    shares = 100 * counts / counts.sum(axis=1, keepdims=True)
    figure, axes = plt.subplots(figsize=(5.2, 3.8))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=100, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        colour = "white" if share > 55 else BLACK
        axes.text(column, row, f"{share:.0f} %", ha="center", va="center", color=colour)
    ticks = range(len(names))
    axes.set(xticks=ticks, yticks=ticks, xticklabels=names, yticklabels=names, xlabel="predicted", ylabel="true")
    axes.grid(False)
    return figure


def _bare(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
