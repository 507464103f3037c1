import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from autograder.reporting.pictures import MAX_BYTES, PictureLeftOut, data_address


def encoded(kind="PNG", size=(3, 2)):
    buffer = io.BytesIO()
    Image.new("RGB", size).save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def png_of(width, height):
    """A PNG whose header promises a size that its few bytes do not hold."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_becomes_an_address_of_its_own_kind(kind):
    address = data_address(f"image/{kind.lower()}", encoded(kind) + "\n")
    assert address == f"data:image/{kind.lower()};base64,{encoded(kind)}"


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("image/png", encoded("JPEG"), "no PNG file"),
        ("image/png", base64.b64encode(b"<script>alert(1)</script>").decode(), "no PNG file"),
        ("image/png", 'x" onerror="alert(1)', "no PNG file|damaged"),
        ("image/png", png_of(30_000, 30_000), "pixels"),
        ("image/png", png_of(5_000, 5_000), "5000 × 5000 pixels"),
        ("image/png", base64.b64encode(bytes(MAX_BYTES + 1)).decode(), "1.5 MB"),
        ("image/svg+xml", "<p>no drawing</p>", "not a plain SVG"),
        ("image/svg+xml", '<!DOCTYPE x [<!entity a "b">]><svg>&a;</svg>', "not a plain SVG"),
        ("image/svg+xml", "<svg>" + "x" * MAX_BYTES, "MB"),
    ],
)
def test_what_is_no_picture_or_too_large_is_left_out_and_says_why(kind, content, why):
    with pytest.raises(PictureLeftOut, match=why):
        data_address(kind, content)


def test_a_drawing_is_only_ever_an_image():
    address = data_address("image/svg+xml", "<svg onload='alert(1)'/>")
    assert address.startswith("data:image/svg+xml;base64,")
    assert "<" not in address
