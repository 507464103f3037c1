"""Figures about classified digits: images with what a network says about them, and a confusion matrix."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from workbook.plot import BLACK, BLUE, ORANGE


def predictions(
    images: NDArray[Any], labels: NDArray[Any], probabilities: NDArray[Any], columns: int = 8, title: str = ""
) -> Figure:
    """Draw digits as ink on paper, each under the predicted class and its probability; wrong ones are framed.

    Args:
        images: (N, rows, columns), larger values are darker.
        labels: true classes, (N,).
        probabilities: (N, C).
    """
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.1 * columns, 1.38 * rows + 0.3), squeeze=False)
    for panel in axes.flat:
        panel.set(xticks=[], yticks=[])
        panel.grid(False)
        panel.spines[:].set_visible(False)
    for panel, image, label, row in zip(axes.flat, images, labels, probabilities, strict=False):
        panel.imshow(image, cmap="gray_r")
        answer = int(np.argmax(row))
        text, colour = f"{answer} ({100 * row[answer]:.0f} %)", BLACK
        if answer != label:
            text, colour = f"{text}\nnot {label}", ORANGE
            panel.spines[:].set(visible=True, color=ORANGE, linewidth=2)
        panel.set_title(text, fontsize=9, color=colour)
    if title:
        figure.suptitle(title, fontsize=11)
    return figure


def confusion_matrix(matrix: NDArray[Any], title: str = "") -> Figure:
    """Draw counts of true classes (rows) against predicted ones (columns); colours show the mistakes only.

    Args:
        matrix: whole numbers, (C, C).
    """
    count = len(matrix)
    mistakes = np.where(np.eye(count, dtype=bool), 0, matrix)
    figure, axes = plt.subplots(figsize=(5.2, 4.9))
    axes.imshow(mistakes, cmap="Oranges", vmax=1.3 * max(int(mistakes.max()), 1))
    for i, j in np.ndindex(matrix.shape):
        if matrix[i, j]:
            weight = "normal" if i == j else "bold"
            axes.text(
                j, i, str(matrix[i, j]), ha="center", va="center", fontsize=8, color=BLUE if i == j else BLACK,
                fontweight=weight,
            )  # fmt: skip
    axes.set(xticks=range(count), yticks=range(count), xlabel="predicted digit", ylabel="true digit")
    axes.grid(False)
    if title:
        axes.set_title(title)
    return figure
