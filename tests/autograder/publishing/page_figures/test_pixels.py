"""The pixels of a drawing, taken out of it."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from PIL import Image

from autograder.publishing.figures.drawing import drawn
from autograder.publishing.figures.svg import size
from autograder.publishing.page_figures.pixels import pixel_bytes, taken_apart, with_small_pixels

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS = np.array([[RED, GREEN], [BLUE, WHITE]], dtype=np.uint8)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def picture(**options: object) -> Figure:
    figure = plt.figure(figsize=(3, 2), layout="none")
    axes = figure.add_axes((0.25, 0.2, 0.5, 0.6))
    axes.imshow(CORNERS, aspect="auto", **options)  # type: ignore[arg-type]
    axes.set_title("four colours")
    return figure


def colour(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    found = image.getpixel((round(x * image.width), round(y * image.height)))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("interpolation", ["nearest", "none"])
@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_every_pixel_is_where_it_was(interpolation: str, origin: str) -> None:
    made = drawn(picture(interpolation=interpolation, origin=origin)).wide
    rest, image = taken_apart(made, 2.0)
    wide, high = size(made)
    # Where the axes are in what was cut to its content.
    box = re.search(r'<clipPath[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', rest)
    assert box is not None
    left, top, width, height = (float(text) for text in box.groups())
    shown = {
        (x, y): colour(image, (left + x * width) / wide, (top + y * height) / high)
        for x in (0.1, 0.9)
        for y in (0.1, 0.9)
    }
    rows = CORNERS if origin == "upper" else CORNERS[::-1]
    expected = {
        (x, y): (*map(int, rows[j, i]), 255) for i, x in enumerate((0.1, 0.9)) for j, y in enumerate((0.1, 0.9))
    }
    assert shown == expected
    assert colour(image, 0.02, 0.02)[3] == 0, "what has no pixels is transparent"


def test_lines_and_texts_stay_and_pixels_go() -> None:
    made = drawn(picture()).wide
    rest, image = taken_apart(made, 2.0)
    assert pixel_bytes(made) > 0 and pixel_bytes(rest) == 0
    assert "four colours" in re.sub(r"<[^>]+>", "", rest)
    assert image.size == tuple(int(np.ceil(2 * side)) for side in size(made))


def test_what_is_outside_its_axes_is_cut() -> None:
    figure = picture(extent=(0, 4, 0, 4))
    figure.axes[0].set(xlim=(1, 2), ylim=(0, 1))
    rest, image = taken_apart(drawn(figure).wide, 2.0)
    ((left, top, right, bottom),) = [image.getbbox()]  # type: ignore[misc]
    box = re.search(r'<clipPath[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', rest)
    assert box is not None
    x, y, width, height = (2 * float(text) for text in box.groups())
    assert [left, top, right, bottom] == pytest.approx([x, y, x + width, y + height], abs=2)


def test_a_cut_that_is_no_rectangle_is_refused() -> None:
    figure = picture()
    axes = figure.axes[0]
    axes.images[0].set_clip_path(Circle((0.5, 0.5), 0.4, transform=axes.transData))
    with pytest.raises(ValueError, match="another shape than a rectangle"):
        taken_apart(drawn(figure).wide, 2.0)


def test_small_pixels_are_one_picture_below_the_rest() -> None:
    figure, (first, second) = plt.subplots(1, 2, figsize=(6, 3))
    for axes in (first, second):
        axes.imshow(np.random.default_rng(0).uniform(size=(200, 200, 3)))
    made = drawn(figure).wide
    small = with_small_pixels(made, 320)
    content = re.search(r'<svg[^>]*><image [^>]*href="data:image/webp;base64,([^"]+)"', small)
    assert content is not None and small.count("<image") == 1 and len(small) < len(made) / 4
    with Image.open(io.BytesIO(base64.b64decode(content[1]))) as stored:
        assert stored.width == 320
