"""The colour that a colour of a drawing has on a dark page.

Greys swap light and dark. Colours keep their hue and become light enough to stand out; the paler one is, the nearer it
comes to the page, as it does on white.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from autograder.publishing.figures.svg import AS_DRAWN

HEX = re.compile(r"#[0-9a-fA-F]{6}\b")

# Lightness in Oklab, https://bottosson.github.io/posts/oklab/: of text and of the page in the dark, and the least of
# a colour that has to stand out.
_TEXT, _PAGE, _COLOUR = 0.95, 0.21, 0.70
_BEND = 1.6  # keeps greys in the middle lighter than the middle
_FULL = 0.11  # chroma from which a colour counts as one

Triple = tuple[float, float, float]


def dark(colour: str) -> str:
    """The colour in the dark of a colour on white, both as ``#rrggbb``.

    Raises:
        ValueError: for anything else.
    """
    if not HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour of the form #rrggbb.")
    lightness, a, b = _oklab([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    share = min(1.0, math.hypot(a, b) / _FULL)
    swapped = _TEXT + (_PAGE - _TEXT) * lightness**_BEND
    return _hex((share * max(lightness, _COLOUR) + (1 - share) * swapped, a, b))


def recolour(element: ET.Element, change: Callable[[str], str]) -> None:
    """Change each colour ``#rrggbb`` of a drawing, in place, except of what lies on pixels."""
    if element.get("class") == AS_DRAWN:
        return
    for key in ("style", "fill", "stroke"):
        if value := element.get(key):
            element.set(key, HEX.sub(lambda found: change(found[0].lower()), value))
    for child in element:
        recolour(child, change)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#rrggbb`` as WCAG 2 defines it, from 1 to 21."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _coded(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _oklab(rgb: list[float]) -> Triple:
    red, green, blue = map(_linear, rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _hex(lab: Triple) -> str:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    values = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _coded(value)):02x}" for value in values)
