"""The runs of other processors and other seeds that the prose of the chapters is compared with."""

from __future__ import annotations

import random

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests import prose
from tests.support.other_seeds import moved


def _drawn_in(module: str, seed: object) -> list[int]:
    """What a cell of the module draws with a seed, where seeds are moved by 100."""
    names = {"__name__": module, "default_rng": moved(np.random.default_rng, 100), "seed": seed}
    exec("drawn = default_rng(seed).integers(1000, size=5).tolist()", names)
    drawn: list[int] = names["drawn"]  # type: ignore[assignment]
    return drawn


def test_a_seed_of_the_notebook_is_moved_and_one_of_a_check_is_not() -> None:
    expected = {seed: np.random.default_rng(seed).integers(1000, size=5).tolist() for seed in (3, 103)}
    assert _drawn_in("__main__", 3) == expected[103]
    assert _drawn_in("__main__", np.int64(3)) == expected[103]
    assert _drawn_in("workbook.chapter03.exercises", 3) == expected[3]


def test_what_is_no_whole_number_is_no_seed_to_move() -> None:
    expected = np.random.default_rng([3, 4]).integers(1000, size=5).tolist()
    assert _drawn_in("__main__", [3, 4]) == expected


def test_every_chapter_with_a_random_experiment_is_compared() -> None:
    numbers = {path.stem[:2] for path in (prose.ROOT / "notebooks").glob("*.ipynb")}
    assert set(prose.TRAINING) <= numbers
    assert prose.main(["00"]) == 2


def _run(printed: str) -> object:
    return new_notebook(
        cells=[
            new_code_cell("print('one')", id="first", outputs=[new_output("stream", text="the same everywhere\n")]),
            new_markdown_cell("So it is.", id="note-1"),
            new_code_cell("print('two')", id="second", outputs=[new_output("stream", text=printed)]),
            new_markdown_cell("The second wins.", id="note-2"),
        ]
    )


def test_a_note_is_below_what_the_runs_printed_where_they_differ() -> None:
    runs = {"here": _run("0.91"), "elsewhere": _run("0.42")}
    page = "\n".join(prose.comparison(runs["here"], runs))  # type: ignore[arg-type]
    first, second = page.split("# note-2")
    assert "So it is." in first and "the same everywhere" not in first
    assert second.index("0.91") < second.index("0.42") < second.index("The second wins.")


@pytest.mark.parametrize("unit", ["s", "ms", "seconds"])
def test_runs_that_differ_in_their_speed_only_are_one(unit: str) -> None:
    seconds = random.Random(1).sample(range(10, 90), 2)
    runs = {f"run {n}": _run(f"accuracy 0.9 in {n} {unit}") for n in seconds}
    page = "\n".join(prose.comparison(_run(""), runs))  # type: ignore[arg-type]
    assert "accuracy 0.9" not in page
