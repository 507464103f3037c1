"""Nothing of a page is cut: formulas, figures and output at a desk and on a phone, and the page on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pypdfium2
import pytest
import yaml
from playwright.sync_api import Browser, Page

from autograder.publishing.book import BookBuild, listed_pages
from tests.book.conftest import ROOT
from tests.book.sample import sampled

pytestmark = pytest.mark.slow

LISTED = listed_pages(yaml.safe_load((ROOT / "_toc.yml").read_text()))
CHAPTERS = sampled(page for page in LISTED if page.startswith("notebooks/"))
GRAPHS = "notebooks/06_computational_graphs"
DESK, PHONE = 1280, 390
PAPER = 718  # CSS pixels between the margins of a sheet of A4 that Chromium leaves by default

Opener = Callable[..., AbstractContextManager[Page]]

# Wider than its own box, and not to be scrolled to.
_CUT = """(selector) => [...document.querySelectorAll(selector)]
    .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent.trim().slice(0, 80))"""


@pytest.fixture(scope="module")
def opened(built: BookBuild, browser: Browser) -> Opener:
    @contextmanager
    def open_page(name: str, width: int, **options: Any) -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        page = context.new_page()
        page.goto((built.html / f"{name}.html").as_uri(), wait_until="load")
        page.evaluate("() => window.MathJax?.startup?.promise")
        page.evaluate("() => document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; })")
        page.wait_for_function("() => [...document.images].every((image) => image.complete)")
        yield page
        context.close()

    return open_page


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_line_of_output_is_wrapped_at_a_desk(chapter: str, opened: Opener) -> None:
    with opened(chapter, DESK) as page:
        assert page.evaluate(_CUT, ".cell_output .output pre") == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_formula_on_a_phone_stands_above_its_number_and_says_where_it_goes_on(chapter: str, opened: Opener) -> None:
    with opened(chapter, PHONE) as page:
        formulas = page.evaluate("""() => [...document.querySelectorAll(".bd-article div.math")].map((e) => {
            const formula = e.querySelector("mjx-container"), number = e.querySelector(".eqno");
            const style = getComputedStyle(formula);
            return {
                right: formula.getBoundingClientRect().right,
                below: !number || number.getBoundingClientRect().top >= formula.getBoundingClientRect().bottom - 1,
                scrolls: style.overflowX,
                wider: formula.scrollWidth > formula.clientWidth + 1,
                shadows: style.backgroundAttachment,
                size: parseFloat(style.fontSize),
            };
        })""")
    for formula in formulas:
        assert formula["right"] <= PHONE
        assert formula["below"]
        assert formula["scrolls"] == "auto"
        assert formula["shadows"] == ("local, local, scroll, scroll" if formula["wider"] else "scroll")
        assert formula["size"] >= 15


def test_no_number_covers_a_formula_on_a_tablet(opened: Opener) -> None:
    with opened(GRAPHS, 620) as page:
        gaps = page.evaluate("""() => [...document.querySelectorAll(".bd-article div.math:has(.eqno)")].map((e) =>
            e.querySelector(".eqno").getBoundingClientRect().left
            - e.querySelector("mjx-container").getBoundingClientRect().right)""")
    assert gaps and min(gaps) >= 0


def test_a_figure_on_a_phone_can_be_enlarged_without_a_script(opened: Opener) -> None:
    with opened(GRAPHS, PHONE, java_script_enabled=False) as page:
        figure = page.locator("#fig-c06-neuron")
        link = figure.get_by_role("link", name="Enlarge the figure")
        assert figure.get_by_text("Enlarge the figure").is_visible()
        assert figure.get_by_role("img").get_attribute("aria-label")
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/_images/*.svg")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_figure_on_a_phone_has_to_be_scrolled_sideways_or_fills_two_windows(chapter: str, opened: Opener) -> None:
    with opened(chapter, PHONE) as page:
        figures = page.evaluate("""() => [...document.querySelectorAll(".drawing-box.narrow, .raster-box")]
            .map((e) => [e.closest("[id]").id, e.scrollWidth - e.clientWidth, e.scrollHeight])""")
    assert [figure for figure in figures if figure[1] > 1 or figure[2] > 2 * 900] == []


def test_a_figure_at_a_desk_is_named_as_a_link_and_shows_its_focus(opened: Opener) -> None:
    with opened(GRAPHS, DESK) as page:
        link = page.locator("#fig-c06-neuron a.enlarge")
        assert link.get_by_text("Enlarge the figure").is_visible()
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_is_cut_on_paper(chapter: str, opened: Opener) -> None:
    with opened(chapter, PAPER) as page:
        page.emulate_media(media="print")
        assert page.evaluate(_CUT, ".bd-article pre") == []
        beyond = """(width) => [...document.querySelectorAll(".bd-article :is(mjx-math, img, svg, table)")]
            .filter((e) => e.getBoundingClientRect().right > width + 1).map((e) => e.outerHTML.slice(0, 200))"""
        assert page.evaluate(beyond, PAPER) == []


def test_a_printed_chapter_has_only_its_text_and_no_empty_page(opened: Opener) -> None:
    with opened(GRAPHS, DESK) as page:
        printed = page.pdf(format="A4")
    with pypdfium2.PdfDocument(printed) as document:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in document]
    assert min(len(sheet.strip()) for sheet in sheets) > 40
    text = "\n".join(sheets)
    for control in ("Show code cell source", "Enlarge the figure", "Search the workbook", "Contents"):
        assert control not in text, control
    assert "The code of this check is in the notebook." in text
    assert "def small_graph():" in text, "what is folded, and no check, is printed"


def test_hints_are_folded_and_open_step_by_step_on_a_phone_by_keyboard_and_without_a_script(opened: Opener) -> None:
    with opened(GRAPHS, PHONE, java_script_enabled=False) as page:
        hints = page.locator("details.hints").filter(has_text="Hints for squared_distance")
        step = hints.get_by_text("What is left of")
        assert not step.is_visible()
        hints.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert not step.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert step.is_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE


def test_hints_are_on_paper(opened: Opener) -> None:
    with opened(GRAPHS, PAPER) as page:
        page.emulate_media(media="print")
        assert page.get_by_text("What is left of").first.is_visible()
