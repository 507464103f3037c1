"""Drawings, kernels and a stopwatch for the chapter on convolution."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from workbook.plot import BLACK, BLUE, DIVERGING, GREEN, ORANGE, PINK

Array = NDArray[np.float64]


def digit_kernels() -> tuple[list[str], Array]:
    """Eight hand-made 4×4 kernels.

    Returns:
        their names, and an array (8, 1, 4, 4) in which the absolute values of each kernel sum to 1.
    """
    step, flat = np.array([1.0, 1.0, -1.0, -1.0]), np.ones(4)
    row, column = np.indices((4, 4))
    top_left = np.where((row >= 2) & (column >= 2), 3.0, -1.0)
    kernels = {
        "horizontal edge": np.outer(step, flat),
        "vertical edge": np.outer(flat, step),
        "falling edge": np.sign(column - row).astype(np.float64),
        "rising edge": np.sign(3 - column - row).astype(np.float64),
        "top left corner": top_left,
        "bottom right corner": top_left[::-1, ::-1],
        "saddle": np.outer(step, step),
        "mean": np.outer(flat, flat),
    }
    stacked = np.stack(list(kernels.values()))[:, None]
    return list(kernels), stacked / np.abs(stacked).sum(axis=(1, 2, 3), keepdims=True)


def draw_numbers(axes: Axes, matrix: Any, title: str = "", limit: float | None = None) -> None:
    """Draw a matrix as a grid of cells, each with its number, on a scale that is white at zero.

    Args:
        matrix: (rows, columns).
        limit: the absolute value with full colour; the largest one in the matrix by default.
    """
    matrix = np.asarray(matrix)
    rows, columns = matrix.shape
    limit = limit or float(np.abs(matrix).max()) or 1.0
    # Half colour at most, so that black digits stay legible on every cell.
    axes.imshow(matrix, cmap=DIVERGING, vmin=-1.8 * limit, vmax=1.8 * limit)
    for i in range(rows):
        for j in range(columns):
            text = f"{matrix[i, j]:g}".replace("-", "\N{MINUS SIGN}")
            axes.text(j, i, text, ha="center", va="center", fontsize=11, color=BLACK)
    axes.set_xticks(np.arange(columns + 1) - 0.5, labels=[])
    axes.set_yticks(np.arange(rows + 1) - 0.5, labels=[])
    axes.tick_params(length=0)
    axes.grid(True, color="white", linewidth=1.5)
    axes.set_title(title, fontsize=10)
    for spine in axes.spines.values():
        spine.set_visible(False)


def numbers_row(matrices: dict[str, Any], title: str) -> Figure:
    """Draw matrices side by side with :func:`draw_numbers`, all cells of one size; keys are their titles."""
    sizes = [np.shape(matrix) for matrix in matrices.values()]
    tallest, widths = max(rows for rows, _ in sizes), [columns for _, columns in sizes]
    figure, panels = plt.subplots(
        1, len(sizes), figsize=(0.5 * sum(widths) + 0.7, 0.5 * tallest + 0.8), width_ratios=widths
    )
    for panel, (name, matrix) in zip(panels, matrices.items(), strict=True):
        draw_numbers(panel, matrix, name)
    figure.set_layout_engine("constrained", w_pad=0.12)
    figure.suptitle(title, fontsize=11)
    return figure


def _outline(axes: Axes, row: int, column: int, height: int, width: int) -> None:
    corner = (column - 0.5, row - 0.5)
    frame = Rectangle(corner, width, height, fill=False, edgecolor=BLACK, linewidth=2.6, clip_on=False, zorder=4)
    axes.add_patch(frame)


def sliding_window(image: Array, kernel: Array, output: Array, position: tuple[int, int], title: str) -> Figure:
    """Draw input, kernel and output with their numbers, and write one output number out as a sum.

    Args:
        image: (H, W).
        kernel: (kh, kw).
        output: (H', W'), drawn as given.
        position: row and column of the window's top left corner; the same place in the output.
    """
    row, column = position
    named = {"input": image, "kernel": kernel, "output": output}
    figure = numbers_row({f"{name}, {m.shape[0]}×{m.shape[1]}": m for name, m in named.items()}, title)
    figure.set_size_inches(7.4, 4.0)
    _outline(figure.axes[0], row, column, *kernel.shape)
    _outline(figure.axes[2], row, column, 1, 1)
    window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    pairs = zip(window, kernel, strict=True)
    rows = ["  +  ".join(f"{x:g} · {k:2g}" for x, k in zip(*pair, strict=True)) for pair in pairs]
    total = f"  =  {float(np.sum(window * kernel)):g}"
    ends = [""] * (len(rows) - 1) + [total]
    lines = [f"{'+' if i else ' '}  {rows[i]}{end:{len(total)}}" for i, end in enumerate(ends)]
    text = "\n".join(lines).replace("-", "\N{MINUS SIGN}")
    figure.supxlabel(text, fontsize=10.5, family="monospace")
    return figure


def response_grid(images: Array, kernels: Array, responses: Array, names: Sequence[str]) -> Figure:
    """Draw images on top, kernels at the left, and each kernel's response to each image where they meet.

    Args:
        images: (B, H, W).
        kernels: (O, kh, kw).
        responses: (B, O, H', W'); one colour scale for each kernel, white at zero.
        names: one name for each kernel.
    """
    rows, columns = len(kernels) + 1, len(images) + 1
    figure, panels = plt.subplots(rows, columns, figsize=(1.08 * columns + 1.3, 1.08 * rows))
    for panel in panels.flat:
        panel.set(xticks=[], yticks=[])
        panel.grid(False)
    for spine in panels[0, 0].spines.values():
        spine.set_visible(False)
    for j, image in enumerate(images):
        panels[0, j + 1].imshow(image, cmap="gray_r")
        panels[0, j + 1].set_title(f"{j + 1}", fontsize=9)
    for i, (kernel, name) in enumerate(zip(kernels, names, strict=True)):
        peak = float(np.abs(kernel).max())
        panels[i + 1, 0].imshow(kernel, cmap=DIVERGING, vmin=-peak, vmax=peak)
        panels[i + 1, 0].set_ylabel("\n".join(name.rsplit(" ", 1)), rotation=0, ha="right", va="center", fontsize=9)
        limit = float(np.abs(responses[:, i]).max()) or 1.0
        for j in range(len(images)):
            panels[i + 1, j + 1].imshow(responses[j, i], cmap=DIVERGING, vmin=-limit, vmax=limit)
    return figure


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep NumPy and PyTorch to one thread: a second one stalls where another process holds the core."""
    # Late: drawing does without PyTorch, which a browser does not have.
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        torch.set_num_threads(before)


def median_seconds(function: Callable[..., Any], *args: Any, repeats: int = 5, at_least: float = 0.02) -> float:
    """Median wall-clock time of one call on one thread, in seconds, after one call that is not counted.

    Args:
        repeats: calls to time at least.
        at_least: seconds to go on for, so that the median of a short call rests on many of them.
    """
    taken: list[float] = []
    with _one_thread():
        function(*args)
        while len(taken) < repeats or sum(taken) < at_least:
            start = time.perf_counter()
            function(*args)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def time_lines(axes: Axes, times: dict[str, tuple[Sequence[int], Sequence[float]]]) -> None:
    """Draw times on log-log axes: a colour and a marker for each implementation, dashed lines for float32.

    Args:
        times: for each label, such as ``"PyTorch, float32"``, sizes and seconds.
    """
    styles = {"vectorised": (BLUE, "s"), "FFT": (PINK, "^"), "PyTorch": (GREEN, "v"), "loops": (ORANGE, "o")}
    for label, (sizes, seconds) in times.items():
        colour, marker = styles[label.split(",")[0]]
        dash = "--" if label.endswith("float32") else "-"
        axes.loglog(sizes, np.asarray(seconds) * 1e3, dash, color=colour, marker=marker, markersize=5, label=label)
    ticks = sorted({size for sizes, _ in times.values() for size in sizes})
    axes.set_xticks(ticks, labels=[str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_ylabel("time of one call in ms")
    axes.legend()
