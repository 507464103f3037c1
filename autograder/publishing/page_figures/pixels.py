"""Take the pixels of a drawing apart from its lines and texts, which become a part of the page and follow its theme.

All pixels of a drawing become one transparent picture that lies below the rest.
"""

from __future__ import annotations

import base64
import io
import math
import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from PIL import Image

from autograder.publishing.figures.svg import PIXELS, SVG, size

_PNG = "data:image/png;base64,"
_CONTENT = re.compile(rf'href="{_PNG}(?P<content>[^"]*)"')
_CLIP = re.compile(r"url\(#(?P<id>[^)]+)\)")
_NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"
# The two ways in which matplotlib places an image: upside down, or by a matrix that neither turns nor skews it.
_FLIPPED = re.compile(rf"scale\(1 -1\) translate\(0 {_NUMBER}\)")
_MATRIX = re.compile(rf"matrix\({_NUMBER} 0 0 {_NUMBER} {_NUMBER} {_NUMBER}\)")
_QUALITY = 88


@dataclass(frozen=True)
class _Box:
    """A rectangle in the drawing's units; ``flipped`` where the first row of an image is at its bottom."""

    left: float
    top: float
    width: float
    height: float
    flipped: bool = False


def pixel_bytes(svg: str) -> int:
    """How many bytes of a drawing are pixels."""
    return sum(len(found["content"]) for found in _CONTENT.finditer(svg))


def taken_apart(svg: str, scale: float) -> tuple[str, Image.Image]:
    """A drawing without its pixels, and these as one picture of the same shape, transparent where there are none.

    Args:
        svg: made by :func:`autograder.publishing.figures.drawing.drawn`.
        scale: pixels of the picture to a unit of the drawing.

    Raises:
        ValueError: if an image in it is placed in another way than matplotlib does it.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)
    width, height = size(svg)
    picture = Image.new("RGBA", (math.ceil(width * scale), math.ceil(height * scale)))
    clips = {clip.get("id"): clip[0] for clip in root.iter(f"{{{SVG}}}clipPath") if len(clip)}
    _take(root, None, clips, scale, picture)
    return ET.tostring(root, encoding="unicode"), picture


def as_webp(picture: Image.Image) -> bytes:
    """A picture in few bytes."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()


def with_small_pixels(svg: str, width: int) -> str:
    """A drawing whose pixels are one picture of so many pixels across, below the rest, in few bytes."""
    wide, high = size(svg)
    rest, picture = taken_apart(svg, min(width / wide, 2 * PIXELS))
    content = base64.b64encode(as_webp(picture)).decode("ascii")
    image = f'<image width="{wide}" height="{high}" href="data:image/webp;base64,{content}" />'
    return re.sub(r"<svg[^>]*>", lambda found: found[0] + image, rest, count=1)


def _take(element: ET.Element, clip: ET.Element | None, clips: dict[str | None, ET.Element], scale: float,
          picture: Image.Image) -> None:  # fmt: skip
    """Move the images of an element into a picture, in the order in which they are drawn."""
    found = _CLIP.search(element.get("clip-path", ""))
    clip = clips.get(found["id"]) if found else clip
    for child in list(element):
        if child.tag == f"{{{SVG}}}image" and child.get("href", "").startswith(_PNG):
            _paste(child, clip, scale, picture)
            element.remove(child)
        else:
            _take(child, clip, clips, scale, picture)


def _paste(element: ET.Element, clip: ET.Element | None, scale: float, picture: Image.Image) -> None:
    box = _box(element)
    left, top, right, bottom = (
        round(scale * at) for at in (box.left, box.top, box.left + box.width, box.top + box.height)
    )
    with Image.open(io.BytesIO(base64.b64decode(element.get("href", "").removeprefix(_PNG)))) as stored:
        image = stored.convert("RGBA")
    if box.flipped:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    sharp = "pixelated" in element.get("style", "")
    across = (max(1, right - left), max(1, bottom - top))
    image = image.resize(across, Image.Resampling.NEAREST if sharp else Image.Resampling.LANCZOS)
    seen = _seen(clip, scale, picture)
    start = max(left, seen[0]), max(top, seen[1])
    end = min(left + image.width, seen[2]), min(top + image.height, seen[3])
    if start[0] < end[0] and start[1] < end[1]:
        part = image.crop((start[0] - left, start[1] - top, end[0] - left, end[1] - top))
        picture.alpha_composite(part, start)


def _seen(clip: ET.Element | None, scale: float, picture: Image.Image) -> tuple[int, int, int, int]:
    """The pixels of a picture that a clip leaves: left, top, right, bottom."""
    if clip is None:
        return 0, 0, picture.width, picture.height
    if clip.tag != f"{{{SVG}}}rect":
        raise ValueError("an image of a drawing is clipped to another shape than a rectangle. Draw it without.")
    x, y, width, height = (scale * float(clip.get(key, "0")) for key in ("x", "y", "width", "height"))
    # A pixel at an edge is inside: places are rounded.
    right, bottom = min(math.ceil(x + width), picture.width), min(math.ceil(y + height), picture.height)
    return max(math.floor(x), 0), max(math.floor(y), 0), right, bottom


def _box(element: ET.Element) -> _Box:
    x, y, width, height = (float(element.get(key, "0")) for key in ("x", "y", "width", "height"))
    transform = element.get("transform", "")
    if flipped := _FLIPPED.fullmatch(transform):
        return _Box(x, -float(flipped[1]) - y - height, width, height, flipped=True)
    if matrix := _MATRIX.fullmatch(transform):
        across, down, right, below = map(float, matrix.groups())
        left, top = across * x + right, down * y + below
        ends = (top, top + down * height)
        return _Box(left, min(ends), across * width, abs(down) * height, flipped=down < 0)
    raise ValueError(f"an image of a drawing has the transform {transform!r}, expected one that matplotlib gives it.")
