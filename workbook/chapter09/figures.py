"""The drawings of chapter 09: gradients along a chain, in five networks, layer by layer and against depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator, ScalarFormatter
from numpy.typing import ArrayLike, NDArray

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, PINK, letter
from workbook.recorded import recording

Array = NDArray[np.float64]

ACTIVATIONS = {"relu": (BLUE, "-", "ReLU"), "sigmoid": (ORANGE, "--", "sigmoid")}
STARTS = {"default": (ORANGE, "--", "^"), "Xavier": (GREEN, "-.", "s"), "He": (BLUE, "-", "o")}


def chain(depths: ArrayLike, measured: Array, bounds: Array, gains: ArrayLike, scaled: Array, limit: Array) -> Figure:
    """Draw the size of a product of Jacobians against depth and against the size of the weights.

    Args:
        depths: numbers of layers, (K,).
        measured, bounds: the largest singular value and its bound, (seeds, K) each.
        gains: factors on the weights, (G,).
        scaled, limit: the same two at one depth for each factor, (seeds, G) each.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    for axes, x, value, bound in ((left, depths, measured, bounds), (right, gains, scaled, limit)):
        axes.plot(x, value.T, color=BLUE, linewidth=1.2, marker="o", markersize=3)
        axes.plot(x, bound.T, color=ORANGE, linewidth=1.2, linestyle="--")
        axes.plot([], [], color=BLUE, marker="o", markersize=3, label="measured")
        axes.plot([], [], color=ORANGE, linestyle="--", label="bound")
        axes.set_yscale("log")
    left.plot(depths, 0.25 ** np.asarray(depths), ":", color=BLACK, label="$0.25^L$")
    left.set(xlabel="sigmoid layers $L$", ylabel="largest singular value", title="Default weights: below the bound")
    right.set(xlabel="factor on the weights", xscale="log", title="Ten layers: the bound runs away")
    right.axhline(1, color=BLACK, linewidth=0.8)
    left.legend()
    right.legend(loc="upper left")
    letter((left, right))
    return figure


def five_networks(
    live: Mapping[str, Sequence[Mapping[str, Any]]], title: str, recorded: str = "gradient_flow"
) -> Figure:
    """Draw loss and first-layer gradient norm of each architecture in a row, ReLU against sigmoid.

    Args:
        live: for each architecture the results of ``compare_activations``, one for each seed; drawn thick.
        recorded: the recording whose seeds are drawn thin.
    """
    figure, grid = plt.subplots(len(live), 2, figsize=(9, 2.0 * len(live)), sharex=True, sharey="col")
    kept = recording(recorded)
    for (left, right), (name, results) in zip(grid, live.items(), strict=True):
        old = [entry for entry in kept.runs if entry["name"] == name]
        for runs, width in ((old, 0.9), (results, 2.6)):
            for result in runs:
                _pair(left, right, result, width)
        left.axhline(np.log(10), color=BLACK, linewidth=0.8, linestyle=":")
        right.set_yscale("log")
        left.set(ylabel=f"{name}\nloss")
        right.set_ylabel("gradient norm")
    for axes in grid[-1]:
        axes.set(xlabel="step", xscale="log")
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_formatter(NullFormatter())
    for colour, style, label in ACTIVATIONS.values():
        grid[0, 0].plot([], [], color=colour, linestyle=style, label=label)
    grid[0, 0].legend(loc="lower left")
    figure.suptitle(title, fontsize=11)
    return figure


def _pair(left: Axes, right: Axes, result: Mapping[str, Any], width: float) -> None:
    for activation, (colour, style, _) in ACTIVATIONS.items():
        for axes, key in ((left, "loss_curve"), (right, "grad_curve")):
            curve = np.asarray(result[f"{activation}_{key}"])
            steps = 10 * np.arange(1, len(curve) + 1)
            axes.plot(steps, curve, color=colour, linestyle=style, linewidth=width, alpha=1 if width > 1 else 0.7)


def by_layer(norms: Mapping[str, Mapping[str, ArrayLike]], title: str) -> Figure:
    """Draw gradient norms against the layer, one panel for each activation, one line for each network and seed.

    Args:
        norms: by activation and network, (seeds, layers).
    """
    figure, panels = plt.subplots(1, len(norms), figsize=(9, 3.8), sharey=True)
    looks = zip((BLACK, PINK, ORANGE, GREEN, BLUE), ("-", "-", "--", "-.", "-"), "xvs^o", strict=True)
    styles = dict(zip(next(iter(norms.values())), looks, strict=False))
    for axes, (activation, networks) in zip(panels, norms.items(), strict=True):
        for name, values in networks.items():
            rows = np.asarray(values)
            colour, style, marker = styles[name]
            labels = [name] + ["_"] * (len(rows) - 1)
            x = np.arange(1, rows.shape[1] + 1)
            axes.plot(x, rows.T, color=colour, linestyle=style, marker=marker, markersize=4, linewidth=1, label=labels)
        axes.set(xlabel="layer, counted from the input", yscale="log", title=ACTIVATIONS[activation][2])
        axes.set_xticks(range(1, 8))
    panels[0].set_ylabel("norm of the weight's gradient")
    panels[-1].legend(loc="lower right")
    figure.suptitle(title, fontsize=11)
    return figure


def signals(forward: Mapping[str, Array], backward: Mapping[str, Array], title: str) -> Figure:
    """Draw the size of activations and of gradients in each layer for several initialisations.

    Args:
        forward, backward: root mean squares by initialisation, (seeds, layers).
    """
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6))
    for axes, sizes in zip(panels, (forward, backward), strict=True):
        for name, rows in sizes.items():
            colour, style, marker = STARTS[name]
            labels = [name] + ["_"] * (len(rows) - 1)
            x = np.arange(1, rows.shape[1] + 1)
            axes.plot(x, rows.T, color=colour, linestyle=style, marker=marker, markersize=3, linewidth=1, label=labels)
        axes.set(xlabel="layer, counted from the input", yscale="log", xticks=[1, 5, 10, 15, 20])
    panels[0].set(ylabel="root mean square", title="forward: activations $a_l$")
    panels[1].set_title(r"backward: gradients $\delta_l$")
    panels[1].legend(loc="lower right")
    letter(panels)
    figure.suptitle(title, fontsize=11)
    return figure


def against_depth(
    depths: Sequence[int], values: Mapping[str, Mapping[str, ArrayLike]], ylabel: str, title: str, log: bool = True
) -> Figure:
    """Draw one number against the depth, one panel for each activation, one line for each initialisation and seed.

    Args:
        values: by activation and initialisation, (seeds, depths).
    """
    figure, panels = plt.subplots(1, len(values), figsize=(9, 3.6), sharey=True)
    for axes, (activation, by_start) in zip(panels, values.items(), strict=True):
        for name, rows in by_start.items():
            colour, style, marker = STARTS[name]
            drawn = np.asarray(rows)
            labels = [name] + ["_"] * (len(drawn) - 1)
            axes.plot(
                depths, drawn.T, color=colour, linestyle=style, marker=marker, markersize=3, linewidth=1, label=labels
            )
        ticks = [depth for depth in (1, 5, 10, 15, 20) if depth <= max(depths)]
        axes.set(xlabel="hidden layers", title=activation, xticks=ticks)
        if log:
            axes.set_yscale("log")
    panels[0].set_ylabel(ylabel)
    panels[0].legend(loc="lower left")
    letter(panels)
    figure.suptitle(title, fontsize=11)
    return figure


def rates(losses: Mapping[str, Mapping[str, Mapping[float, ArrayLike]]], title: str) -> Figure:
    """Draw a final loss against the learning rate, one panel for each activation, one line for each input range.

    Args:
        losses: by activation, range and rate, one for each seed; infinite, and not drawn, where a run broke down.
    """
    figure, panels = plt.subplots(1, len(losses), figsize=(9, 3.6), sharey=True)
    looks = list(zip((BLUE, ORANGE, GREEN), ("-", "--", "-."), "o^s", strict=True))
    for axes, (activation, by_range) in zip(panels, losses.items(), strict=True):
        for (name, by_rate), (colour, style, marker) in zip(by_range.items(), looks, strict=False):
            drawn = np.array(list(by_rate.values()))
            drawn[~np.isfinite(drawn)] = np.nan
            labels = [name] + ["_"] * (drawn.shape[1] - 1)
            axes.plot(
                list(by_rate), drawn, color=colour, linestyle=style, marker=marker, markersize=4, linewidth=1,
                label=labels,
            )  # fmt: skip
        axes.axhline(np.log(10), color=BLACK, linewidth=0.8, linestyle=":")
        axes.set(xlabel="learning rate", xscale="log", title=ACTIVATIONS[activation][2])
        # A loss of nearly twenty and losses around two on one axis: only ratios fit.
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(FixedLocator([1, 2, 3, 5, 10, 20]))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_locator(NullLocator())
    panels[0].set_ylabel("training loss at the end")
    panels[0].legend(loc="upper right")
    figure.suptitle(title, fontsize=11)
    return figure
