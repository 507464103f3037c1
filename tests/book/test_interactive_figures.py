"""The interactive figures as a reader meets them: opened as a file, moved by keyboard and pointer, in both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from autograder.publishing.book import BookBuild
from tests.book.conftest import ROOT
from tests.book.sample import sampled
from tests.support.browser import PATIENCE

LIST = yaml.safe_load((ROOT / "book" / "interactive.yml").read_text())
FIGURES = {entry["figure"]: chapter for chapter, entries in LIST.items() for entry in entries}
CHAPTERS = sorted(set(FIGURES.values()))
PLAYED = ("sigmoid_chain", "xor_training", "kernel_slide", "graph_steps", "optimizer_paths", "receptive_field")
DRAGGED = {"activation_slope": "x", "sigmoid_chain": "layers", "softmax_floor": "z", "schedules": "epoch"}
DESK, PHONE = 1280, 390
_SCRIPT = "text/javascript"


def _first(names: Iterable[str]) -> list[object]:
    """Parameters for a test of which ``make test`` runs the first case only."""
    first, *others = names
    return [first, *(pytest.param(name, marks=pytest.mark.slow) for name in others)]


@dataclass(frozen=True)
class Opened:
    """A page that was opened as a file, and what went wrong on it so far."""

    page: Page
    errors: list[str]
    requests: list[str]

    def figure(self, name: str) -> Locator:
        return self.page.locator(f"#interactive-{name}")


Opener = Callable[..., AbstractContextManager[Opened]]
Desk = Callable[[str], Opened]


@pytest.fixture(scope="module")
def opened(built: BookBuild, browser: Browser) -> Opener:
    @contextmanager
    def open_chapter(
        chapter: str,
        width: int = DESK,
        wait: bool = True,
        formulas: bool = False,
        **options: Any,
    ) -> Iterator[Opened]:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        errors: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if not formulas:
            # Setting a chapter's formulas takes longer than all else on the page, and no figure waits for them.
            page.route(lambda url: "/mathjax/" in url, lambda route: route.fulfill(body="", content_type=_SCRIPT))
        folder = built.html.as_uri()
        own = (f"{folder}/", "data:", "blob:", "about:")
        page.on("request", lambda asked: None if asked.url.startswith(own) else requests.append(asked.url))
        page.goto(f"{folder}/notebooks/{chapter}.html", wait_until="load")
        if wait:
            page.wait_for_function(
                "() => [...document.querySelectorAll('figure.interactive')].every((f) => f.dataset.ready)"
            )
        yield Opened(page, errors, requests)
        context.close()

    return open_chapter


@pytest.fixture(scope="module")
def desk(opened: Opener) -> Iterator[Desk]:
    """Each chapter on a wide screen in the light theme, opened once: what a test leaves is where the next begins."""
    with ExitStack() as pages:
        yield cache(lambda chapter: pages.enter_context(opened(chapter, formulas=True)))


def on(chapter: str) -> list[str]:
    return [figure for figure, place in FIGURES.items() if place == chapter]


def text_of(figure: Locator) -> str:
    return figure.locator(".text").inner_text()


def drawing_of(figure: Locator) -> str:
    return figure.locator(".drawing").inner_html()


def wait_for_other_text(page: Page, figure: Locator, before: str) -> None:
    name = figure.get_attribute("id")
    page.wait_for_function(
        "([id, before]) => document.querySelector(`#${id} .text`).innerText !== before",
        arg=[name, before],
    )


@pytest.mark.parametrize("chapter", _first(CHAPTERS))
def test_figures_are_on_their_page_and_it_works_from_a_file(chapter: str, desk: Desk) -> None:
    seen = desk(chapter)
    for name in on(chapter):
        figure = seen.figure(name)
        assert figure.count() == 1
        assert figure.locator(".drawing svg").is_visible() and figure.locator(".controls").is_visible()
    assert seen.errors == [] and seen.requests == []


@pytest.mark.parametrize("name", _first(FIGURES))
def test_every_control_moves_the_figure_by_keyboard(name: str, opened: Opener) -> None:
    with opened(FIGURES[name]) as seen:
        figure, page = seen.figure(name), seen.page
        for control in figure.locator("input[type=range]").all():
            before, drawn, value = text_of(figure), drawing_of(figure), float(control.input_value())
            at_end = value >= float(control.get_attribute("max") or 0)
            control.focus()
            for _ in range(3):
                page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
            assert float(control.input_value()) != value
            assert drawing_of(figure) != drawn
            assert control.get_attribute("aria-valuetext")
            wait_for_other_text(page, figure, before)
        for button in figure.locator("[data-step]").all():
            drawn = drawing_of(figure)
            button.focus()
            page.keyboard.press("Enter")
            assert drawing_of(figure) != drawn
        for fieldset in figure.locator("fieldset").all():
            drawn = drawing_of(figure)
            fieldset.locator("input:checked").focus()
            page.keyboard.press("ArrowDown")
            assert drawing_of(figure) != drawn
        assert seen.errors == []


def test_the_sentence_is_that_of_the_picture_at_once_and_is_spoken_when_the_reader_rests(desk: Desk) -> None:
    seen = desk("05_numpy_convolution")
    shown, spoken = seen.page.evaluate("""() => {
        const figure = document.getElementById("interactive-output_size"), slider = figure.querySelector("input");
        const before = figure.querySelector(".text").textContent;
        slider.value = Number(slider.value) + 1;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        return [figure.querySelector(".text").textContent !== before, figure.querySelector(".spoken").textContent];
    }""")
    assert shown and spoken != text_of(seen.figure("output_size"))
    seen.page.wait_for_function("""() => {
        const figure = document.getElementById("interactive-output_size");
        return figure.querySelector(".spoken").textContent === figure.querySelector(".text").textContent;
    }""")


@pytest.mark.parametrize("name", _first(FIGURES))
def test_every_interactive_figure_has_a_number(name: str, desk: Desk) -> None:
    number = desk(FIGURES[name]).figure(name).locator("figcaption .caption-number").inner_text()
    assert number.strip().startswith(f"Fig. {int(FIGURES[name][:2])}.")


@pytest.mark.parametrize("name", _first(FIGURES))
def test_tab_reaches_every_control_and_the_focus_is_seen(name: str, desk: Desk) -> None:
    seen = desk(FIGURES[name])
    figure = seen.figure(name)
    stops = figure.locator("input[type=range], button").count() + figure.locator("fieldset").count()
    figure.locator("input:checked, input[type=range], button").first.focus()
    reached = 0
    inside = "(id) => Boolean(document.activeElement.closest(`#${id}`))"
    while reached <= stops and seen.page.evaluate(inside, f"interactive-{name}"):
        outline = seen.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        reached += 1
        seen.page.keyboard.press("Tab")
    assert reached == stops


@pytest.mark.parametrize("name", _first(DRAGGED))
def test_a_point_is_dragged_with_the_pointer(name: str, desk: Desk) -> None:
    seen = desk(FIGURES[name])
    figure = seen.figure(name)
    slider = figure.locator(f"input[data-control={DRAGGED[name]}]")
    figure.locator(".drawing").scroll_into_view_if_needed()
    box = figure.locator(".drawing svg").bounding_box()
    assert box is not None
    values = []
    seen.page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.4 * box["height"])
    seen.page.mouse.down()
    for share in (0.2, 0.25, 0.3, 0.35):
        seen.page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.4 * box["height"])
        values.append(float(slider.input_value()))
    seen.page.mouse.up()
    assert values == sorted(values) and values[0] < values[-1]
    seen.page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.4 * box["height"])
    assert float(slider.input_value()) == values[-1], "the point follows a pointer that is up"


@pytest.mark.parametrize("name", _first(PLAYED))
def test_play_steps_by_itself_until_it_is_paused(name: str, opened: Opener) -> None:
    with opened(FIGURES[name]) as seen:
        # The page's time goes on only where this test says so.
        clock = seen.page.clock
        clock.install(time=0)
        clock.pause_at(1000)
        figure = seen.figure(name)
        slider = figure.locator(".slider:has([data-play]) input")
        slider.evaluate("(e) => { e.value = e.min; e.dispatchEvent(new Event('input', { bubbles: true })); }")
        first, step = float(slider.input_value()), float(slider.get_attribute("step") or 1)
        play = figure.locator("[data-play]")
        play.click()
        assert play.inner_text() == "Pause"
        clock.run_for(1700)
        assert float(slider.input_value()) == pytest.approx(first + 2 * step)
        play.click()
        assert play.inner_text() == "Play"
        clock.run_for(10_000)
        assert float(slider.input_value()) == pytest.approx(first + 2 * step)


def test_who_asks_for_less_motion_gets_no_play_button(opened: Opener) -> None:
    with opened("02_xor_mlp", reduced_motion="reduce") as seen:
        figure = seen.figure("xor_training")
        assert not figure.locator("[data-play]").is_visible()
        before = text_of(figure)
        figure.get_by_role("button", name="Next").click()
        wait_for_other_text(seen.page, figure, before)


@pytest.mark.parametrize("chapter", sampled(CHAPTERS))
def test_without_scripts_the_first_state_is_there(chapter: str, opened: Opener) -> None:
    with opened(chapter, java_script_enabled=False, wait=False) as seen:
        for name in on(chapter):
            figure = seen.figure(name)
            assert figure.locator(".drawing svg").is_visible()
            assert len(text_of(figure)) > 20
            assert not figure.locator(".controls").is_visible()


@pytest.mark.parametrize("chapter", sampled(CHAPTERS))
def test_figures_fit_a_phone(chapter: str, opened: Opener) -> None:
    with opened(chapter, PHONE) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        for name in on(chapter):
            drawing = seen.figure(name).locator("svg")
            assert 280 <= drawing.evaluate("(e) => e.getBoundingClientRect().width") <= PHONE
            script = "(e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a"
            assert drawing.locator("text").first.evaluate(script) >= 10.5, "text of the drawing, in CSS pixels"


@pytest.mark.parametrize("chapter", sampled(CHAPTERS))
def test_figures_have_no_barrier_in_either_theme(chapter: str, desk: Desk) -> None:
    page = desk(chapter).page
    for theme in ("dark", "light"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        answer = Axe().run(page, context={"include": [["figure.interactive"]]}, options={"preload": False})
        assert [f"{v['id']}: {v['nodes'][0]['target']}" for v in answer.response["violations"]] == []


@pytest.mark.parametrize("chapter", sampled(CHAPTERS))
def test_colours_follow_the_theme_at_once(chapter: str, desk: Desk) -> None:
    script = """(id) => {
        const figure = document.getElementById(id);
        const text = figure.querySelector("svg text"), caption = figure.querySelector("figcaption");
        return [getComputedStyle(figure).backgroundColor, getComputedStyle(text).fill, getComputedStyle(caption).color];
    }"""
    seen = desk(chapter)
    for name in on(chapter):
        light = seen.page.evaluate(script, f"interactive-{name}")
        seen.page.evaluate("document.documentElement.dataset.theme = 'dark'")
        dark = seen.page.evaluate(script, f"interactive-{name}")
        seen.page.evaluate("document.documentElement.dataset.theme = 'light'")
        assert all(a != b for a, b in zip(light, dark, strict=True))
        assert light[0] == "rgb(255, 255, 255)"


def test_the_drawing_takes_the_width_that_the_window_has(opened: Opener) -> None:
    with opened("02_xor_mlp") as seen:
        drawing = seen.figure("xor_training").locator(".drawing svg")
        wide = drawing.get_attribute("viewBox")
        seen.page.set_viewport_size({"width": PHONE, "height": 900})
        seen.page.wait_for_function(
            "(before) => document.querySelector('#interactive-xor_training svg').getAttribute('viewBox') !== before",
            arg=wide,
        )
        assert float((drawing.get_attribute("viewBox") or "").split()[2]) <= PHONE


def test_the_browser_computes_what_numpy_does(desk: Desk) -> None:
    def call(seen: Opened, name: str, formula: str, *values: Any) -> Any:
        script = "([name, formula, values]) => Interactive.figures[name].formulas[formula](...values)"
        return seen.page.evaluate(script, [name, formula, list(values)])

    seen = desk("01_activation_derivatives")
    for x in (-30.0, -1.3, 0.0, 2.2):
        s = 1 / (1 + np.exp(-x))
        assert call(seen, "activation_slope", "slope", "sigmoid", x) == pytest.approx(s * (1 - s), rel=1e-9)
    seen = desk("03_digits_mlp")
    assert call(seen, "softmax_floor", "floor", 10) == pytest.approx(np.log(np.e + 9) - 1)
    seen = desk("10_optimizers")
    path = np.array(call(seen, "optimizer_paths", "walk", "momentum", 0.02, False, 20))
    w, v = np.array([-4.0, 1.0]), np.zeros(2)
    for _ in range(20):
        v = 0.9 * v + np.array([1.0, 30.0]) * w
        w = w - 0.02 * v
    np.testing.assert_allclose(path[-1], w, rtol=1e-12)
