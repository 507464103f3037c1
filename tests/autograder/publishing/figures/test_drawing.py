"""Figures of matplotlib as drawings: text as text, pixels as pixels, the same each time, readable on a phone."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from autograder.publishing.figures.drawing import drawn
from autograder.publishing.figures.narrow import WIDTH
from autograder.publishing.figures.svg import TYPE, size, smallest_type


@pytest.fixture(autouse=True)
def _style() -> Iterator[None]:
    with plt.rc_context({"figure.constrained_layout.use": True, "backend": "agg"}):
        yield
    plt.close("all")


def two_panels(labels: tuple[str, str] = ("falls", "rises")) -> Figure:
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True)
    for panel, label in zip(panels, labels, strict=True):
        panel.plot([0, 1, 2], [2, 1, 3], label=label)
        panel.set(title=f"The loss {label}", xlabel="step")
        panel.legend(loc="upper right", fontsize=8)
    panels[0].set_ylabel("loss")
    figure.suptitle("A title that is far too long for a phone, because it has so many words")
    return figure


def texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<text.*?</text>", svg, re.DOTALL)]


def test_lines_and_text_are_svg_with_text_as_text() -> None:
    made = drawn(two_panels())
    assert made.mime == "image/svg+xml"
    assert "The loss rises" in texts(made.wide) and "<image" not in made.wide
    assert "DejaVu Sans', Verdana" in made.wide


def test_a_drawing_is_the_same_each_time() -> None:
    assert drawn(two_panels()) == drawn(two_panels())


def test_a_formula_can_be_read_as_words_and_has_its_prime() -> None:
    figure, axes = plt.subplots()
    axes.set(xlabel="size of $x$ and its slope", ylabel="$f'(x)$")
    made = drawn(figure).wide
    words = texts(made)
    assert "size of x and its slope" in [" ".join(text.split()) for text in words]
    assert "f\u2032(x)" in [text.replace(" ", "") for text in words]
    assert smallest_type(made.replace("font-size: 10px", "")) is None, "the prime is as large as its letter"


def test_pixels_in_a_drawing_have_two_for_each_css_pixel() -> None:
    figure, axes = plt.subplots(figsize=(4, 4))
    axes.imshow(np.eye(7))
    axes.text(3, 3, "a number", gid="kept")
    made = drawn(figure)
    assert made.mime == "image/svg+xml" and "a number" in texts(made.wide)
    content = re.search(r'href="data:image/png;base64,([^"]+)"', made.wide)
    assert content is not None
    with Image.open(io.BytesIO(base64.b64decode(content[1]))) as picture:
        assert picture.width > 2 * 110 * 2.5


def test_many_points_become_pixels() -> None:
    figure, axes = plt.subplots(figsize=(3, 2))
    places = np.random.default_rng(0).uniform(size=(2, 2000))
    axes.scatter(*places, s=4)
    axes.scatter([0], [0])
    made = drawn(figure)
    assert made.wide.count("<image") == 1 and made.wide.count("<use") < 100


def test_what_is_below_points_that_became_pixels_becomes_pixels_with_its_white_ground() -> None:
    figure, axes = plt.subplots(figsize=(3, 2))
    places = np.random.default_rng(0).uniform(size=(2, 2000))
    axes.contourf([[0.0, 1.0], [1.0, 2.0]], alpha=0.5)
    axes.scatter(*places, s=4)
    axes.plot([0, 1], [0, 1])
    made = drawn(figure)
    content = re.search(r'href="data:image/png;base64,([^"]+)"', made.wide)
    assert content is not None and made.wide.count("<image") == 1
    with Image.open(io.BytesIO(base64.b64decode(content[1]))) as picture:
        middle = picture.convert("RGBA").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(middle, tuple) and middle[3] == 255, "no page shines through"
    assert "fill-opacity" not in made.wide and made.wide.count('class="as-drawn"') >= 1


def test_many_pixels_leave_a_drawing_svg() -> None:
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.imshow(np.random.default_rng(0).uniform(size=(300, 300, 3)))
    axes.set_title("noise")
    made = drawn(figure)
    assert made.mime == "image/svg+xml" and len(made.wide) > 200_000
    assert "noise" in texts(made.wide)


def test_filled_contours_that_are_too_large_as_lines_become_pixels() -> None:
    figure, panels = plt.subplots(1, 3, figsize=(9, 3))
    noise = np.random.default_rng(0).uniform(size=(60, 60))
    for axes in panels:
        axes.contourf(noise, levels=20, alpha=0.5)
        axes.contour(noise, levels=[0.5])
        axes.set_title("noise")
    made = drawn(figure)
    assert made.mime == "image/svg+xml" and made.wide.count("<image") == 3
    assert texts(made.wide).count("noise") == 3


def test_what_has_too_many_lines_for_svg_is_a_raster_as_a_whole() -> None:
    figure, axes = plt.subplots(figsize=(4, 3))
    for line in np.random.default_rng(0).uniform(size=(30, 2000)):
        axes.plot(line)
    made = drawn(figure)
    assert made.mime == "image/png"
    with Image.open(io.BytesIO(base64.b64decode(made.wide))) as picture:
        assert 2 * 110 * 3 < picture.width <= 2 * 110 * 4.1


def test_panels_are_below_each_other_on_a_phone_with_type_as_large_as_a_caption() -> None:
    made = drawn(two_panels())
    width, height = size(made.narrow)
    assert width <= 72 * WIDTH + 1
    assert height > width
    assert smallest_type(made.narrow) == TYPE
    assert smallest_type(made.wide) == 8


def test_a_panel_that_shared_its_axis_has_labels_of_its_own_when_it_is_alone() -> None:
    made = drawn(two_panels())
    assert texts(made.wide).count("loss") == 1
    assert texts(made.narrow).count("loss") == 2
    assert texts(made.narrow).count("3.0") == 2


def test_a_legend_is_below_its_panel() -> None:
    figure = two_panels()
    drawn(figure)
    first = figure.axes[0]
    legend = next(text for text in figure.findobj(plt.Text) if text.get_text() == "falls")
    top = legend.get_window_extent().y1 / figure.bbox.height
    assert top < first.get_position().y0


def test_a_long_title_is_broken_and_its_words_are_kept() -> None:
    figure = two_panels()
    drawn(figure)
    assert figure.get_suptitle().count("\n") >= 1
    assert " ".join(figure.get_suptitle().split()).startswith("A title that is far too long for a phone")


def test_a_figure_whose_texts_would_touch_is_wider_than_a_phone() -> None:
    figure, axes = plt.subplots(figsize=(9, 2))
    for place in range(6):
        axes.text(place, 0.5, "a dozen letters")
    axes.set(xlim=(0, 6), xticks=[])
    width, _ = size(drawn(figure).narrow)
    assert width > 1.25 * 72 * WIDTH


def test_a_figure_with_a_drawing_of_its_own_for_phones_has_that_one_there() -> None:
    figure, axes = plt.subplots(figsize=(9, 2))
    axes.set_title("for a desk")

    def draw(width: float) -> Figure:
        slim, inside = plt.subplots(figsize=(width, 5))
        inside.set_title("for a phone, with a title that is much longer than a phone is wide", fontsize=6)
        return slim

    figure.on_a_phone = draw  # type: ignore[attr-defined]
    made = drawn(figure)
    assert "for a desk" in texts(made.wide)
    assert "for a desk" not in texts(made.narrow)
    width, height = size(made.narrow)
    assert height > width
    assert width <= 72 * WIDTH + 5, "the title is broken into lines"
    assert smallest_type(made.narrow) == TYPE
    assert plt.get_fignums() == [figure.number], "pyplot would show both"  # type: ignore[attr-defined]


def test_a_legend_whose_columns_just_do_not_fit_has_one_less() -> None:
    figure, axes = plt.subplots(figsize=(7.2, 3.6))
    for number in range(3):
        axes.plot([0, 1], [0, number], label=f"validity {number}")
    axes.legend(fontsize=9)
    width, _ = size(drawn(figure).narrow)
    assert width <= 72 * WIDTH + 1


def test_titles_and_labels_of_axes_beside_long_names_stay_inside() -> None:
    figure, axes = plt.subplots(figsize=(7.2, 3))
    axes.barh([0, 1], [40, 60])
    axes.set(yticks=[0, 1], yticklabels=["normalised, not divided by 255", "rows and columns exchanged"])
    axes.set(title="Wrong constants cost little, a wrong scale costs all", xlabel="probability of the right labels (%)")
    width, _ = size(drawn(figure).narrow)
    assert width <= 72 * WIDTH + 1
    assert len(axes.get_title().splitlines()) == 2, "beside its axes there is room"


def test_axes_that_keep_their_shape_leave_room_for_their_labels() -> None:
    figure, panels = plt.subplots(1, 2, figsize=(9, 4.2))
    for panel in panels:
        for name in "abcde":
            panel.plot([0, 60], [0, 50], label=name)
        panel.set(xlim=(0, 100), ylim=(0, 100), aspect="equal", xlabel="training accuracy (%)", title="runs")
        panel.set_ylabel("validation accuracy (%)")
        panel.legend(fontsize=8)
    figure.suptitle("Below the dotted line: learned by heart")
    width, _ = size(drawn(figure).narrow)
    assert width <= 72 * WIDTH + 1


def test_large_pictures_are_two_by_two_on_a_phone() -> None:
    figure, panels = plt.subplots(2, 3, figsize=(7.4, 5.2))
    for panel in panels.flat:
        panel.imshow(np.eye(4))
        panel.axis("off")
        panel.set_title("Sobel, top to bottom", fontsize=10)
    drawn(figure)
    assert len({round(panel.get_position().x0, 2) for panel in panels.flat}) == 2


def test_panels_that_share_a_title_are_side_by_side_where_there_are_many() -> None:
    figure = plt.figure(figsize=(10, 6))
    grid = figure.add_gridspec(3, 4)
    pairs = [[figure.add_subplot(grid[row, column]) for row in (0, 1)] for column in range(4)]
    below = figure.add_subplot(grid[2, :])
    for number, pair in enumerate(pairs):
        for panel in (*pair, below):
            panel.plot([0, 1], [0, 1])
        pair[0].set_title(f"setting {number}")
    drawn(figure)
    places = [[panel.get_position() for panel in pair] for pair in pairs]
    assert all(upper.x1 < lower.x0 and abs(upper.y0 - lower.y0) < 0.02 for upper, lower in places)
    assert below.get_position().width > 1.8 * places[0][0].width


def test_pictures_flow_into_fewer_columns_and_a_table_of_pictures_stays_one() -> None:
    flowing, panels = plt.subplots(2, 8, figsize=(8.8, 3))
    for number, panel in enumerate(panels.flat):
        panel.imshow(np.eye(4))
        panel.axis("off")
        panel.set_title(f"number {number}", fontsize=8)
    width, height = size(drawn(flowing).narrow)
    assert width <= 72 * WIDTH + 1 and height > width

    table, panels = plt.subplots(2, 6, figsize=(8.8, 3))
    for panel in panels.flat:
        panel.imshow(np.eye(4))
        panel.set(xticks=[], yticks=[])
    for row, name in zip(panels, ("first", "second"), strict=True):
        row[0].set_ylabel(name)
    drawn(table)
    assert [len({round(panel.get_position().y0, 3) for panel in row}) for row in panels] == [1, 1]
