"""Formulas as drawings of their glyphs: a page needs no font and no script for them, and numbers cannot act."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from autograder.reporting.mathtext_source import mathtext_source

_SIZE = 16.0  # units of the drawing in one em of the text around it
_MAX_SOURCE = 300
Draw = Callable[[str, bool], Markup]
"""From TeX without dollars, and whether it stands on a line of its own, to markup."""
DEPTHS = 40  # the style sheet lowers a drawing by so many tenths of an em at most
_MOVE, _LINE, _QUADRATIC, _CUBIC, _CLOSE = 1, 2, 3, 4, 79  # matplotlib.path.Path's codes


@lru_cache(maxsize=4096)
def formula(tex: str, display: bool = False) -> Markup:
    """A formula as inline SVG in the colour of the text; its source where matplotlib's mathtext cannot set it.

    Args:
        tex: TeX without dollars.
        display: True where it stands on a line of its own.
    """
    source = tex.replace(r"\displaystyle", "").strip()  # SymPy begins with it what it displays
    drawing = _drawing(source)
    if drawing is None:
        return Markup('<code class="tex">{}</code>').format(source)
    shown = Markup(
        '<svg class="tex d{}" role="img" aria-label="{}" width="{}" height="{}" viewBox="{}"><path d="{}"/></svg>'
    ).format(drawing.depth, source, drawing.width, drawing.height, drawing.box, drawing.path)
    return Markup('<span class="display">{}</span>').format(shown) if display else shown


def formula_picture(tex: str, display: bool = False) -> Markup:
    """The same as a picture with its source as description, for pages that have no style of ours or let no SVG pass.

    Takes what :func:`formula` does.
    """
    source = tex.replace(r"\displaystyle", "").strip()
    drawing = _drawing(source)
    if drawing is None:
        return Markup("<code>{}</code>").format(source)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" height="{drawing.height}" '
        f'viewBox="{drawing.box}"><path d="{drawing.path}"/></svg>'
    )
    shown = Markup('<img src="data:image/svg+xml;base64,{}" alt="{}" style="{}">').format(
        base64.b64encode(svg.encode()).decode(),
        source,
        f"width: {drawing.width}; height: {drawing.height}; vertical-align: -{drawing.depth / 10}em; display: inline",
    )
    return Markup("<br>{}<br>").format(shown) if display else shown


@dataclass(frozen=True)
class _Drawing:
    """The outline of a formula: lengths in em of the text around it, depth below the line in tenths of that."""

    width: str
    height: str
    depth: int
    box: str
    path: str


def _drawing(source: str) -> _Drawing | None:
    if not 0 < len(source) <= _MAX_SOURCE:
        return None
    # Late, because importing matplotlib takes half a second.
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=_SIZE, math_fontfamily="stix")
    text = f"${' '.join(mathtext_source(source).split())}$"
    try:
        width, height, descent = text_to_path.get_text_width_height_descent(text, font, True)
        vertices, codes = text_to_path.get_text_path(font, text, True)
    except (ValueError, RecursionError, RuntimeError, KeyError, IndexError):
        return None
    # get_text_path works at the font scale of its own; the other call at that of the properties.
    scale = _SIZE / text_to_path.FONT_SCALE
    path = _outline([(float(x) * scale, -float(y) * scale) for x, y in vertices], [int(c) for c in codes])
    left, top = -0.5, -(height - descent) - 0.5
    box = f"{left} {top:.1f} {width + 1:.1f} {height + 1:.1f}"
    below = min(DEPTHS, max(0, math.ceil((descent + 0.5) / _SIZE * 10)))
    return _Drawing(f"{(width + 1) / _SIZE:.2f}em", f"{(height + 1) / _SIZE:.2f}em", below, box, path)


def _outline(points: list[tuple[float, float]], codes: list[int]) -> str:
    """SVG path data of a matplotlib path."""
    letters = {_MOVE: ("M", 1), _LINE: ("L", 1), _QUADRATIC: ("Q", 2), _CUBIC: ("C", 3)}
    parts, at = [], 0
    while at < len(codes):
        if codes[at] == _CLOSE:
            parts.append("Z")
            at += 1
            continue
        letter, count = letters[codes[at]]
        parts.append(letter + " ".join(f"{x:.1f} {y:.1f}" for x, y in points[at : at + count]))
        at += count
    return "".join(parts)
