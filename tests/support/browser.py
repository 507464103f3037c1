"""Visit a page of the built book in headless Chromium and note what a reader, with or without sight, would meet."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Response, sync_playwright

Theme = Literal["light", "dark"]

_ARGUMENTS = [
    "--no-sandbox",  # needed where tests run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_HEIGHT = 900
PATIENCE = 180_000
"""Milliseconds that a page may take for anything: a busy machine is slow, not wrong."""
# MathJax's markup is not the book's, and its hundreds of nodes take axe ten seconds a page.
_OUR_OWN = {"exclude": [["mjx-container"]]}
_LOOK = r"""() => ({
    formulas: document.querySelectorAll(".bd-article .math").length,
    unrendered: [...document.querySelectorAll(".bd-article .math")]
        .filter((e) => !e.querySelector("mjx-container, mjx-math") || e.querySelector("mjx-merror"))
        .map((e) => e.textContent.trim()),
    width: document.documentElement.scrollWidth,
    images: [...document.querySelectorAll("img")].filter((e) => !e.closest(".navbar-brand")).map((e) => ({
        alt: e.matches(".drawing-box .pixels") ? e.parentElement.querySelector("svg").ariaLabel : e.getAttribute("alt"),
        source: e.getAttribute("src"), broken: e.naturalWidth === 0,
    })),
    cards: [...document.querySelectorAll(".cell_output img:not(.pixels)")]
        .map((e) => getComputedStyle(e).backgroundColor),
    drawings: [...document.querySelectorAll(".drawing-box.wide svg")].map((e) => getComputedStyle(e).backgroundColor),
    theme: document.documentElement.dataset.theme,
    raw: [...document.querySelectorAll(".bd-article :is(p, li, td, dd, figcaption, h1, h2, h3)")]
        .filter((e) => !e.closest("pre, code, .math"))
        .map((e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join(" "))
        .filter((text) => /\$\$|\(eq-[\w-]+\)|\{[\w:]+\}`|:::|(^|\s)\*\*\w/.test(text)),
})"""


@dataclass(frozen=True)
class Visit:
    """What one page did in one browser window.

    Attributes:
        foreign: addresses on another host that the page asked for.
        failed: addresses that gave no answer or an error.
        console: errors on the console, and uncaught exceptions.
        look: what the script above read off the finished page.
        weight: bytes that the page asked for, without its figures.
        findings: axe's serious and critical findings, as "rule: selector".
    """

    foreign: list[str]
    failed: list[str]
    console: list[str]
    look: dict[str, Any]
    weight: int
    findings: list[str] = field(default_factory=list)


def chromium() -> str | None:
    """The path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on an ephemeral port of this machine; gives the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def launch() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: Browser, address: str, path: str, width: int, theme: Theme, picture: Path | None = None) -> Visit:
    """Open one page in a window of its own and wait until its formulas are set."""
    context = browser.new_context(viewport={"width": width, "height": _HEIGHT})
    # The theme reads the reader's choice from here before it draws anything.
    context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    foreign: list[str] = []
    failed: list[str] = []
    console: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if _is_foreign(request.url, address) else None)
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    sizes: list[int] = []
    page.on("response", lambda answer: None if "/_images/" in answer.url else sizes.append(_size(answer)))
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    page.goto(f"{address}/{path}", wait_until="load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    page.wait_for_load_state("networkidle")
    # Figures far below are loaded late; here all of them have to come.
    page.evaluate("() => document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; })")
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    look: dict[str, Any] = page.evaluate(_LOOK)
    if picture is not None:
        page.screenshot(path=picture, full_page=True)
    findings = _axe(page)
    context.close()
    return Visit(foreign, failed, console, look, sum(sizes), findings)


def _size(answer: Response) -> int:
    return int(answer.headers.get("content-length", 0))


def _is_foreign(url: str, address: str) -> bool:
    return not url.startswith((address + "/", "data:", "blob:", "about:"))


def _axe(page: Page) -> list[str]:
    # With preload, axe fetches style sheets itself and reports a missing file that no reader asks for;
    # and listing everything that is in order doubles its time.
    response = Axe().run(page, context=_OUR_OWN, options={"preload": False, "resultTypes": ["violations"]}).response
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}"
        for violation in response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
