"""The drawings of chapter 01: slopes, step errors, saturation and chains of derivatives.

Each function draws numbers that the notebook computed, or the functions that a student wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, letter

Array = NDArray[np.float64]
Function = Callable[[Array], Array]

# One colour and one line style for each activation, in every figure of the chapter.
STYLES = {"sigmoid": (BLUE, "-"), "tanh": (ORANGE, "--"), "ReLU": (GREEN, "-.")}
_GREY = "#888888"


def chords(f: Function, slope: Function, x: float, h: float) -> Figure:
    """Draw the forward and the central chord next to the tangent of ``f`` at ``x``, one panel each.

    Args:
        f, slope: a function and its derivative, elementwise.
        x, h: the point and the step, in the unit of the horizontal axis.
    """
    figure, panels = plt.subplots(1, 2, figsize=(7.2, 3.3), sharey=True)
    grid = np.linspace(x - 2.2 * h, x + 2.2 * h, 201)
    reach = np.array([x - 1.8 * h, x + 1.8 * h])
    for panel, name, left in ((panels[0], "forward", x), (panels[1], "central", x - h)):
        ends = np.array([left, x + h])
        chord = float(np.diff(f(ends))[0] / np.diff(ends)[0])
        panel.plot(grid, f(grid), color=BLACK, linewidth=1.2, label="$f$")
        panel.plot(reach, f(np.array([x])) + slope(np.array([x])) * (reach - x), color=ORANGE, label="tangent at $x$")
        panel.plot(reach, f(ends)[0] + chord * (reach - left), "--", color=BLUE, label="chord")
        panel.plot(ends, f(ends), "o", color=BLUE, markersize=6)
        panel.plot(x, f(np.array([x])), "s", color=ORANGE, markersize=6)
        panel.set(
            title=f"{name}: slope {chord:.3f}",
            xticks=[x - h, x, x + h],
            xticklabels=["$x-h$", "$x$", "$x+h$"],
        )
    panels[0].set_ylabel("$f(x)$")
    panels[0].legend(loc="upper left")
    letter(panels)
    true = slope(np.array([x]))[0]
    figure.suptitle(f"The central chord is nearly parallel to the tangent (slope {true:.3f})", fontsize=11)
    return figure


def step_errors(steps: ArrayLike, errors: Mapping[str, Sequence[float]]) -> Figure:
    """Draw error against step for each quotient, doubly logarithmic, with each minimum marked.

    Args:
        steps: the steps, shape (S,), decreasing or increasing.
        errors: for each curve its label and S errors.
    """
    figure, axes = plt.subplots(figsize=(7.2, 3.9))
    h = np.asarray(steps, dtype=np.float64)
    for (label, error), colour, marker in zip(errors.items(), (ORANGE, BLUE), ("^", "o"), strict=False):
        best = int(np.argmin(error))
        axes.loglog(h, error, color=colour, marker=marker, markersize=3, linewidth=1.2, label=label)
        axes.loglog(h[best], error[best], marker, color=colour, markersize=10, markerfacecolor="none")
    rounding = h <= 1e-6
    axes.loglog(h[rounding], np.finfo(float).eps / h[rounding], ":", color=_GREY)
    axes.text(4e-11, 3e-5, r"rounding $\varepsilon/h$", color="#555555", fontsize=9, ha="left")
    axes.text(3e-3, 3e-2, "$h/2$", color=ORANGE, ha="center")
    axes.text(2.5e-2, 2e-6, "$h^2/6$", color=BLUE, ha="left")
    axes.set(xlabel="step $h$", ylabel="RMS error of the derivative", ylim=(5e-13, 5))
    axes.legend(loc="lower left")
    return figure


def tangents(f: Function, derivative: Function, points: Sequence[float]) -> Figure:
    """Draw ``f`` with its tangent at each point, and below it the derivative as a curve through the same slopes."""
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 4.8), sharex=True)
    grid = np.linspace(-6.5, 6.5, 401)
    at = np.asarray(points, dtype=np.float64)
    value, slope = f(at), derivative(at)
    top.plot(grid, f(grid), color=BLACK, linewidth=1.3)
    bottom.plot(grid, derivative(grid), color=BLACK, linewidth=1.3)
    for x, y, m in zip(at, value, slope, strict=True):
        near = np.array([x - 0.8, x + 0.8])
        top.plot(near, y + m * (near - x), color=ORANGE, linewidth=2.4)
        bottom.plot([x, x], [0, m], color=ORANGE, linewidth=2.4)
        side, align = (-0.15, "right") if x < 0 else (0.15, "left")
        bottom.text(x + side, m + 0.008, f"{m:.3f}", fontsize=9, color=BLACK, ha=align)
    top.plot(at, value, "o", color=BLUE)
    bottom.plot(at, slope, "o", color=BLUE)
    top.set_ylabel(r"$\sigma(x)$")
    bottom.set(xlabel="$x$", ylabel=r"$\sigma'(x)$", ylim=(0, 0.29))
    return figure


def kink(x: Array, estimates: Mapping[float, Array]) -> Figure:
    """Draw difference quotients of ReLU near its kink, one curve for each step."""
    figure, axes = plt.subplots(figsize=(7.2, 3.4))
    for (h, estimate), colour, style in zip(estimates.items(), (ORANGE, BLUE, GREEN), ("-", "--", "-."), strict=False):
        axes.plot(x, estimate, color=colour, linestyle=style, label=f"central difference, $h = {h:g}$")
    axes.plot([x[0], 0], [0, 0], color=BLACK, linewidth=1)
    axes.plot([0, x[-1]], [1, 1], color=BLACK, linewidth=1)
    axes.plot(0, 0, "o", color=BLACK, markersize=6, label="$\\mathrm{ReLU}'(0) = 0$, the convention")
    axes.plot(0, 1, "o", color=BLACK, markersize=6, markerfacecolor="white")
    axes.plot(0, 0.5, "X", color=BLACK, markersize=8, label="½: every central difference at 0")
    axes.set(xlabel="$x$", ylabel="slope", ylim=(-0.08, 1.12))
    axes.legend(loc="center left", bbox_to_anchor=(0.0, 0.62), fontsize=8.5)
    return figure


def from_output(curves: Mapping[str, tuple[Array, Array]]) -> Figure:
    """Draw the derivative against the output, for each activation one curve ``(output, derivative)``."""
    figure, axes = plt.subplots(figsize=(6.4, 3.5))
    for name, (output, derivative) in curves.items():
        colour, style = STYLES[name]
        axes.plot(output, derivative, style, color=colour, label=name)
        top = int(np.argmax(derivative))
        axes.plot(output[top], derivative[top], "o", color=colour)
        label = f"{derivative[top]:.2f} at {abs(output[top]):.1f}"
        axes.text(output[top], derivative[top] + 0.03, label, fontsize=9, ha="center", va="bottom")
    axes.set(xlabel="output of the unit", ylabel="derivative", xlim=(-1.15, 1.15), ylim=(0, 1.16))
    axes.legend(loc="upper left")
    return figure


def seed_bands(axes: Axes, x: ArrayLike, values: Mapping[str, Array]) -> None:
    """Draw every seed as a thin line and the mean as a thick one, for each activation.

    Args:
        x: horizontal positions, shape (S,).
        values: for each activation an array (seeds, S).
    """
    for name, runs in values.items():
        colour, style = STYLES[name]
        axes.plot(np.asarray(x), runs.T, color=colour, linewidth=0.6, alpha=0.55)
        axes.plot(np.asarray(x), runs.mean(axis=0), style, color=colour, linewidth=2.2, label=name)


def saturation(scales: ArrayLike, fraction: Mapping[str, Array], strength: Mapping[str, Array]) -> Figure:
    """Draw the saturated share and the RMS derivative against the spread of the pre-activations.

    Args:
        scales: standard deviations of the pre-activations, shape (S,).
        fraction, strength: for each activation an array (seeds, S).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.6, 3.5))
    seed_bands(left, scales, fraction)
    seed_bands(right, scales, strength)
    left.set(xscale="log", ylabel="share of units with $|f'| < 0.01$", ylim=(-0.03, 1.03))
    right.set(xscale="log", ylabel="RMS of $f'$ over the layer", ylim=(0, 1.08))
    left.legend(loc="upper left")
    for axes in (left, right):
        axes.set_xlabel("standard deviation of $z$")
    letter((left, right))
    return figure


def chains(depth: Array, products: Mapping[str, Array], alive: Array) -> Figure:
    """Draw products of derivatives along chains, and the share of ReLU chains that still pass a gradient.

    Args:
        depth: 1 … L, shape (L,).
        products: for ``sigmoid`` and ``tanh`` an array (chains, L).
        alive: share of ReLU chains with a product other than 0, shape (seeds, L); 0 is drawn as a gap.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.6, 3.7))
    for name, runs in products.items():
        colour, style = STYLES[name]
        left.semilogy(depth, runs.T, color=colour, linewidth=0.6, alpha=0.6)
        left.semilogy(depth, np.median(runs, axis=0), style, color=colour, linewidth=2.2, label=f"{name}, median")
    left.semilogy(depth, 0.25**depth, ":", color=BLACK, linewidth=2, label="$0.25^L$")
    left.set(ylabel="product of derivatives", title="sigmoid and tanh: the product")
    colour, style = STYLES["ReLU"]
    shown = np.where(alive > 0, alive, np.nan)
    right.semilogy(depth, shown.T, color=colour, linewidth=1, marker="o", markersize=3, alpha=0.7)
    right.semilogy([], [], color=colour, marker="o", markersize=3, label="1000 chains, each seed")
    right.semilogy(depth, 0.5**depth, ":", color=BLACK, linewidth=2, label="$0.5^L$")
    right.set(ylabel="share with product 1", title="ReLU: product 1, else 0", ylim=(4e-4, 1.2))
    for axes in (left, right):
        axes.set(xlabel="layers $L$", xticks=[1, 5, 10, 15, 20])
    left.legend(loc="lower left", fontsize=8.5)
    right.legend(loc="upper right", fontsize=8.5)
    letter((left, right))
    return figure


def softmax_shift(bars: Mapping[str, Array], plane: Callable[[Array], Array]) -> Figure:
    """Draw probabilities as grouped bars, and the first of two probabilities over the plane of two scores.

    Args:
        bars: for each label a probability vector; all of one length.
        plane: maps score pairs (N, 2) to the probability of the first class, (N,).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.6, 3.6), width_ratios=(1.15, 1))
    width = 0.8 / len(bars)
    for i, ((label, p), colour, hatch) in enumerate(
        zip(bars.items(), (BLUE, ORANGE, GREEN), ("", "//", ".."), strict=False)
    ):
        left.bar(np.arange(len(p)) + (i - (len(bars) - 1) / 2) * width, p, width, color=colour, hatch=hatch,
                 edgecolor="white", label=label)  # fmt: skip
    left.set(xlabel="class", ylabel="probability", xticks=range(len(next(iter(bars.values())))), ylim=(0, 1.05))
    left.grid(axis="x", visible=False)
    left.legend(loc="upper left")
    side = np.linspace(-4, 4, 121)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    height = np.asarray(plane(grid), dtype=np.float64).reshape(len(side), len(side))
    lines = right.contour(side, side, height, levels=[0.05, 0.25, 0.5, 0.75, 0.95], colors=BLUE, linewidths=1.3)
    right.clabel(lines, fontsize=8, fmt="%.2f", manual=[(-1, 2), (-1.2, 0), (-2, -2), (0, -1.2), (1, -2)])
    right.annotate("", (-1.5, 2.7), (-3.4, 0.8), arrowprops={"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2.2})
    right.text(-3.8, 3.4, "add $c$ to both", color=ORANGE, fontsize=9)
    right.set(
        xlabel="score $x_1$",
        ylabel="score $x_2$",
        aspect="equal",
        xticks=range(-4, 5, 2),
        yticks=range(-4, 5, 2),
    )
    right.grid(False)
    letter((left, right))
    return figure
