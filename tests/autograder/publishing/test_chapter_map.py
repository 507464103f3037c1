"""The map shows which chapter builds on which, to readers with and without sight."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.publishing.chapter_map import MapEntry, chapter_map, map_entry
from tests.book.conftest import ROOT

ENTRIES = [
    MapEntry("00_start", "Start", ()),
    MapEntry("01_next", "Next & more", ("00",)),
    MapEntry("02_last", "Last", ("00", "01")),
]


def _drawings(block: str) -> list[ElementTree.Element]:
    inside = block.removeprefix("```{raw} html\n").removesuffix("\n```")
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", inside, re.DOTALL)]


def _entry(opening: str) -> MapEntry:
    return map_entry("09_toy", new_notebook(cells=[new_markdown_cell(opening)]))


def test_an_entry_is_read_from_the_opening_of_a_chapter() -> None:
    entry = _entry(
        "# A toy\n\n**Time:** 5 minutes. **Builds on:** chapter 01 (x), chapter\n02 and 03. Chapter 07 helps."
    )
    assert (entry.number, entry.title, entry.builds_on) == ("09", "A toy", ("01", "02", "03"))


def test_several_numbers_may_follow_the_word_chapters() -> None:
    assert _entry("# A\n\n**Builds on:** chapters 02, 03 and 05.").builds_on == ("02", "03", "05")


def test_a_chapter_may_build_on_none() -> None:
    assert _entry("# A\n\n**Builds on:** Python.").builds_on == ()
    assert _entry("# A").builds_on == ()


def test_each_drawing_links_every_chapter() -> None:
    drawings = _drawings(chapter_map(ENTRIES))
    assert len(drawings) == 2
    for drawing in drawings:
        links = [link.get("href") for link in drawing.iter("a")]
        assert links == [f"../notebooks/{entry.name}.html" for entry in ENTRIES]


def test_an_edge_that_follows_from_others_is_not_drawn_but_described() -> None:
    for drawing in _drawings(chapter_map(ENTRIES)):
        (edges,) = [group for group in drawing.iter("g") if group.get("class") == "edges"]
        assert len(list(edges)) == 2
        (text,) = list(drawing.iter("desc"))
        assert "02, Last, builds on 00 and 01" in (text.text or "")


def test_boxes_neither_overlap_nor_leave_the_picture() -> None:
    chapters = Course(ROOT).chapters
    entries = [map_entry(c.name, nbformat.read(c.path, as_version=4)) for c in chapters]
    for drawing in _drawings(chapter_map(entries)):
        _, _, width, height = map(float, (drawing.get("viewBox") or "").split())
        boxes = [[float(r.get(key) or 0) for key in ("x", "y", "width", "height")] for r in drawing.iter("rect")]
        assert len(boxes) == len(chapters)
        for i, (x, y, w, h) in enumerate(boxes):
            assert min(x, y) >= 0 and x + w <= width and y + h <= height
            for u, v, p, q in boxes[:i]:
                assert x + w <= u or u + p <= x or y + h <= v or v + q <= y


def test_arrows_at_a_box_stand_apart_and_do_not_swap_sides() -> None:
    entries = [MapEntry(f"0{n}_x", "X", ()) for n in range(3)]
    entries += [MapEntry("03_x", "X", ("00", "01", "02")), MapEntry("04_x", "X", ("00",))]
    for drawing in _drawings(chapter_map(entries)):
        paths = [re.findall(r"-?[\d.]+", path.get("d") or "") for path in drawing.iter("path")]
        arrows = sorted((float(numbers[0]), float(numbers[-2])) for numbers in paths if len(numbers) == 8)
        assert len(arrows) == 4
        for ends in zip(*arrows, strict=True):
            assert all(abs(a - b) >= 12 for i, a in enumerate(ends) for b in ends[:i])
        (box,) = [a for a in drawing.iter("a") if "03_x" in (a.get("href") or "")]
        (rect,) = list(box.iter("rect"))
        left, right = (float(rect.get("x") or 0) + share * float(rect.get("width") or 0) for share in (0, 1))
        entering = [end for _, end in arrows if left < end < right]
        assert len(entering) == 3 and entering == sorted(entering)


def test_every_chapter_of_this_course_builds_on_earlier_ones() -> None:
    for chapter in Course(ROOT).chapters[1:]:
        entry = map_entry(chapter.name, nbformat.read(chapter.path, as_version=4))
        assert entry.builds_on, f"{chapter.name} names no chapter under 'Builds on'"
        assert max(entry.builds_on) < entry.number
