"""One look for every figure of the book, and the drawings that more than one chapter needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

# Okabe and Ito's palette: eight colours that stay apart for colour-blind readers and in grey print.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
YELLOW, SKY, BLACK = "#E69F00", "#56B4E9", "#222222"
CYCLE = (BLUE, ORANGE, GREEN, PINK, YELLOW, SKY, BLACK)
DIVERGING = LinearSegmentedColormap.from_list("blue-white-orange", [BLUE, "#F7F7F7", ORANGE])


def use_style() -> None:
    """Set matplotlib's defaults for this book: size, fonts, grid and a colour-blind-safe cycle."""
    plt.rcParams.update(
        {
            "figure.figsize": (7.2, 3.6),
            "figure.dpi": 110,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "axes.prop_cycle": cycler(color=CYCLE),
            "axes.grid": True,
            "axes.titlesize": 11,
            "axes.labelsize": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "grid.color": "#D9D9D9",
            "grid.linewidth": 0.6,
            "legend.frameon": False,
            "legend.fontsize": 9,
            "lines.linewidth": 1.8,
            "image.cmap": "gray",
        }
    )


def decision_regions(axes: Axes, predict: Callable[[NDArray[np.float64]], Any], X: Any, y: Any) -> None:
    """Colour the plane by a classifier's output, draw its 0.5 contour and the data on top.

    Args:
        predict: maps points (N, 2) to outputs in [0, 1], shape (N,) or (N, 1).
        X: points, (N, 2).
        y: labels 0 or 1, (N,) or (N, 1).
    """
    reach = 1.15 * float(np.abs(X).max())
    side = np.linspace(-reach, reach, 121)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    output = np.asarray(predict(grid), dtype=np.float64).reshape(len(side), len(side))
    axes.contourf(side, side, output, levels=np.linspace(-0.001, 1.001, 21), cmap=DIVERGING, alpha=0.55)
    if output.min() < 0.5 < output.max():
        axes.contour(side, side, output, levels=[0.5], colors=BLACK, linewidths=1.5)
    labels = np.asarray(y).reshape(-1)
    for label, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        chosen = labels == label
        axes.scatter(X[chosen, 0], X[chosen, 1], s=9, c=colour, marker=marker, linewidths=0, label=f"label {label}")
    axes.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    axes.grid(False)


def letter(panels: Iterable[Axes]) -> None:
    """Begin the titles of panels with (a), (b), …

    Text names a panel by its letter: what is to the left of another at a desk is above it on a phone.
    """
    for name, axes in zip("abcdefgh", panels, strict=False):
        axes.set_title(f"({name}) {axes.get_title()}".strip())


def share_percents(panels: Sequence[Axes]) -> None:
    """Give panels of percentages one vertical axis, from 0 to the first ten above everything that is drawn."""
    highest = max((axes.dataLim.y1 for axes in panels if axes.has_data()), default=100.0)
    top = min(100.0, 10.0 * np.ceil(highest / 10 + 0.05))
    for axes in panels:
        axes.set_ylim(0, top)


def on_a_phone(figure: Figure, draw: Callable[[float], Figure]) -> None:
    """Let the book draw a figure in another way on a phone; in a notebook nothing changes.

    Args:
        draw: from the width in inches, at which type of 10 points is as large as a caption, to that figure.
    """
    figure.on_a_phone = draw  # type: ignore[attr-defined]


def image_grid(
    images: Sequence[Sequence[Any]],
    row_labels: Sequence[str] = (),
    column_labels: Sequence[str] = (),
    size: float = 1.05,
) -> Figure:
    """Draw rows of grey images, each scaled to its own range, with labels at the left and on top.

    Args:
        images: rows of 2-D arrays.
        size: the side of one image, in inches.
    """
    rows, columns = len(images), max(len(row) for row in images)
    figure, axes = plt.subplots(rows, columns, figsize=(size * columns, size * rows), squeeze=False)
    for i, row in enumerate(images):
        for j in range(columns):
            panel = axes[i, j]
            panel.set(xticks=[], yticks=[])
            panel.grid(False)
            for spine in panel.spines.values():
                spine.set_visible(False)
            if j < len(row):
                panel.imshow(row[j])
            if j == 0 and i < len(row_labels):
                panel.set_ylabel(row_labels[i], rotation=0, ha="right", va="center", fontsize=9)
            if i == 0 and j < len(column_labels):
                panel.set_title(column_labels[j], fontsize=9)
    return figure
