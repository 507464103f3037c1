"""Drawings of chapter 03 that are longer than a cell should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, letter

Array = NDArray[np.float64]


def floor(recorded: Sequence[ArrayLike], live: Sequence[ArrayLike], floor: float) -> Figure:
    """Draw training losses with a sigmoid before the softmax and without it, and the floor between them.

    Args:
        recorded: losses with and without the sigmoid, (runs, epochs + 1) each.
        live: losses with the sigmoid, then of the same weights without it, (runs, epochs + 1) each.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.7), sharey=True)
    _bundle(left, recorded[0], 0, ORANGE, "--", "with the sigmoid")
    _bundle(left, recorded[1], 0, BLUE, "-", "without")
    squashed, freed = np.asarray(live[0]), np.asarray(live[1])
    removed = squashed.shape[1] - 1
    _bundle(right, squashed, 0, ORANGE, "--", "with the sigmoid")
    _bundle(right, freed, removed, BLUE, "-", "sigmoid removed")
    right.axvline(removed, color=BLACK, linewidth=0.8, linestyle="-")
    for axes in (left, right):
        axes.axhline(floor, color=BLACK, linewidth=1, linestyle=":")
        axes.set(xlabel="epoch", ylim=(0, 2.6))
    left.text(25, floor - 0.05, f"floor {floor:.4f}", ha="right", va="top", fontsize=9)
    left.legend(loc="upper right")
    right.legend(loc="lower left")
    left.set(ylabel="training loss (cross-entropy)", title="48 000 MNIST images, recorded")
    right.set(title="this chapter's training images")
    letter((left, right))
    figure.suptitle("A sigmoid before the softmax keeps the loss above its floor")
    return figure


def _bundle(axes: Axes, runs: ArrayLike, start: int, colour: str, style: str, label: str) -> None:
    values = np.asarray(runs)
    epochs = start + np.arange(values.shape[1])
    labels = [label] + ["_"] * (len(values) - 1)
    axes.plot(epochs, values.T, color=colour, linestyle=style, linewidth=1.2, label=labels)


def curves(histories: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Draw loss and accuracy against the epoch: the median over the runs, and a band from the least to the largest.

    Args:
        histories: by name, losses and accuracies (fractions), (runs, epochs) each.
    """
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.5))
    for (name, pair), colour, style in zip(histories.items(), (BLUE, ORANGE), ("-", "--"), strict=False):
        for axes, runs, factor in zip(panels, pair, (1, 100), strict=True):
            values = factor * np.asarray(runs)
            epochs = np.arange(1, values.shape[1] + 1)
            axes.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.2, linewidth=0)
            axes.plot(epochs, np.median(values, axis=0), color=colour, linestyle=style, label=name)
    panels[0].set(xlabel="epoch", ylabel="cross-entropy", ylim=(0, 1))
    panels[1].set(xlabel="epoch", ylabel="accuracy (%)", ylim=(75, 100.5))
    panels[0].legend()
    letter(panels)
    figure.suptitle("Training loss keeps falling; validation loss levels off")
    return figure


def labelled_digits(
    rows: Array, labels: ArrayLike, guesses: ArrayLike, sureness: ArrayLike, columns: int = 8
) -> Figure:
    """Draw digits (N, 784), each under its label, the guess and the probability of the guess."""
    titles = [
        f"{label}→{guess}, {100 * p:.0f} %"
        for label, guess, p in zip(np.asarray(labels), np.asarray(guesses), np.asarray(sureness), strict=True)
    ]
    lines = max(1, -(-len(rows) // columns))
    figure, panels = plt.subplots(lines, columns, figsize=(1.1 * columns, 1.4 * lines + 0.3), squeeze=False)
    for panel in panels.flat:
        panel.axis("off")
    for panel, row, title in zip(panels.flat, rows, titles, strict=False):
        panel.imshow(row.reshape(28, 28))
        panel.set_title(title, fontsize=9)
    return figure


def sweep(scores: Mapping[str, Mapping[float, Sequence[float]]]) -> Figure:
    """Draw one panel for each hyperparameter: accuracies (fractions) of several seeds against its values."""
    names = {"width": "hidden units", "depth": "hidden layers", "batch": "batch size", "rate": "learning rate"}
    figure, panels = plt.subplots(1, len(scores), figsize=(9, 3.4), sharey=True)
    for axes, (name, by_value) in zip(panels, scores.items(), strict=True):
        for place, values in enumerate(by_value.values()):
            shown = 100 * np.asarray(values)
            axes.plot(place + np.linspace(-0.15, 0.15, len(shown)), shown, "o", color=BLUE, markersize=5)
            axes.hlines(np.median(shown), place - 0.3, place + 0.3, color=ORANGE, linewidth=2)
        axes.set(xticks=range(len(by_value)), xticklabels=[f"{value:g}" for value in by_value])
        axes.set(xlabel=names.get(name, name), ylim=(0, 102), xlim=(-0.5, len(by_value) - 0.5))
    panels[0].set_ylabel("validation accuracy (%)")
    figure.suptitle("Rate and batch size can ruin a run; more depth does not help")
    return figure


def instability(losses: Mapping[str, ArrayLike], curvature: Mapping[int, Any], rates: Sequence[float]) -> Figure:
    """Draw the loss of each batch for several runs, and the first curvature against the width.

    Args:
        losses: losses of the batches in order, by name of the run.
        curvature: by width, the largest curvature for several seeds.
        rates: learning rates whose limit 2 / rate is drawn.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    for (label, values), colour, style in zip(losses.items(), (ORANGE, BLUE, GREEN), ("-", "--", ":"), strict=False):
        left.plot(np.asarray(values), color=colour, linewidth=1.1, linestyle=style, label=label)
    left.set(xlabel="step", ylabel="loss of the batch", title="Rate 1 throws the loss up in its first steps")
    left.legend(loc="upper right")
    for width, values in curvature.items():
        right.plot([width] * len(values), values, "o", color=BLUE, markersize=5)
    for rate in rates:
        right.axhline(2 / rate, color=BLACK, linestyle="--", linewidth=1)
        right.text(min(curvature), 2.1 / rate, f"limit 2/η at η = {rate:g}", ha="left", va="bottom", fontsize=9)
    right.set(xlabel="hidden units", ylabel="largest curvature", xscale="log", yscale="log")
    right.set(xticks=list(curvature), xticklabels=list(curvature), title="Curvature grows with the width")
    right.set_ylim(top=5 / min(rates))
    right.minorticks_off()
    letter((left, right))
    return figure
