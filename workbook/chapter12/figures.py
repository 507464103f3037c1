"""Figures of chapter 12: photographs and what networks say about them, and transfer against training from scratch."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, PINK, on_a_phone
from workbook.recorded import Recording, recording

Ranking = Sequence[tuple[str, float]]
_GREY = "#8A8A8A"
_RIGHT_BAR, _WRONG_BAR = "#BBD7EA", "#E4E4E4"  # pale, for black text on them
_STYLES = ((BLUE, "-", "o"), (ORANGE, "--", "^"), (GREEN, ":", "s"), (PINK, "-.", "D"))


def _bare(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _thumbnail(path: str, side: int = 320) -> Image.Image:
    with Image.open(path) as image:
        colour = image.convert("RGB")
    colour.thumbnail((side, side))
    return colour


def photograph_grid(paths: Mapping[str, str], columns: int = 8) -> Figure:
    """Draw photographs under their names and sizes in pixels."""
    rows = -(-len(paths) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.25 * columns, 1.65 * rows), squeeze=False)
    for panel in axes.flat:
        _bare(panel)
    for panel, (name, path) in zip(axes.flat, paths.items(), strict=False):
        with Image.open(path) as image:
            size, mode = image.size, {"L": "grey", "RGB": "RGB"}.get(image.mode, image.mode)
        panel.imshow(_thumbnail(path))
        panel.set_title(f"{name}\n{size[0]}×{size[1]}, {mode}", fontsize=7.5)
    return figure


def before_and_after(paths: Mapping[str, str], tensors: Mapping[str, Any], mean: Any, std: Any) -> Figure:
    """Draw each photograph above what is left of it for a network.

    Args:
        tensors: by name, the preprocessed image (3, H, W).
        mean, std: of its normalisation, which is undone here.
    """
    figure, axes = plt.subplots(2, len(paths), figsize=(1.75 * len(paths), 3.7), squeeze=False)
    for column, (name, path) in enumerate(paths.items()):
        for panel, image in zip(axes[:, column], (_thumbnail(path), _seen(tensors[name], mean, std)), strict=True):
            _bare(panel)
            panel.imshow(image)
        axes[0, column].set_title(name, fontsize=9)
    for row, text in enumerate(("the file", "what the\nnetwork gets")):
        axes[row, 0].set_ylabel(text, rotation=0, ha="right", va="center", fontsize=9)
    on_a_phone(figure, partial(_pairs, paths, tensors, mean, std))
    return figure


def _pairs(paths: Mapping[str, str], tensors: Mapping[str, Any], mean: Any, std: Any, width: float) -> Figure:
    """One row for each photograph: the file, and what is left of it."""
    figure, axes = plt.subplots(len(paths), 2, figsize=(width, 1.45 * len(paths) + 0.3), squeeze=False)
    for row, (name, path) in zip(axes, paths.items(), strict=True):
        for panel, image in zip(row, (_thumbnail(path), _seen(tensors[name], mean, std)), strict=True):
            _bare(panel)
            panel.imshow(image)
        row[0].set_ylabel(name)
    axes[0, 0].set_title("the file", fontsize=10)
    axes[0, 1].set_title("what the network gets", fontsize=10)
    figure.set_layout_engine("constrained", w_pad=0.03, h_pad=0.03, wspace=0.02, hspace=0.02)
    return figure


def _seen(tensor: Any, mean: Any, std: Any) -> NDArray[Any]:
    """A preprocessed image (3, H, W) as a picture (H, W, 3), its normalisation undone."""
    picture: NDArray[Any] = np.moveaxis(np.asarray(tensor), 0, -1) * np.asarray(std) + np.asarray(mean)
    return picture.clip(0, 1)


def answers(
    paths: Mapping[str, str],
    rankings: Mapping[str, Ranking],
    right: Mapping[str, Collection[str]],
    columns: int = 4,
    title: str = "",
) -> Figure:
    """Draw each photograph with bars for its most probable labels; right labels are blue and marked.

    Args:
        rankings: by name, pairs of label and probability, the best first.
        right: by name, the labels that are right; a name without an entry has none.
    """
    rows, count = -(-len(paths) // columns), len(next(iter(rankings.values())))
    figure, axes = plt.subplots(
        2 * rows, columns, figsize=(2.55 * columns, 2.45 * rows + 0.4), height_ratios=(1.55, 1) * rows, squeeze=False
    )
    for panel in axes.flat:
        _bare(panel)
    for number, (name, path) in enumerate(paths.items()):
        row, column = divmod(number, columns)
        picture, bars = axes[2 * row, column], axes[2 * row + 1, column]
        picture.imshow(_thumbnail(path))
        accepted = right.get(name, ())
        for place, (label, share) in enumerate(rankings[name]):
            good = label in accepted
            bars.barh(-place, share, color=BLUE if good else "#D0D0D0", height=0.86)
            text = _answer(label, share, 24, good=good)
            inside = share > 0.5
            bars.text(
                0.02 if inside else share + 0.02, -place, text, va="center", fontsize=8.5,
                color="white" if inside and good else BLACK, fontweight="bold" if good else "normal",
            )  # fmt: skip
        bars.set(xlim=(0, 1.0), ylim=(-count + 0.45, 0.55))
    if title:
        figure.suptitle(title, fontsize=11)
    on_a_phone(figure, partial(_answers_downwards, paths, rankings, right, title))
    return figure


def _answers_downwards(
    paths: Mapping[str, str],
    rankings: Mapping[str, Ranking],
    right: Mapping[str, Collection[str]],
    title: str,
    width: float,
) -> Figure:
    """One row for each photograph, with its bars at its right."""
    figure, axes = plt.subplots(
        len(paths), 2, figsize=(width, 0.85 * len(paths) + 0.5), width_ratios=(1, 2.3), squeeze=False
    )
    for (picture, bars), (name, path) in zip(axes, paths.items(), strict=True):
        _bare(picture)
        _bare(bars)
        picture.imshow(_thumbnail(path))
        for place, (label, share) in enumerate(rankings[name]):
            good = label in right.get(name, ())
            bars.barh(-place, share, color=_RIGHT_BAR if good else _WRONG_BAR, height=0.86)
            text = _answer(label, share, 22, good=good)
            bars.text(0.02, -place, text, va="center", fontweight="bold" if good else "normal", color=BLACK)
        bars.set(xlim=(0, 1), ylim=(-len(rankings[name]) + 0.45, 0.55))
    figure.suptitle(title, fontsize=11)
    figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.03, wspace=0.02, hspace=0.02)
    return figure


def _answer(label: str, share: float, most: int, *, good: bool) -> str:
    """A probability, at most so many characters of a label, and a mark where the label is right."""
    return f"{100 * share:.0f} %  {textwrap.shorten(label, most, placeholder='…')}" + ("  ✓" if good else "")


def side_by_side(
    tops: Mapping[str, Mapping[str, tuple[str, float]]], right: Mapping[str, Collection[str]], title: str = ""
) -> Figure:
    """Draw a table: one row a photograph, one column a network, with the best label and its probability.

    Args:
        tops: by network, then by photograph, the best label and its probability. The first network has every
            photograph.
        right: the labels that are right, by photograph; photographs without an entry are set in grey.
    """
    networks, names = list(tops), list(next(iter(tops.values())))
    figure, axes = plt.subplots(figsize=(2.1 + 2.25 * len(networks), 0.29 * len(names) + 0.9))
    for row, name in enumerate(names):
        answerable = name in right
        axes.text(-0.03, row, name, ha="right", va="center", fontsize=9, color=BLACK if answerable else _GREY)
        for column, network in enumerate(networks):
            if name not in tops[network]:
                continue
            label, share = tops[network][name]
            good = label in right.get(name, ())
            left = column + 0.02
            axes.barh(row, 0.94 * share, left=left, height=0.82, color=_RIGHT_BAR if good else _WRONG_BAR)
            weight = "bold" if good else "normal"
            axes.text(
                left + 0.02, row, _answer(label, share, 22, good=good), va="center", fontsize=8.5, fontweight=weight,
                color=BLACK if answerable else "#606060",
            )  # fmt: skip
    for column, network in enumerate(networks):
        axes.text(column + 0.02, -0.85, network, va="center", fontsize=9, fontweight="bold")
    _bare(axes)
    axes.set(xlim=(0, len(networks)), ylim=(len(names) - 0.4, -1.3))
    if title:
        axes.set_title(title, fontsize=11)
    on_a_phone(figure, partial(_grouped, tops, right, title))
    return figure


def _grouped(
    tops: Mapping[str, Mapping[str, tuple[str, float]]], right: Mapping[str, Collection[str]], title: str, width: float
) -> Figure:
    """The networks below each photograph's name."""
    names = list(next(iter(tops.values())))
    lines = sum(1 + sum(name in found for found in tops.values()) for name in names)
    figure, axes = plt.subplots(figsize=(width, 0.19 * lines + 0.07 * len(names) + 0.3))
    row = 0.0
    for name in names:
        ink = BLACK if name in right else "#606060"
        axes.text(0, row, name, va="center", fontweight="bold", color=ink)
        for network, found in tops.items():
            if name not in found:
                continue
            row += 1
            label, share = found[name]
            good = label in right.get(name, ())
            axes.text(0, row, network, va="center", color=ink)
            axes.barh(row, 0.58 * share, left=0.42, height=0.86, color=_RIGHT_BAR if good else _WRONG_BAR)
            text = _answer(label, share, 18, good=good)
            axes.text(0.43, row, text, va="center", color=ink, fontweight="bold" if good else "normal")
        row += 1.4
    _bare(axes)
    axes.set(xlim=(0, 1), ylim=(row - 0.8, -0.8))
    axes.set_title(title, fontsize=11)
    return figure


def shares(axes: Axes, groups: Mapping[str, Sequence[float]], highlight: str = "") -> None:
    """Draw one row of dots for each group of probabilities, and its mean as a bar.

    Args:
        highlight: the group in blue; the others are orange.
    """
    for row, (name, values) in enumerate(groups.items()):
        colour, marker = (BLUE, "o") if name == highlight else (ORANGE, "^")
        axes.plot(100 * np.asarray(values), np.full(len(values), row), marker, color=colour, markersize=5, alpha=0.75)
        axes.plot(100 * np.mean(values), row, "|", color=BLACK, markersize=22, markeredgewidth=2)
    axes.set(yticks=range(len(groups)), yticklabels=list(groups), ylim=(len(groups) - 0.5, -0.5), xlim=(-2, 102))
    axes.grid(axis="y", visible=False)


def curves(axes: Axes, steps: Sequence[int], runs: Mapping[str, Sequence[Sequence[float]]]) -> None:
    """Draw accuracies in percent against steps: one line for each seed, one colour and marker for each way to train."""
    for (colour, line, marker), (name, seeds) in zip(_STYLES, runs.items(), strict=False):
        for number, values in enumerate(seeds):
            label = name if number == 0 else "_"
            percent = 100 * np.asarray(values)
            axes.plot(steps, percent, line, color=colour, marker=marker, markersize=3.5, linewidth=1.3, label=label)
    axes.axhline(10, color=_GREY, linewidth=1, linestyle=(0, (1, 2)))
    axes.set(xlabel="training steps", ylabel="test accuracy (%)", ylim=(0, 100))
    if len(steps) < 6:
        axes.set_xticks(list(steps))


def recorded_transfer(name: str = "transfer") -> Figure:
    """Draw the recorded comparison: one panel for each data set, three ways to train, one line for each seed."""
    kept = recording(name)
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.7), sharey=True)
    for panel, data in zip(panels, ("digits", "ten classes"), strict=True):
        ways = list(dict.fromkeys(run["way"] for run in kept.runs if run["data"] == data))
        found = {way: kept.curves(f"{data}, {way}", "test_acc_curve") for way in ways}
        steps = kept.curves(f"{data}, {ways[0]}", "steps")[0]
        curves(panel, steps, {f"{way} ({_seconds(kept, data, way)})": found[way] for way in ways})
        panel.set_title(data)
        panel.legend(loc="lower right" if data == "digits" else "upper right", fontsize=8)
    panels[1].set_ylabel("")
    figure.suptitle("On photographs the new head is far ahead; on digits a small CNN does as well", fontsize=11)
    return figure


def _seconds(kept: Recording, data: str, way: str) -> str:
    return f"{np.mean(kept.curves(f'{data}, {way}', 'seconds')):.0f} s"


def sizes(points: Mapping[str, tuple[int, float]], families: Mapping[str, NDArray[Any] | Sequence[str]]) -> Figure:
    """Draw published accuracy in percent against the number of parameters.

    Args:
        points: by network, its parameters and its accuracy.
        families: by name of a family, its networks; each gets a colour and a marker.
    """
    figure, axes = plt.subplots(figsize=(7.2, 3.6))
    for (colour, _, marker), (family, names) in zip(_STYLES, families.items(), strict=False):
        x, y = zip(*(points[name] for name in names), strict=True)
        axes.plot(np.array(x) / 1e6, y, marker, color=colour, markersize=8, label=family)
        for name in names:
            count, accuracy = points[name]
            # The three EfficientNets are close together: their names go above, beside and below.
            place = {"EfficientNet-Lite0": (9, -10), "EfficientNet-Lite1": (17, -6), "EfficientNet-Lite2": (9, 2)}.get(
                name, (9, -3)
            )
            axes.annotate(name, (count / 1e6, accuracy), xytext=place, textcoords="offset points", fontsize=9)
    axes.set(xscale="log", xlim=(3.5, 330), ylim=(53, 80), xticks=[5, 10, 20, 50, 100, 200])
    axes.set_xticks([], minor=True)
    axes.set_xticklabels(["5", "10", "20", "50", "100", "200"])
    axes.set(xlabel="parameters in millions", ylabel="top-1 accuracy on ImageNet (%)")
    axes.legend(loc="lower left")
    return figure
