"""Drawings of chapter 10: valleys with paths over their contours, noisy endings, and training runs at several rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.signal import lfilter

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, PINK, SKY, letter, on_a_phone, share_percents
from workbook.recorded import recording

Array = NDArray[Any]
Frame = tuple[tuple[float, float], tuple[float, float]]
LOOKS = (
    (BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, "-.", "^"), (PINK, ":", "D"), (BLACK, (0, (3, 1, 1, 1)), "v"),
    (SKY, "-", "P"),
)  # fmt: skip


def valley(
    axes: Axes, f: Callable[[Array], Array], x: tuple[float, float], y: tuple[float, float], minimum: Array
) -> None:
    """Contours of a function of two variables; ``f`` maps points (..., 2) to values, the least of them 0.

    Args:
        x, y: the ranges to draw. minimum: where a cross marks the least value, (2,).
    """
    horizontal, vertical = np.linspace(*x, 161), np.linspace(*y, 161)
    heights = f(np.stack(np.meshgrid(horizontal, vertical), axis=-1))
    levels = np.quantile(heights, [0.005, 0.02, 0.06, 0.13, 0.25, 0.4, 0.6, 0.8])
    axes.contour(horizontal, vertical, heights, levels=levels, colors="#BBBBBB", linewidths=0.8)
    axes.plot(*minimum, "x", color=BLACK, markersize=7, markeredgewidth=1.6, zorder=5)
    axes.set(xlim=x, ylim=y, xlabel="$w_1$", ylabel="$w_2$")
    axes.grid(False)


def paths(axes: Axes, walks: Mapping[str, Array], dots: int = 1) -> None:
    """Draw named paths, (T + 1, 2) each, with a marker at every ``dots``-th step and at the last."""
    for (name, walk), (colour, style, marker) in zip(walks.items(), LOOKS, strict=False):
        axes.plot(*walk.T, color=colour, linestyle=style, linewidth=1.3)
        axes.plot(*walk[::dots].T, marker, color=colour, markersize=3)
        axes.plot(*walk[-1], marker, color=colour, markersize=7, markeredgecolor="white", label=name, linestyle="none")


def race(
    surfaces: Mapping[str, Callable[[Array], Array]],
    walks: Mapping[str, Mapping[str, Array]],
    frames: Sequence[Frame],
    minima: Sequence[Array],
    title: str,
) -> Figure:
    """Draw the path of each rule on each surface in a panel of its own.

    Args:
        surfaces: functions as for :func:`valley`, by name.
        walks: by surface and rule, the path (T + 1, 2).
        frames: for each surface the ranges to draw, horizontal and vertical.
        minima: for each surface where its least value is, (2,).
    """
    rules = list(next(iter(walks.values())))
    figure, panels = plt.subplots(
        len(walks), len(rules), figsize=(2.1 * len(rules), 2.2 * len(walks)), sharex="row", sharey="row"
    )
    _fill_race(panels, surfaces, walks, frames, minima)
    for row, surface in zip(panels, surfaces, strict=True):
        row[0].set_ylabel(f"{surface}\n$w_2$")
    for axes, name in zip(panels[0], rules, strict=True):
        axes.set_title(name)
    for axes in panels[-1]:
        axes.set_xlabel("$w_1$")
    figure.suptitle(title, fontsize=11)
    on_a_phone(figure, partial(_race_downwards, surfaces, walks, frames, minima, title))
    return figure


def _race_downwards(
    surfaces: Mapping[str, Callable[[Array], Array]],
    walks: Mapping[str, Mapping[str, Array]],
    frames: Sequence[Frame],
    minima: Sequence[Array],
    title: str,
    width: float,
) -> Figure:
    """One row for each rule, so that a phone can show the surfaces next to each other."""
    rules = list(next(iter(walks.values())))
    figure, panels = plt.subplots(len(rules), len(walks), figsize=(width, 0.9 * len(rules) + 1.0))
    _fill_race(panels.T, surfaces, walks, frames, minima)
    for axes in panels.flat:
        axes.set(xticks=[], yticks=[])
    for axes, surface in zip(panels[0], surfaces, strict=True):
        axes.set_title(surface.replace(" by ", "\nby ").replace(" along ", "\nalong "), fontsize=10)
    for row, name in zip(panels, rules, strict=True):
        row[0].set_ylabel(f"{name}\n$w_2$")
    for axes in panels[-1]:
        axes.set_xlabel("$w_1$")
    figure.suptitle(title, fontsize=11)
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02, wspace=0.02, hspace=0.02)
    return figure


def _fill_race(
    panels: NDArray[np.object_],
    surfaces: Mapping[str, Callable[[Array], Array]],
    walks: Mapping[str, Mapping[str, Array]],
    frames: Sequence[Frame],
    minima: Sequence[Array],
) -> None:
    """Draw into one row of panels for each surface."""
    for row, (surface, f), frame, minimum in zip(panels, surfaces.items(), frames, minima, strict=True):
        for axes, (name, walk) in zip(row, walks[surface].items(), strict=True):
            valley(axes, f, *frame, minimum)
            paths(axes, {name: walk}, dots=1000)
            axes.set(xlabel="", ylabel="")


def curves(axes: Axes, runs: Mapping[str, Array], x: Array | None = None) -> None:
    """One colour and style for each name; thin lines are the rows of the array, (runs, T), a thick one their median."""
    for (name, rows), (colour, style, _) in zip(runs.items(), LOOKS, strict=False):
        rows = np.atleast_2d(rows)
        along = np.arange(rows.shape[1]) if x is None else x
        if len(rows) > 1:
            axes.plot(along, rows.T, color=colour, linewidth=0.6, alpha=0.6)
        axes.plot(along, np.median(rows, axis=0), color=colour, linestyle=style, label=name)


def recorded_curves(axes: Axes, name: str, runs: Mapping[str, str], key: str, factor: float = 1.0) -> list[Array]:
    """Draw curves of a recorded experiment, a thin line for each seed.

    Args:
        runs: labels for the legend, by the names of the runs.

    Returns:
        for each run an array (seeds, T), multiplied by ``factor``.
    """
    found = recording(name)
    arrays = [factor * np.array(found.curves(run, key)) for run in runs]
    for array, label, (colour, style, _) in zip(arrays, runs.values(), LOOKS, strict=False):
        along = np.arange(1, array.shape[1] + 1)
        axes.plot(along, array.T, color=colour, linewidth=0.6, alpha=0.6)
        axes.plot(along, np.median(array, axis=0), color=colour, linestyle=style, label=label)
    return arrays


def running_mean(values: Array, beta: float) -> Array:
    """Exponentially weighted means along the first axis, from 0: the newest value has the weight ``1 - beta``."""
    return np.asarray(lfilter([1 - beta], [1, -beta], values, axis=0))


def final_values(
    descend: Callable[..., Array],
    rule: Callable[..., Any],
    f: Callable[[Array], Array],
    gradient: Callable[[Array], Array],
    starts: Array,
    steps: int,
    config: Mapping[str, float],
) -> dict[float, Array]:
    """Values (S,) after ``steps`` steps from starts (S, 2), for each of 21 rates between 3e-4 and 3."""
    found = {}
    with np.errstate(all="ignore"):
        for rate in np.logspace(np.log10(3e-4), np.log10(3), 21):
            ends = f(descend(rule, gradient, starts, steps, learning_rate=rate, **config)[-1])
            found[float(rate)] = np.nan_to_num(ends, nan=np.inf, posinf=np.inf)
    return found


def rate_figure(compared: Mapping[str, Any], steps_per_epoch: float, name: str) -> Figure:
    """Loss and validation accuracy of one comparison of rates, and the recorded accuracies next to them."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.5))
    for (end, rate), (colour, style, _) in zip({"_1": 0.1, "_01": 0.01, "_001": 0.001}.items(), LOOKS, strict=False):
        losses, scores = np.array(compared[f"loss_curve{end}"]), 100 * np.array(compared[f"val_acc_curve{end}"])
        epochs = 10 * np.arange(1, len(losses) + 1) / steps_per_epoch
        left.plot(epochs, losses, color=colour, linestyle=style, label=f"rate {rate:g}")
        middle.plot(epochs, scores, color=colour, linestyle=style, label=f"rate {rate:g}")
    runs = {f"rate {rate:g}": f"rate {rate:g}" for rate in (0.1, 0.01, 0.001)}
    recorded_curves(right, name, runs, "val_acc_epochs", 100)
    left.set(xlabel="epoch", ylabel="training loss, mean of ten", title="your run: loss")
    middle.set(xlabel="epoch", ylabel="validation accuracy (%)", title="your run: accuracy")
    right.set(xlabel="epoch", title="recorded: accuracy, three seeds")
    share_percents([middle, right])
    letter((left, middle, right))
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure
