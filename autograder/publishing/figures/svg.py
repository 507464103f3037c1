"""Make matplotlib's SVG small, and the same whenever the drawing is the same."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

AS_DRAWN = "as-drawn"
"""The class of groups whose colours no theme may change, because they lie on pixels."""

FONTS = "'DejaVu Sans', Verdana, 'Bitstream Vera Sans', sans-serif"
"""What text is set in: the font that matplotlib measured, or one with the same widths."""

NARROW = "application/vnd.autograder.narrow+json"
"""The key of a notebook's output that holds the narrow drawing, as a bundle of its own."""

TYPE = 10.0
"""The smallest type of a narrow drawing, in points."""

PIXELS = 110 / 72
"""CSS pixels of a wide drawing to one of its units, of which 72 are an inch."""

ENLARGED = 2 * PIXELS
"""The same for a drawing that is opened alone."""

SVG = "http://www.w3.org/2000/svg"
# Matplotlib takes this sign, and no other, from a font with an encoding of its own.
_PRIME = "\u2032"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_REFERENCE = re.compile(r"(?:url\(#|href=\"#)([^)\"]+)")
_UNROTATED = re.compile(r"rotate\(-?0 [^)]*\)")
_SIZE = re.compile(r"font(?:-size)?: (?:[^;]*? )?(?P<size>[\d.]+)px")
# What a browser assumes anyway, and the lists of fonts, one of which is enough.
_SUPERFLUOUS = re.compile(
    r"(?:opacity|fill-opacity|stroke-opacity): 1|stroke-miterlimit: 10|text-anchor: start|font-family: .*"
)


def tidy(svg: str) -> str:
    """An SVG of matplotlib as one element, without prolog, unused ids, and digits that nobody sees.

    Opened alone, it is twice as large as on a page.

    Raises:
        xml.etree.ElementTree.ParseError: if it is not XML.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg.replace("xlink:href", "href"))
    used = set(_REFERENCE.findall(svg))
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag.endswith(("metadata", "}style"))]:
            parent.remove(child)
        if parent.tag == f"{{{SVG}}}text" and len(parent):
            _join_glyphs(parent)
    for element in root.iter():
        _shorten(element, used)
    root.attrib.pop("version", None)
    for key, length in zip(("width", "height"), root.get("viewBox", "").split()[2:], strict=True):
        root.set(key, f"{ENLARGED * float(length):.0f}")
    root.set("font-family", FONTS)
    root.set("stroke-miterlimit", "10")
    return ET.tostring(root, encoding="unicode")


def size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in its own units, of which 72 are an inch.

    Raises:
        ValueError: if it has no view box.
    """
    found = re.search(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"', svg)
    if found is None:
        raise ValueError("the SVG has no viewBox that begins at 0 0. Expected one that drawing.drawn made.")
    return float(found["width"]), float(found["height"])


def smallest_type(svg: str) -> float | None:
    """The size of the smallest text in the drawing's units; None without text.

    A text is as large as its largest part: an index in a formula is smaller than its line.
    """
    sizes = []
    for text in ET.fromstring(svg).iter(f"{{{SVG}}}text"):
        found = [float(match["size"]) for part in text.iter() for match in _SIZE.finditer(part.get("style", ""))]
        sizes += [max(found)] if found else []
    return min(sizes, default=None)


def _join_glyphs(text: ET.Element) -> None:
    """Make words of the glyphs of a formula, each of which matplotlib places alone, in the order of reading."""
    glyphs = sorted(text, key=lambda glyph: float(glyph.get("x", "0").split()[0]))
    for before, glyph in pairwise([glyphs[0], *glyphs]):
        if "cmsy10" in glyph.get("style", "") and glyph.text == "0":
            # Other fonts have it at its height, for a glyph on the line.
            glyph.text = _PRIME
            glyph.set("y", before.get("y", "0"))
            glyph.set("style", before.get("style", "").replace("font-style: oblique; ", ""))
    for glyph in list(text):
        text.remove(glyph)
    text.text = None
    for glyph in glyphs:
        glyph.tail = None
        last = text[-1] if len(text) else None
        if last is not None and (last.get("y"), last.get("style")) == (glyph.get("y"), glyph.get("style")):
            last.text = f"{last.text}{glyph.text}"
        else:
            text.append(glyph)


def _shorten(element: ET.Element, used: set[str]) -> None:
    if not (element.text or "").strip():
        element.text = None
    element.tail = None
    name = element.get("id", "")
    if name and name not in used:
        del element.attrib["id"]
        if name == AS_DRAWN:
            element.set("class", AS_DRAWN)
    style = [part.strip() for part in element.get("style", "").split(";")]
    kept = [part for part in style if part and not _SUPERFLUOUS.fullmatch(part)]
    if kept:
        element.set("style", "; ".join(kept))
    else:
        element.attrib.pop("style", None)
    if _UNROTATED.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]
    for key in ("d", "x", "y", "width", "height", "viewBox"):
        value = element.get(key)
        if value:
            element.set(key, " ".join(_NUMBER.sub(_rounded, value).split()))


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
