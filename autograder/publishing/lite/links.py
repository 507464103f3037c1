"""Links from the pages of a book to the chapters that run in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.durations import counted

FOLDER = "lite"
# A comment in Markdown: a book without the site has nothing in its place.
MARKER = "% chapters in the browser"
BUTTON = "% button to the browser"


def browser_link(chapter: str, skipped: int) -> str:
    """A sentence for a chapter's page, with a link to its notebook in the site.

    Args:
        skipped: how many of its cells cannot run there.
    """
    cells = counted(skipped, "cell")
    rest = f" ({cells} of it {'needs' if skipped == 1 else 'need'} more than a browser has)" if skipped else ""
    # One element, so that a print can leave the sentence out.
    return (
        f'<span class="in-browser">{_link(chapter, "Run this chapter in your browser")}, without installing '
        f"anything{rest}.</span>"
    )


def stage_links(chapters: Sequence[str], stage: Path) -> None:
    """Put links into each staged page of ``book/`` that has a marker: to all chapters of the site, or to the first."""
    links = ", ".join(_link(name, name.partition("_")[0]) for name in chapters)
    noun = "chapter" if len(chapters) == 1 else "chapters"
    text = f'<span class="in-browser">**Try it in your browser**, without installing anything: {noun} {links}.</span>'
    for path in (stage / "book").glob("*.md"):
        page = path.read_text(encoding="utf-8")
        if chapters and (MARKER in page or BUTTON in page):
            button = f'<span class="in-browser">{_link(chapters[0], "Run it in your browser")}</span>'
            path.write_text(page.replace(MARKER, text).replace(BUTTON, button), encoding="utf-8")


def _link(chapter: str, text: str) -> str:
    return f'<a href="../{FOLDER}/notebooks/index.html?path={chapter}.ipynb">{text}</a>'
