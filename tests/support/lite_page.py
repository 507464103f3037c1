"""A notebook in JupyterLite, worked on as a reader does: with the mouse and the keyboard."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import PATIENCE

_STEP = 400  # pixels that the mouse wheel turns at a time
_DONE = re.compile(r"\[\d+\]:")


class LitePage:
    """A chapter that is open in the browser.

    Attributes:
        foreign: addresses on another host that the page, or Python in it, asked for.
    """

    def __init__(self, browser: Browser, address: str, chapter: str) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        self.context.set_default_timeout(PATIENCE)
        self.foreign: list[str] = []
        mine = (address + "/", "data:", "blob:")
        self.context.on("request", lambda sent: None if sent.url.startswith(mine) else self.foreign.append(sent.url))
        self.page: Page = self.context.new_page()
        self.page.goto(f"{address}/lite/notebooks/index.html?path={chapter}.ipynb")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    def cell(self, beginning: str) -> Locator:
        """The code cell whose source begins so; only cells near the window are in the page, so it scrolls there."""
        found = self.page.locator(".jp-CodeCell").filter(has=self.page.locator(".cm-content", has_text=beginning))
        self.page.locator(".jp-WindowedPanel-outer").hover()
        for _ in range(200):
            if found.count():
                found.first.scroll_into_view_if_needed()
                return found.first
            self.page.mouse.wheel(0, _STEP)
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no code cell begins with {beginning!r}")

    def run(self, beginning: str) -> str:
        """Run a cell and wait until it has run; what it printed."""
        cell = self.cell(beginning)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        # "[*]:" while it waits or runs, then the next number.
        expect(prompt).not_to_have_text(before, timeout=PATIENCE)
        expect(prompt).to_have_text(_DONE, timeout=PATIENCE)
        return "\n".join(cell.locator(".jp-OutputArea-output").all_inner_texts())

    def write(self, beginning: str, source: str) -> None:
        """Replace the source of a cell."""
        self.cell(beginning).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def download(self, folder: Path) -> Path:
        """Save the notebook as a file, with the menu."""
        self.page.get_by_role("menuitem", name="File", exact=True).click()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("menuitem", name="Download", exact=True).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path
