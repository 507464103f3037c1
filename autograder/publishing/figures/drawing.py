"""Draw a figure of matplotlib twice: wide for a desk, narrow for a phone.

Lines and text are SVG, with text as text. What is made of pixels, and what has so many points that nobody can tell them
apart, is a raster with two pixels to each CSS pixel, inside the SVG. A drawing whose lines and text are too many for a
page is a PNG as a whole. Nothing of this is said for a single figure.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from autograder.publishing.figures.narrow import WIDTH, lay_out, narrow
from autograder.publishing.figures.svg import AS_DRAWN, NARROW, PIXELS, TYPE, tidy
from autograder.publishing.figures.texts import enlarge, titles, wrap

# What a drawing that is a part of its page may take, in bytes; the pixels in it may be a file of their own.
_MOST_BYTES = 300_000
_PIXELS = re.compile(r'"data:image[^"]*"')
# Beyond so many points in a figure, each collection that has more than a few becomes pixels.
_MOST_POINTS, _A_FEW = 1500, 50
_DPI = 2 * 72 * PIXELS  # two pixels to each CSS pixel
_PAD = 0.03  # inches around what is drawn
_RC: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "book", "svg.image_inline": True}

ON_A_PHONE = "on_a_phone"
"""The attribute of a figure with what draws it for a phone: a function from the width in inches to a figure.

It is for what panels below each other cannot show, such as a wide graph.
"""

Mime = Literal["image/svg+xml", "image/png"]


@dataclass(frozen=True)
class Drawing:
    """A figure in two layouts.

    Attributes:
        mime: of both.
        wide: SVG as text, or PNG as base64.
        narrow: the same for a phone.
    """

    mime: Mime
    wide: str
    narrow: str

    def bundle(self) -> dict[str, Any]:
        """The data of a notebook's output."""
        return {self.mime: self.wide, NARROW: {self.mime: self.narrow}}


def drawn(figure: Figure) -> Drawing:
    """Draw a figure, which is left in its narrow layout unless it has a drawing of its own for phones."""
    with mpl.rc_context(_RC):
        _prepare_all(figure)
        engine = figure.get_layout_engine()
        lay_out(figure)
        wide = _laid_out(figure, None)
        if wide[0] == "image/png":
            _prepare_all(figure, areas=True)
            wide = _laid_out(figure, None)
        own = getattr(figure, ON_A_PHONE, None)
        if own is not None:
            return Drawing(wide[0], wide[1], _own_drawing(own, wide[0]))
        figure.set_layout_engine(engine)
        narrow(figure)
        return Drawing(wide[0], wide[1], _laid_out(figure, wide[0])[1])


def _own_drawing(draw: Callable[[float], Figure], mime: Mime) -> str:
    """What a course draws for phones, with no type smaller than a caption's."""
    figure = draw(WIDTH - 2 * _PAD)
    enlarge(figure, TYPE)
    wrap(figure, titles(figure), WIDTH, {})
    _prepare_all(figure)
    lay_out(figure)
    _, made = _laid_out(figure, mime)
    # Pyplot would show it below the other.
    plt.close(figure)
    return made


def _laid_out(figure: Figure, mime: Mime | None) -> tuple[Mime, str]:
    """Draw a figure whose parts have their places, in a given form or in the one that suits it."""
    figure.set_layout_engine("none")
    if mime != "image/png":
        svg = _svg(figure)
        if mime is not None or len(_PIXELS.sub("", svg)) <= _MOST_BYTES:
            return "image/svg+xml", svg
    return "image/png", base64.b64encode(_png(figure)).decode("ascii")


def _prepare_all(figure: Figure, *, areas: bool = False) -> None:
    points = sum(_points(part) for axes in figure.axes for part in axes.collections)
    for axes in figure.axes:
        _prepare(axes, points > _MOST_POINTS, areas)


def _prepare(axes: Axes, crowded: bool, areas: bool) -> None:
    """Choose what becomes pixels, and mark what lies on pixels, whose colours no theme changes.

    Args:
        crowded: True where the figure has too many points to be SVG.
        areas: True where it is too large with its filled contours as lines.
    """
    many = [
        part
        for part in axes.collections
        if (crowded and _points(part) > _A_FEW) or (areas and isinstance(part, ContourSet) and part.filled)
    ]
    # A page draws the pixels below all else: what is below some of them becomes pixels, too.
    top = max((part.get_zorder() for part in many), default=-1.0)
    pixels = [part for part in (*axes.collections, *axes.patches, *axes.lines) if part.get_zorder() <= top]
    for part in pixels:
        part.set_rasterized(True)
    if axes.patch.get_facecolor()[:3] == (1.0, 1.0, 1.0):
        # Areas that let the ground shine through are made for a white one.
        through = any(isinstance(part, ContourSet | QuadMesh) and (part.get_alpha() or 1) < 1 for part in pixels)
        axes.patch.set_visible(through)
        axes.patch.set_rasterized(through)
    if many or axes.images:
        on_pixels: list[Artist] = [*axes.texts, *axes.lines, *axes.patches, *axes.collections]
        on_pixels += [*axes.get_xgridlines(), *axes.get_ygridlines()] if axes.images else []
        for artist in on_pixels:
            artist.set_gid(AS_DRAWN)


def _points(part: Collection) -> int:
    places = part.get_coordinates() if isinstance(part, QuadMesh) else part.get_offsets()
    return int(np.asarray(places).size) // 2


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    # Pixels inside an SVG are drawn at this resolution.
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(out, format="svg", facecolor="none", bbox_inches="tight", pad_inches=_PAD, dpi=_DPI,
                   metadata=metadata)  # fmt: skip
    return tidy(out.getvalue())


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", bbox_inches="tight", pad_inches=_PAD, dpi=_DPI,
                   metadata={"Software": None})  # fmt: skip
    return out.getvalue()
