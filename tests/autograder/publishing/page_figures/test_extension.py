"""What a page shows of a drawing: wide and narrow as parts of the page, in colours that follow the theme."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from autograder.publishing.figures.svg import NARROW
from autograder.publishing.page_body import with_enlargeable_images
from autograder.publishing.page_figures.extension import with_drawings
from autograder.publishing.page_figures.stage import with_narrow_drawings

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="306" height="153">'
    '<clipPath id="p1"><rect width="9" height="9"/></clipPath>'
    '<path clip-path="url(#p1)" style="stroke: #0072b2"/>'
    '<g class="as-drawn"><text style="font-size: 10px; fill: #222222">on pixels</text></g>'
    '<text style="font-size: 8px; fill: #000000">loss</text></svg>'
)
IMAGE = '<figure>\n<img alt="A loss that falls." loading="lazy" src="../_images/abcdef123.svg" />\n</figure>'


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "narrow").mkdir()
    (tmp_path / "narrow" / "abcdef123.svg").write_text(SVG)
    (tmp_path / "wide.svg").write_text(SVG)
    files = {"abcdef123.svg": tmp_path / "wide.svg"}
    return with_drawings(with_enlargeable_images(IMAGE), files, tmp_path / "narrow")


def test_a_drawing_is_in_the_page_twice_with_its_description_and_a_link_to_its_file(page: str) -> None:
    assert page.count('role="img" aria-label="A loss that falls."') == 2
    assert page.count('<a class="enlarge" href="../_images/abcdef123.svg">') == 1
    assert "<img" not in page


def test_no_id_occurs_twice(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(set(ids)) == len(ids) == 2
    assert sorted(re.findall(r"url\(#([^)]+)\)", page)) == sorted(ids)


def test_colours_follow_the_theme_except_on_pixels(page: str) -> None:
    assert "stroke: var(--c-0072b2, #0072b2)" in page
    assert "fill: #222222" in page and "--c-222222" not in page
    palette = page[: page.index("</style>")]
    assert '[data-theme="dark"]' in palette and "--c-000000: var(--pst-color-text-base)" in palette


def test_a_narrow_drawing_scrolls_before_its_type_is_smaller_than_a_captions(page: str) -> None:
    assert "min-width: 12.5em" in page


def test_many_pixels_are_a_picture_below_the_rest(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    content = base64.b64encode(out.getvalue()).decode()
    placed = f'<image href="data:image/png;base64,{content}" width="40" height="40" x="5" y="0" ' + (
        'transform="scale(1 -1) translate(0 -45)"/>'
    )
    drawing = SVG.replace("</svg>", f"{placed}</svg>")
    (tmp_path / "narrow").mkdir()
    (tmp_path / "narrow" / "abcdef123.svg").write_text(drawing)
    (tmp_path / "wide.svg").write_text(drawing)
    made = with_drawings(with_enlargeable_images(IMAGE), {"abcdef123.svg": tmp_path / "wide.svg"}, tmp_path / "narrow")
    assert "<image" not in made and "data:" not in made
    for kind in ("wide", "narrow"):
        name = f"abcdef123-{kind}-pixels.webp"
        assert f'src="../_images/{name}" alt="" loading="lazy"><svg' in made
        with Image.open(tmp_path / "narrow" / name) as picture:
            assert picture.size == (306, 153)


def test_a_raster_is_loaded_for_the_window(tmp_path: Path) -> None:
    for name, size in (("abc", (700, 400)), ("abc-wide", (1400, 300))):
        Image.new("RGB", size).save(tmp_path / f"{name}.webp")
    body = with_enlargeable_images('<img alt="x" src="../_images/abc.png" />')
    made = with_drawings(body, {}, tmp_path)
    assert '<source media="(max-width: 600px)" srcset="../_images/abc.webp" width="350" height="200">' in made
    assert '<source srcset="../_images/abc-wide.webp" width="700" height="150">' in made
    assert made.index('<a class="enlarge"') < made.index("<picture>") < made.index("<img") < made.index("</picture>")


def test_other_images_stay(tmp_path: Path) -> None:
    body = with_enlargeable_images(IMAGE)
    assert with_drawings(body, {}, tmp_path) == body


def test_the_stage_keeps_the_narrow_drawing_under_the_name_of_the_wide_ones_file(tmp_path: Path) -> None:
    data = {"image/svg+xml": SVG, NARROW: {"image/svg+xml": "<svg/>"}}
    notebook = new_notebook(cells=[new_code_cell(outputs=[new_output("display_data", data=data)])])
    page = with_narrow_drawings(notebook, tmp_path)
    assert list(page.cells[0].outputs[0].data) == ["image/svg+xml"]
    assert NARROW in notebook.cells[0].outputs[0].data
    (kept,) = (tmp_path / "narrow").iterdir()
    assert (len(kept.stem), kept.suffix, kept.read_text()) == (64, ".svg", "<svg/>")
