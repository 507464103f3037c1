"""Every page of the book as a reader meets it in a browser: at a desk and on a phone, in light and in dark."""

from __future__ import annotations

import re

import pytest
import yaml
from playwright.sync_api import Browser

from autograder.publishing.book import BookBuild, listed_pages
from tests.book.conftest import ROOT, Visitor
from tests.book.sample import sampled
from tests.support.browser import PATIENCE, Theme, Visit, serve

LISTED = [f"{page}.html" for page in listed_pages(yaml.safe_load((ROOT / "_toc.yml").read_text()))]
# Three visits of a chapter take most of a minute; what is special in chapter 06 is looked at in tests of its figures.
PAGES = sampled([*LISTED, "search.html"], without=["notebooks/06_computational_graphs"])
DESK, PHONE = 1280, 390
WINDOWS = [pytest.param((DESK, "light"), marks=pytest.mark.slow), (PHONE, "light"), (DESK, "dark")]

# Findings of the theme that the book cannot change in its own pages, each with its page and the reason.
KNOWN_FINDINGS = {
    "aria-required-children: .citation-list": (
        "book/bibliography.html",
        "docutils gives the bibliography role=list and its entries role=doc-biblioentry; ARIA 1.2 allows that "
        "role in a list, axe asks for listitem.",
    ),
}
# Drawings are parts of their pages; compressed, as servers send them, they take a quarter of this.
_MOST_BYTES = 3_200_000
_FILE_NAME = re.compile(r"^\S*(/|\.(png|jpe?g|svg|gif|webp)$)", re.IGNORECASE)


@pytest.fixture(params=WINDOWS, ids=lambda window: f"{window[0]}-{window[1]}")
def window(request: pytest.FixtureRequest) -> tuple[int, Theme]:
    """A window width in CSS pixels and a theme."""
    chosen: tuple[int, Theme] = request.param
    return chosen


@pytest.fixture(params=PAGES)
def seen(request: pytest.FixtureRequest, window: tuple[int, Theme], visitor: Visitor) -> Visit:
    """One page in one window."""
    return visitor(request.param, *window)


def test_page_asks_no_other_host_for_anything(seen: Visit) -> None:
    assert seen.foreign == []


def test_page_finds_everything_it_asks_for(seen: Visit) -> None:
    assert seen.failed == []


def test_page_reports_no_error_on_the_console(seen: Visit) -> None:
    assert seen.console == []


def test_page_has_every_formula_rendered(seen: Visit) -> None:
    assert seen.look["unrendered"] == []


def test_page_shows_no_markup(seen: Visit) -> None:
    assert seen.look["raw"] == []


def test_page_does_not_scroll_sideways(seen: Visit, window: tuple[int, Theme]) -> None:
    assert seen.look["width"] <= window[0]


def test_page_is_in_the_theme_that_the_reader_chose(seen: Visit, window: tuple[int, Theme]) -> None:
    assert seen.look["theme"] == window[1]


def test_page_describes_every_image(seen: Visit) -> None:
    for image in seen.look["images"]:
        assert not image["broken"], image
        assert len((image["alt"] or "").split()) >= 3, image
        assert not _FILE_NAME.match(image["alt"]), image


def test_page_has_no_serious_barrier_and_is_legible(seen: Visit) -> None:
    assert [finding for finding in seen.findings if finding not in KNOWN_FINDINGS] == []


def test_page_is_light_before_its_figures_are_loaded(seen: Visit) -> None:
    assert seen.weight < _MOST_BYTES


@pytest.mark.parametrize("window", [(DESK, "dark")], indirect=True)
def test_figures_of_pixels_are_on_a_light_card_in_dark_mode_and_drawings_on_none(seen: Visit) -> None:
    assert all(card == "rgb(255, 255, 255)" for card in seen.look["cards"])
    assert all(ground == "rgba(0, 0, 0, 0)" for ground in seen.look["drawings"])


def test_the_browser_sees_formulas_and_figures_of_a_chapter(visitor: Visitor) -> None:
    look = visitor("notebooks/01_activation_derivatives.html", DESK, "dark").look
    assert look["formulas"] > 0
    assert look["drawings"]


@pytest.mark.slow
def test_search_finds_a_term_in_a_chapter(built: BookBuild, browser: Browser) -> None:
    with serve(built.html) as address:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/search.html?q=saturated")
        # Results come one by one.
        page.wait_for_selector("#search-results li a[href*='notebooks/01_activation_derivatives.html']")
        page.close()


@pytest.mark.thorough
@pytest.mark.parametrize("finding", KNOWN_FINDINGS)
def test_a_known_finding_still_occurs(finding: str, visitor: Visitor) -> None:
    page, _ = KNOWN_FINDINGS[finding]
    assert finding in visitor(page, DESK, "light").findings, "it was fixed upstream; take it off the list"
