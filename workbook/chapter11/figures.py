"""Drawings of chapter 11: where a network's parameters sit, how signals travel, and the curves of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, PINK, letter
from workbook.recorded import recording

History = Mapping[str, Sequence[float]]
_KEYS = ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")
_COLOURS, _MARKERS = (BLUE, GREEN, ORANGE, PINK), "osv^"


def recorded_runs(name: str) -> dict[str, list[dict[str, list[float]]]]:
    """The runs of a recording by their names, one dict of curves for each seed."""
    runs: dict[str, list[dict[str, list[float]]]] = {}
    for entry in recording(name).runs:
        runs.setdefault(entry["name"], []).append({key: entry[key] for key in _KEYS if isinstance(entry[key], list)})
    return runs


def layer_costs(names: Sequence[str], parameters: ArrayLike, products: ArrayLike, title: str) -> Figure:
    """Draw the share of each layer in the parameters and in the multiplications for one image."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
    places = np.arange(len(names))
    for axes, values, colour, unit in zip(
        panels, (parameters, products), (BLUE, ORANGE), ("parameters", "multiplications for one image"), strict=True
    ):
        counts = np.asarray(values, dtype=np.float64)
        axes.barh(places, 100 * counts / counts.sum(), color=colour)
        for place, count in zip(places, counts, strict=True):
            share = 100 * count / counts.sum()
            axes.text(share + 1, place, f"{count / 1e6:.2f} M", va="center", fontsize=8)
        axes.set(xlabel=f"share of all {counts.sum() / 1e6:.1f} million {unit} (%)", xlim=(0, 90))
        axes.grid(axis="y", visible=False)
    panels[0].set(yticks=places, yticklabels=names)
    panels[0].invert_yaxis()
    figure.suptitle(title, fontsize=11)
    return figure


def by_layer(
    left: Mapping[str, ArrayLike], right: Mapping[str, ArrayLike], labels: tuple[str, str], titles: tuple[str, str]
) -> Figure:
    """Draw two quantities against the layer on logarithmic axes, a thin line for each seed.

    Args:
        left, right: by name, values of shape (seeds, layers).
        labels: of the vertical axes.
    """
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.7))
    for axes, groups, label, title in zip(panels, (left, right), labels, titles, strict=True):
        for (name, values), colour, marker, style in zip(
            groups.items(), (BLUE, GREEN, ORANGE, PINK), _MARKERS, ("-", "--", "-", "--"), strict=False
        ):
            rows = np.asarray(values)
            places = np.arange(1, rows.shape[1] + 1)
            texts = [name] + ["_"] * (len(rows) - 1)
            axes.plot(places, rows.T, style, color=colour, marker=marker, markersize=3.5, linewidth=1.1, label=texts)
        axes.set(xlabel="layer", ylabel=label, yscale="log", title=title, xticks=range(1, 12))
        axes.axvspan(8.5, 11.4, color="#EEEEEE", zorder=0)
        axes.set_xlim(0.6, 11.4)
    panels[0].legend(loc="lower left")
    panels[1].legend(loc="center left")
    letter(panels)
    return figure


def dropout_histograms(scaled: NDArray[Any], unscaled: NDArray[Any], without: float) -> Figure:
    """Draw what one unit of the next layer receives under many masks, and what it receives without dropout."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True, sharey=True)
    low, high = min(scaled.min(), unscaled.min()), max(scaled.max(), unscaled.max())
    for axes, values, colour, title in zip(
        panels,
        (unscaled, scaled),
        (ORANGE, BLUE),
        ("Not divided: half is missing", "Divided by 1 - p: right on average"),
        strict=True,
    ):
        axes.set_axisbelow(True)
        axes.hist(values, bins=np.linspace(low, high, 41), color=colour)
        axes.axvline(without, color=BLACK, linestyle="--", linewidth=1.4, label="without dropout")
        axes.axvline(values.mean(), color=BLACK, linewidth=1.4, label="mean over the masks")
        axes.set(xlabel="input of a unit of the next layer", title=title)
    panels[0].set_ylabel("masks")
    panels[1].legend(loc="upper left")
    letter(panels)
    return figure


def study(runs: Mapping[str, Sequence[History]], title: str) -> Figure:
    """Draw loss and accuracy, for training and for test images, and the seconds of each epoch where they are known.

    Args:
        runs: by name, one history for each seed, as the chapter's ``run_study`` returns them; accuracies are fractions.
    """
    timed = all("seconds" in history for histories in runs.values() for history in histories)
    figure = plt.figure(figsize=(9.4, 6.4 if timed else 4.8))
    grid = figure.add_gridspec(2 + timed, len(runs), height_ratios=(1, 1, 0.7)[: 2 + timed])
    first: list[Axes | None] = [None, None]
    for column, ((name, histories), colour) in enumerate(zip(runs.items(), _COLOURS, strict=False)):
        for row, key in enumerate(("loss", "acc")):
            axes = figure.add_subplot(grid[row, column], sharey=first[row])
            first[row] = first[row] or axes
            _curves(axes, histories, key, colour)
            axes.set_xticks(range(2, 2 * (len(histories[0]["test_acc"]) // 2) + 1, 2))
            if column:
                axes.tick_params(labelleft=False)
            if row == 0:
                axes.set_title(name.replace(", no", "\nno"), fontsize=10)
                axes.tick_params(labelbottom=False)
                if column == 0:
                    _parts(axes)
            else:
                axes.set(xlabel="epoch", ylim=(0, 103))
    assert first[0] is not None and first[1] is not None
    first[0].set(ylabel="cross-entropy", ylim=(0, 4))
    first[1].set_ylabel("accuracy (%)")
    if timed:
        _seconds(figure.add_subplot(grid[2, :]), runs)
    figure.suptitle(title, fontsize=11)
    return figure


def _parts(axes: Axes) -> None:
    lines = [Line2D([], [], color=BLACK, linestyle=style, linewidth=1.3) for style in ("-", "--")]
    axes.legend(lines, ["training images", "test images"], loc="upper right", fontsize=8)


def _curves(axes: Axes, histories: Sequence[History], key: str, colour: str) -> None:
    for history in histories:
        for part, style in (("train", "-"), ("test", "--")):
            values = np.asarray(history[f"{part}_{key}"]) * (100 if key == "acc" else 1)
            axes.plot(np.arange(1, len(values) + 1), values, style, color=colour, linewidth=1.2)
    level = 10.0 if key == "acc" else float(np.log(10))
    axes.axhline(level, color=BLACK, linewidth=0.8, linestyle=":")


def _seconds(axes: Axes, runs: Mapping[str, Sequence[History]]) -> None:
    shifts = np.linspace(-0.24, 0.24, len(runs))
    for (name, histories), colour, marker, shift in zip(runs.items(), _COLOURS, _MARKERS, shifts, strict=False):
        for number, history in enumerate(histories):
            values = np.asarray(history["seconds"])
            places = np.arange(1, len(values) + 1) + shift
            axes.plot(places, values, marker, color=colour, markersize=3, label=name if number == 0 else "_")
    axes.set(xlabel="epoch", ylabel="training (s)")
    axes.set_ylim(bottom=0)
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(runs))


def pixel_ranges(runs: Mapping[str, Sequence[History]], title: str) -> Figure:
    """Draw test accuracies for two ranges of pixels with and without batch normalisation.

    Args:
        runs: by name, one history for each seed; names without batch normalisation contain ``"no BatchNorm"``, those
            with raw pixels ``"255"``.
    """
    figure, axes = plt.subplots(figsize=(7.2, 3.8))
    for name, histories in runs.items():
        colour = ORANGE if "no BatchNorm" in name else BLUE
        style, marker = ("--", "s") if "255" in name else ("-", "o")
        for number, history in enumerate(histories):
            values = 100 * np.asarray(history["test_acc"])
            places = np.arange(1, len(values) + 1)
            label = name if number == 0 else "_"
            axes.plot(places, values, style, color=colour, marker=marker, markersize=3.5, linewidth=1.2, label=label)
    axes.axhline(10, color=BLACK, linewidth=0.8, linestyle=":")
    axes.set(xlabel="epoch", ylabel="test accuracy (%)", ylim=(0, 103), xlim=(0.6, 10.4), xticks=range(2, 11, 2))
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    axes.set_title(title)
    return figure
