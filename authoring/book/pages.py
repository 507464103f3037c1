"""Fill in the pages of the book that show recorded experiments, or what a check says."""

from __future__ import annotations

from pathlib import Path

from authoring.book.check_demo import with_demonstration
from authoring.book.overview import with_overview
from authoring.book.result_figures import draw_recordings
from authoring.book.results import results_page


def fill(name: str, text: str, folder: Path) -> str:
    """The text of a page with what is made for it.

    Args:
        name: the page, without suffix.
        text: its Markdown.
        folder: where it will be; files that it shows are written below it.
    """
    if name == "index":
        return with_demonstration(text)
    if name != "results":
        return text
    draw_recordings(folder / "recorded", folder.parent)
    return with_overview(results_page(text))
