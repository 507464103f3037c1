"""Pictures of a submission as ``data:`` addresses, after a look at what they are."""

from __future__ import annotations

import base64
import binascii
import io
import warnings

from PIL import Image, UnidentifiedImageError

MAX_BYTES = 1_500_000
MAX_PIXELS = 20_000_000
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
VECTOR = "image/svg+xml"
KINDS = (*_FORMATS, VECTOR)


class PictureLeftOut(Exception):
    """Raised when a picture is not shown; its text says why, to the student."""


def data_address(kind: str, content: str) -> str:
    """The address of a picture for an ``img`` element, where no browser runs what a picture may hold.

    Args:
        kind: a media type of :data:`KINDS`.
        content: base64, or the text of an SVG.

    Raises:
        PictureLeftOut: if the content is not a picture of that kind, or too large in bytes or pixels.
    """
    if kind == VECTOR:
        return _vector(content)
    try:
        raw = base64.b64decode(content, validate=False)
    except (binascii.Error, ValueError) as error:
        raise PictureLeftOut("A picture is left out: its data are damaged.") from error
    _require_size(len(raw))
    width, height = _size(raw, kind)
    if width * height > MAX_PIXELS:
        raise PictureLeftOut(
            f"A picture is left out: it has {width} × {height} pixels. Up to {MAX_PIXELS / 1e6:.0f} million are shown."
        )
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def _size(raw: bytes, kind: str) -> tuple[int, int]:
    """Width and height from the header alone; nothing is decompressed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=(_FORMATS[kind],)) as image:
                return image.size
    except Image.DecompressionBombError as error:
        raise PictureLeftOut("A picture is left out: it has too many pixels.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureLeftOut(f"A picture is left out: it is no {_FORMATS[kind]} file.") from error


def _vector(text: str) -> str:
    raw = text.encode("utf-8", "replace")
    _require_size(len(raw))
    # An entity can stand for itself a billion times; no plotting library writes one.
    if "<!ENTITY" in text.upper() or "<svg" not in text:
        raise PictureLeftOut("A picture is left out: it is not a plain SVG file.")
    return f"data:{VECTOR};base64,{base64.b64encode(raw).decode()}"


def _require_size(size: int) -> None:
    if size > MAX_BYTES:
        raise PictureLeftOut(
            f"A picture is left out: it takes {size / 1e6:.1f} MB. Up to {MAX_BYTES / 1e6:.1f} MB are shown."
        )
