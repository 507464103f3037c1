"""What the chapters say of a run in numbers is in that run's outputs, or in a recording that they name."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.book_edition import without_hidden_tests
from autograder.publishing.book import BookBuild
from autograder.publishing.executed_chapters import ExecutedChapter, executed_chapter
from tests.book.conftest import ROOT
from tests.support.supported_numbers import unsupported
from tests.support.toy import meta

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_number_about_a_run_is_in_its_outputs_or_in_a_recording(
    built: BookBuild, course_copy: Course, name: str
) -> None:
    assert name not in built.missing
    shown = without_hidden_tests(prepare_source(course_copy, name))
    run = executed_chapter(course_copy, name, shown)
    assert isinstance(run, ExecutedChapter) and run.reused
    source = nbformat.read(Path(ROOT / "notebooks" / f"{name}.ipynb"), as_version=4)
    assert unsupported(source, run.notebook) == []


def _flagged(note: str, printed: str = "", before: str = "rate = 0.25", kind: str = "note") -> list[str]:
    cells: list[NotebookNode] = [
        new_markdown_cell("# Toy\n\nTrained on 1437 images.", id="title"),
        new_code_cell(before, id="experiment", outputs=[new_output("stream", text=printed)]),
        new_markdown_cell(
            note, id="note", metadata=meta("written-a", grade=True, solution=True) if kind == "answer" else {}
        ),
    ]
    notebook = new_notebook(cells=cells)
    return [number for _, number in unsupported(notebook, notebook)]


@pytest.mark.parametrize("kind", ["note", "answer"])
def test_a_number_that_the_run_did_not_print_is_found(kind: str) -> None:
    assert _flagged("It ends at 93.4 %, with 0.87 before.", "ends at 0.951", kind=kind) == ["93.4", "0.87"]


@pytest.mark.parametrize(
    ("note", "printed"),
    [
        ("It ends at 93.4 %.", "accuracy 0.934"),
        ("It ends at 93 %.", "accuracy 93.41 %"),
        ("They end at 93 to 95 %.", "0.934 0.951"),
        ("The loss is 0.12.", "loss 1.2e-01"),
        ("It has 12 720 parameters.", "12720"),
        ("The last is at 0.99.", "46 122 0.99"),
        ("One is at 122.", "46 122 0.99"),
    ],
)
def test_a_number_that_rounds_what_was_printed_is_none(note: str, printed: str) -> None:
    assert _flagged(note, printed) == []


@pytest.mark.parametrize(
    "note",
    [
        "At rate 0.25 it learns 1437 images.",
        "Three of 10 fail, in chapter 07 and in chapters 08 and 11.",
        "By hand, 785·16 + 16·10 = 12 720.",
        "By hand, $0.99 \\cdot 0.01 = 0.0099$; see `run(seed=77)`.",
        "Others report 95.3 % {cite:p}`lecun1998gradient`.",
        "It works.\n\n## Next\n\nTake 512 units.",
    ],
)
def test_settings_sums_formulas_and_sources_are_no_claims_about_a_run(note: str) -> None:
    assert _flagged(note) == []


def test_a_sum_with_a_wrong_result_supports_nothing() -> None:
    assert "12 721" in _flagged("By hand, 785·16 + 16·10 = 12 721.")


def test_a_recording_supports_a_paragraph_that_speaks_of_it_where_the_chapter_names_it() -> None:
    named = 'recording("gaze_batch_norm")'
    recorded = "In the recording it reaches 94.2 % of the test pictures."
    assert _flagged(recorded, before=named) == []
    assert _flagged(recorded) == ["94.2"]
    assert _flagged("It reaches 94.2 % of the test pictures.", before=named) == ["94.2"]


def test_a_table_belongs_to_the_paragraph_that_introduces_it() -> None:
    table = "Recorded:\n\n| network | test |\n|---|---|\n| plain | 0.542 |"
    assert _flagged(table, before='recording("gaze_batch_norm")') == []
