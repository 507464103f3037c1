"""The texts of a figure: their size, where lines break, and which of them lie on each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# What must stay on one line: a formula, or a word.
_PIECES = re.compile(r"(?:\$[^$]*\$|[^\s$])+")
_BESIDE = 0.5  # inches that labels of ticks take of the width
_EDGE = 0.03  # inches between a text that was moved and the edge of its figure
_TURNED = 40  # degrees by which labels of ticks are turned where they would touch
_TOUCH = 1.5  # points by which texts may overlap: boxes are larger than what is in them


def enlarge(figure: Figure, least: float) -> None:
    """Make no text of a figure smaller than ``least`` points, in place."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if any(type_size(label) < least for label in axis.get_ticklabels(which="both")):
                axis.set_tick_params(which="both", labelsize=least)
    for text in figure.findobj(Text):
        if type_size(text) < least:
            text.set_fontsize(least)


def type_size(text: Text) -> float:
    """The size of a text's type in points."""
    return float(text.get_fontsize())


def width_of(figure: Figure, text: Text) -> float:
    """The width of a text, unrotated, in inches; 0 for none."""
    if not text.get_text().strip():
        return 0.0
    angle = text.get_rotation()
    text.set_rotation(0)
    width = text.get_window_extent(figure.canvas.get_renderer()).width / figure.dpi  # type: ignore[attr-defined]
    text.set_rotation(angle)
    return float(width)


def height_of(text: Text) -> float:
    """The height of a text as it is drawn, turned or not, in inches."""
    figure = text.get_figure(root=True)
    assert figure is not None
    return float(text.get_window_extent(figure.canvas.get_renderer()).height / figure.dpi)  # type: ignore[attr-defined]


def titles(figure: Figure) -> dict[Text, str]:
    """The texts of a figure whose lines may be broken elsewhere, with what they say: titles and labels of axes."""
    found = [figure._suptitle] if figure._suptitle is not None else []  # type: ignore[attr-defined]
    for axes in figure.axes:
        found += [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
        found += [axes.xaxis.label, axes.yaxis.label]
    return {text: text.get_text() for text in found if text.get_text().strip()}


def wrap(figure: Figure, whole: Mapping[Text, str], inches: float, heights: Mapping[Axes, float]) -> None:
    """Break the lines of titles and labels, in place, so that none is longer than its side.

    Args:
        whole: the texts, with what they say.
        inches: the width for each.
        heights: of axes, in inches, for the labels at their sides.
    """
    sides = {axes.yaxis.label: axes for axes in figure.axes}
    for text, words in whole.items():
        axes = sides.get(text)
        upright = axes is not None and text.get_rotation() % 180 == 90
        room = 1.1 * heights.get(axes, inches) if axes is not None and upright else inches
        # What belongs to axes is centred above or below them, next to the labels of their ticks.
        room -= 0.0 if axes is not None or text is figure._suptitle else _BESIDE  # type: ignore[attr-defined]
        text.set_text(words)
        if axes is None or upright:
            text.set_text(broken(words, room / max(width_of(figure, text), 1e-6)))


def pull_in(figure: Figure, whole: Mapping[Text, str]) -> bool:
    """Move titles and labels that stick out of a figure at a side, in place; says whether there were any.

    Lines that are wider than the figure are broken. A title is centred above its axes, which are not in the middle of
    the figure where the labels of ticks are long. The figure has to be laid out.
    """
    owners = {text: axes for axes in figure.axes for text in (axes.title, axes.xaxis.label)}
    found = False
    for text, words in whole.items():
        if text.get_rotation() % 180 == 90 or not _sticks_out(figure, text):
            continue
        found = True
        share = 1.0
        while share > 0.2 and (wide := width_of(figure, text)) > figure.get_figwidth():
            share *= 0.95 * min(1.0, figure.get_figwidth() / wide)
            text.set_text(broken(words, share))
        if text in owners:
            _shift(figure, text, owners[text])
    return found


def _sticks_out(figure: Figure, text: Text) -> bool:
    box = text.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]
    return bool(box.x0 < figure.bbox.x0 - 1 or box.x1 > figure.bbox.x1 + 1)


def _shift(figure: Figure, text: Text, axes: Axes) -> None:
    """Move a centred text of axes sideways, no further than into the figure."""
    half = (width_of(figure, text) / 2 + _EDGE) * figure.dpi
    inside = axes.get_window_extent()
    middle = inside.x0 + inside.width / 2
    wanted = min(max(middle, figure.bbox.x0 + half), figure.bbox.x1 - half)
    text.set_x((wanted - inside.x0) / inside.width)


def broken(words: str, share: float) -> str:
    """A text in lines, each with at most a ``share`` of its characters, where words and formulas stay whole.

    Breaks that are there stay.
    """
    if share >= 1:
        return words
    most = max(1, int(share * max(len(_plain(line)) for line in words.split("\n"))))
    lines = []
    for line in words.split("\n"):
        now = ""
        for piece in _PIECES.findall(line):
            longer = f"{now} {piece}".strip()
            if now and len(_plain(longer)) > most:
                lines.append(now)
                now = piece
            else:
                now = longer
        lines.append(now)
    return "\n".join(lines)


def _plain(text: str) -> str:
    """About as many characters as are seen of a text with formulas."""
    return re.sub(r"\\[a-zA-Z]+|[$^_{}]", lambda found: "x" if found[0].startswith("\\") else "", text)


def collisions(figure: Figure) -> int:
    """How many pairs of texts lie on each other, and how many are wider than the shape of a diagram that they are in.

    The figure has to be laid out.
    """
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    least = _TOUCH * figure.dpi / 72
    # The box of a text that is turned by an angle says little about where it is.
    boxes = [text.get_window_extent(renderer) for text in _shown(figure) if text.get_rotation() % 90 == 0]
    pairs = sum(_touch(a, b, least) for a, b in combinations(boxes, 2))
    return pairs + sum(_too_wide(axes, renderer, least) for axes in figure.axes if not axes.axison and not axes.images)


def _touch(a: Bbox, b: Bbox, least: float) -> bool:
    return bool(min(a.x1, b.x1) - max(a.x0, b.x0) > least and min(a.y1, b.y1) - max(a.y0, b.y0) > least)


def _too_wide(axes: Axes, renderer: Any, least: float) -> int:
    shapes = [shape.get_window_extent(renderer) for shape in axes.patches]
    found = 0
    for text in axes.texts:
        box = text.get_window_extent(renderer)
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        around = [s for s in shapes if s.x0 < x < s.x1 and s.y0 < y < s.y1]
        found += bool(around) and all(box.width - s.width > least for s in around)
    return found


def turn_crowded(figure: Figure) -> bool:
    """Turn the labels of horizontal axes that touch each other, in place; says whether there were any."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    found = False
    for axes in figure.axes:
        labels = [label for label in axes.get_xticklabels() if label.get_visible() and label.get_text().strip()]
        boxes = [label.get_window_extent(renderer) for label in labels if not label.get_rotation()]
        if axes.axison and any(_touch(a, b, -1.0) for a, b in pairwise(boxes)):
            axes.tick_params(axis="x", labelrotation=_TURNED)
            for label in axes.get_xticklabels():
                label.set(ha="right", rotation_mode="anchor")
            found = True
    return found


def _shown(figure: Figure) -> Sequence[Text]:
    """Every text that is drawn, except what a layout keeps apart: legends and labels of axes."""
    found = [*figure.texts]
    for axes in figure.axes:
        if axes.get_visible():
            found += [*axes.texts, *_around(axes)]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _around(axes: Axes) -> Sequence[Text]:
    if not axes.axison:
        return [axes.title]
    ticks = []
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks += [
            label
            for place, label in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=False)
            if low <= place <= high
        ]
    return [axes.title, *ticks]
