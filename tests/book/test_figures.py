"""Figures as a reader meets them: type as large as captions on a phone, colours of the theme, and what Enlarge does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, Page

from autograder.publishing.book import build_book
from autograder.publishing.page_figures.dark import contrast
from tests.support.browser import Theme
from tests.support.small_book import small_course
from tests.support.toy import NAME

pytestmark = pytest.mark.slow

DESK, PHONE = 1280, 390
_DRAW = """
import matplotlib.pyplot as plt
import numpy as np
figure, panels = plt.subplots(1, 3, figsize=(9, 3), layout="constrained", sharey=True)
for panel in panels:
    panel.plot([0, 1], [0, 1], label="rising")
    panel.set(title="It rises", xlabel="step")
    panel.legend(fontsize=7)
plt.show()
"""
_PIXELS = """
figure, axes = plt.subplots(figsize=(6, 4))
axes.imshow(np.random.default_rng(0).uniform(size=(300, 400, 3)))
axes.set_title("Noise")
plt.show()
"""
_CROWD = """
figure, axes = plt.subplots(figsize=(6, 4))
for line in np.random.default_rng(0).uniform(size=(30, 2000)):
    axes.plot(line)
plt.show()
"""

Opener = Callable[[int, Theme], AbstractContextManager[Page]]

# The font size of each text that is seen, in CSS pixels; of a formula that of its largest part.
_TYPE = """() => [...document.querySelectorAll("#fig-lines svg text")].filter((text) => text.getClientRects().length)
    .map((text) => text.ownerSVGElement.getScreenCTM().a * Math.max(...[text, ...text.querySelectorAll("tspan")]
        .map((part) => parseFloat(part.style.fontSize || 0))))"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Opener:
    """Opens the page of a chapter with a figure of lines, one of pixels, and one of far too many lines."""
    course = small_course(tmp_path_factory.mktemp("book") / "course")
    path = course.chapter(NAME).path
    notebook = nbformat.read(path, as_version=4)
    for name, source in (("lines", _DRAW), ("pixels", _PIXELS), ("crowd", _CROWD)):
        about = {"figure": {"name": f"fig-{name}", "caption": "What it is."}, "image": {"alt": "What is to be seen."}}
        notebook.cells.append(new_code_cell(source, id=name, metadata={"mystnb": about}))
    nbformat.write(notebook, path)
    html = build_book(course).html

    @contextmanager
    def open_page(width: int, theme: Theme) -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
        page = context.new_page()
        page.goto((html / "notebooks" / f"{NAME}.html").as_uri(), wait_until="load")
        page.evaluate("() => document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; })")
        page.wait_for_function("() => [...document.images].every((image) => image.complete)")
        yield page
        context.close()

    return open_page


def test_no_type_on_a_phone_is_smaller_than_the_caption(opened: Opener) -> None:
    with opened(PHONE, "light") as page:
        sizes = page.evaluate(_TYPE)
        caption = page.locator("#fig-lines figcaption p").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
        assert len(sizes) > 15
        assert min(sizes) >= caption - 0.05
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE


def test_panels_are_side_by_side_at_a_desk_and_below_each_other_on_a_phone(opened: Opener) -> None:
    for width, rows in ((DESK, 1), (PHONE, 3)):
        with opened(width, "light") as page:
            tops = page.evaluate("""() => [...document.querySelectorAll("#fig-lines text")]
                .filter((e) => e.textContent === "It rises" && e.getClientRects().length)
                .map((e) => Math.round(e.getBoundingClientRect().top))""")
        assert (len(tops), len(set(tops))) == (3, rows)


def test_a_drawing_has_the_colours_of_the_theme_and_no_card(opened: Opener) -> None:
    for theme, paper in (("light", "#ffffff"), ("dark", "#14181e")):
        with opened(DESK, theme) as page:
            inks = page.evaluate("""() => ["text", "path[style*='stroke: var(--c-1f77b4']"].map((selector) => {
                const style = getComputedStyle(document.querySelector("#fig-lines .wide " + selector));
                return selector === "text" ? style.fill : style.stroke;
            })""")
            cards = page.locator("#fig-lines svg").first.evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert cards == "rgba(0, 0, 0, 0)"
        assert [contrast(_hex(ink), paper) >= 3 for ink in inks] == [True, True]


def test_pixels_lie_below_words_in_the_colours_of_the_theme_and_on_no_card(opened: Opener) -> None:
    for width, kind in ((DESK, "wide"), (PHONE, "narrow")):
        with opened(width, "dark") as page:
            image, drawing = (page.locator(f"#fig-pixels .{kind} {part}") for part in ("img", "svg"))
            assert Path(image.evaluate("(e) => e.currentSrc")).name.endswith(f"-{kind}-pixels.webp")
            assert image.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
            assert image.evaluate("(e) => getComputedStyle(e).filter") == "none"
            assert image.evaluate("(e) => e.naturalWidth >= 1.9 * e.clientWidth")
            assert image.bounding_box() == pytest.approx(drawing.bounding_box())
            title = page.locator(f"#fig-pixels .{kind} text", has_text="Noise")
            assert contrast(_hex(title.evaluate("(e) => getComputedStyle(e).fill")), "#14181e") >= 3


def test_a_raster_is_loaded_for_the_window_and_keeps_a_card_in_the_dark(opened: Opener) -> None:
    loaded = {}
    for width in (DESK, PHONE):
        with opened(width, "dark") as page:
            image = page.locator("#fig-crowd img")
            loaded[width] = Path(image.evaluate("(e) => e.currentSrc")).name
            assert image.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
            assert image.evaluate("(e) => e.naturalWidth >= 1.9 * e.clientWidth")
    assert loaded[DESK] == f"{Path(loaded[PHONE]).stem}-wide.webp"


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("figure", ["lines", "pixels", "crowd"])
def test_enlarge_enlarges(figure: str, width: int, opened: Opener) -> None:
    with opened(width, "light") as page:
        shown = page.locator(f"#fig-{figure} :is(svg, img):visible").first.evaluate(
            "(e) => e.getBoundingClientRect().width"
        )
        page.locator(f"#fig-{figure}").get_by_role("link", name="Enlarge the figure").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/_images/*")
        file = page.locator("svg, img").first
        assert file.evaluate("(e) => e.naturalWidth ?? e.getBoundingClientRect().width") > 1.5 * shown


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("figure", ["lines", "pixels", "crowd"])
def test_enlarge_is_seen_before_anything_points_at_the_figure(figure: str, width: int, opened: Opener) -> None:
    with opened(width, "light") as page:
        words = page.locator(f"#fig-{figure} .enlarge-hint")
        box = words.bounding_box()
        assert box is not None and box["width"] > 60
        assert words.evaluate("(e) => getComputedStyle(e.closest('a')).opacity") == "1"
        words.evaluate("(e) => e.closest('a').focus()")
        assert page.evaluate("() => document.activeElement.className") == "enlarge"


def _hex(colour: str) -> str:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return f"#{red:02x}{green:02x}{blue:02x}"
