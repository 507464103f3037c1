"""What the pages' own scripts do for a reader: the landing page's check, stations on long pages, shadows of
formulas."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from autograder.publishing.book import BookBuild
from tests.support.browser import PATIENCE, serve

pytestmark = pytest.mark.slow

CHAPTER = "notebooks/01_activation_derivatives"
PHONE = 390


@pytest.fixture(scope="module")
def address(built: BookBuild) -> Iterator[str]:
    with serve(built.html) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, reduced_motion="no-preference")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_one_click_puts_the_wrong_answer_right(page: Page, address: str) -> None:
    page.goto(f"{address}/book/index.html")
    demo = page.locator(".check-demo")
    assert demo.locator(".wrong .failed").is_visible() and not demo.locator(".right").is_visible()
    assert "Likely cause" in demo.locator(".failed").inner_text()
    demo.get_by_role("button").click()
    assert demo.locator(".right .passed").is_visible() and not demo.locator(".wrong").is_visible()
    assert "softmax: correct" in demo.locator(".passed").inner_text()
    demo.get_by_role("button").click()
    assert demo.locator(".wrong").is_visible()


def test_without_scripts_both_answers_are_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/book/index.html")
    assert page.locator(".check-demo .failed").is_visible() and page.locator(".check-demo .passed").is_visible()
    assert not page.locator(".check-demo button").is_visible()
    context.close()


def test_the_landing_page_learns_by_itself_without_formulas_being_set(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/book/index.html")
    figure = page.locator("#interactive-xor_training")
    figure.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('#interactive-xor_training .value').textContent === 'epoch 1'")
    figure.get_by_role("button", name="Pause").click()
    assert figure.locator(".spoken").inner_text() == ""
    assert not [url for url in asked if "mathjax" in url]


def test_who_asks_for_less_motion_starts_the_landing_pages_figure_by_hand(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/book/index.html")
    before = page.locator("#interactive-xor_training .value").inner_text()
    page.wait_for_timeout(1500)
    assert page.locator("#interactive-xor_training .value").inner_text() == before
    context.close()


def test_stations_lead_from_exercise_to_exercise(page: Page, address: str) -> None:
    page.goto(f"{address}/{CHAPTER}.html", wait_until="load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    stations = page.get_by_role("navigation", name="Exercises of this page")
    total = page.locator("p.cell-mark.exercise").count()
    assert stations.locator("span").inner_text() == f"{total} exercises"
    on, back = (stations.get_by_role("button", name=f"{which} exercise") for which in ("Next", "Previous"))
    assert back.is_disabled()
    for station in (1, 2):
        on.click()
        page.wait_for_function(
            "(text) => document.querySelector('.stations span').textContent === text",
            arg=f"Exercise {station} of {total}",
        )
    back.click()
    page.wait_for_function(
        "(text) => document.querySelector('.stations span').textContent === text", arg=f"Exercise 1 of {total}"
    )


def test_only_a_formula_that_goes_on_has_shadows(page: Page, address: str) -> None:
    page.goto(f"{address}/{CHAPTER}.html", wait_until="load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    page.wait_for_function("() => document.querySelector('mjx-container.overflows')")
    wrong = page.evaluate("""() => [...document.querySelectorAll("div.math > mjx-container")].filter((e) => {
        const wider = e.scrollWidth > e.clientWidth + 1;
        return wider !== (getComputedStyle(e).backgroundImage !== "none");
    }).length""")
    assert wrong == 0


def test_a_table_of_words_is_a_list_on_a_phone_and_a_table_at_a_desk(page: Page, address: str) -> None:
    page.goto(f"{address}/book/for-instructors.html", wait_until="load")
    cell = page.locator("table.words td[data-label='what it says']").first
    lists = page.locator("table.words.as-list")
    lists.first.wait_for()
    assert cell.evaluate("(e) => getComputedStyle(e, '::before').content") == '"what it says"'
    assert cell.bounding_box()["width"] > 0.8 * PHONE  # type: ignore[index]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function("() => !document.querySelector('table.words.as-list')")
    assert cell.evaluate("(e) => getComputedStyle(e).display") == "table-cell"


def test_a_table_of_words_that_fits_stays_one_on_a_phone(page: Page, address: str) -> None:
    page.goto(f"{address}/book/notation.html", wait_until="load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    letters = page.locator("section#letters-with-more-than-one-meaning table")
    assert "words" in (letters.get_attribute("class") or "")
    assert letters.evaluate("(e) => getComputedStyle(e).display") == "table"


def test_code_fades_where_it_goes_on_and_not_at_its_end(page: Page, address: str) -> None:
    page.goto(f"{address}/book/cluster.html", wait_until="load")
    code = page.locator("pre.goes-on").first
    code.wait_for()
    assert "linear-gradient" in code.evaluate("(e) => getComputedStyle(e).maskImage")
    code.evaluate("(e) => { e.dataset.scrolled = 'yes'; e.scrollLeft = e.scrollWidth; }")
    page.wait_for_function("() => !document.querySelector('[data-scrolled]').classList.contains('goes-on')")
    wrong = page.evaluate("""() => [...document.querySelectorAll(".bd-article .highlight pre")].filter((e) =>
        e.classList.contains("goes-on") !== (e.scrollLeft + e.clientWidth < e.scrollWidth - 2)).length""")
    assert wrong == 0


def test_imports_are_behind_a_line_of_text(page: Page, address: str) -> None:
    page.goto(f"{address}/{CHAPTER}.html")
    folded = page.locator(".cell.tag_imports details")
    assert folded.count() == 1 and folded.get_attribute("open") is None
    folded.locator("summary").click()
    assert folded.locator("pre").is_visible()


def test_the_magnifier_covers_no_letter_of_what_is_searched_for(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=saturated")
    free = page.evaluate("""() => {
        const forms = [...document.querySelectorAll("form.bd-search")].filter((e) => e.clientWidth);
        return forms.map((e) => {
            const field = e.querySelector("input"), icon = e.querySelector("svg, i");
            const text = field.getBoundingClientRect().left + parseFloat(getComputedStyle(field).paddingLeft);
            return text - icon.getBoundingClientRect().right;
        });
    }""")
    assert free and min(free) > 0


def test_a_search_leads_to_a_section_and_the_glossary_comes_after_the_chapters(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=saturated")
    page.get_by_text("Search finished").wait_for()
    first = page.locator("#search-results li a").first
    # The section is found when the chapter's page has come.
    first.and_(page.locator("[href*='#']")).wait_for()
    places = [link.get_attribute("href") or "" for link in page.locator("#search-results li a").all()]
    chapters = [number for number, place in enumerate(places) if "notebooks/" in place and "#index-" not in place]
    glossary = [number for number, place in enumerate(places) if "glossary" in place]
    assert chapters and glossary and max(chapters) < min(glossary)
    page.goto(places[0])
    section = page.locator(f"section#{places[0].partition('#')[2]}")
    assert "saturated" in section.inner_text().lower()


def test_a_folded_part_opens_by_its_line_and_by_a_link_to_what_is_inside(page: Page, address: str) -> None:
    page.goto(f"{address}/notebooks/08_cnn_architectures.html")
    folded = page.locator("details.fold-section")
    figure = page.locator("#fig-c08-kaiming")
    assert folded.count() == 2 and not figure.is_visible()
    folded.first.locator("summary").first.click()
    assert figure.is_visible()
    page.goto(f"{address}/notebooks/08_cnn_architectures.html#fig-c08-noise")
    page.locator("#fig-c08-noise").wait_for()
