"""What is kept of a notebook's outputs is bounded, however it is shown."""

import json

import pytest

from autograder.kernel import outputs
from autograder.kernel.outputs import OutputBudget, written_size


def display(text, name=None, **metadata):
    return {"data": {"text/plain": text}, "metadata": metadata, "transient": {"display_id": name} if name else {}}


@pytest.fixture
def budget(monkeypatch):
    monkeypatch.setattr(outputs, "_MAX_CELL", 10_000)
    monkeypatch.setattr(outputs, "_MAX_NOTEBOOK", 25_000)
    return OutputBudget(5_000)


def test_text_beyond_the_limit_of_a_cell_is_cut_and_a_line_says_so(budget):
    assert budget.printed(0, "a" * 4_000) == "a" * 4_000
    cut = budget.printed(0, "b" * 4_000)
    assert cut.startswith("b" * 1_000 + "\n[output cut here")
    assert budget.printed(0, "c") == ""
    assert budget.printed(1, "d") == "d"


def test_a_figure_beyond_the_limit_of_a_cell_is_not_kept_and_a_smaller_one_is(budget):
    assert budget.shows(0, display("x" * 6_000))
    assert not budget.shows(0, display("x" * 6_000))
    assert budget.shows(0, display("x" * 2_000))
    assert budget.shows(1, display("x" * 6_000))


def test_all_outputs_of_a_notebook_together_are_bounded(budget):
    kept = [budget.shows(cell, display("x" * 9_000)) for cell in range(5)]
    assert kept == [True, True, False, False, False]
    assert budget.printed(5, "y" * 4_999) == "y" * 4_999
    assert budget.printed(6, "y" * 4_999) == ""


def test_an_output_may_be_updated_often_but_not_grow_beyond_the_limit(budget):
    assert budget.shows(0, display("x", "live"))
    assert all(budget.shows(0, display("x" * 6_000, "live"), update=True) for _ in range(20))
    assert not budget.shows(0, display("x" * 12_000, "live"), update=True)
    assert not budget.shows(0, display("x" * 6_000))


def test_an_update_counts_as_often_as_it_is_shown(budget):
    assert all(budget.shows(0, display("x", "many")) for _ in range(20))
    assert not budget.shows(0, display("x" * 1_000, "many"), update=True)
    assert not budget.shows(1, display("x" * 1_000, "many"))


def test_an_update_of_nothing_takes_no_room(budget):
    assert budget.shows(0, display("x" * 9_000, "unknown"), update=True)
    assert budget.shows(0, display("x" * 9_000))


def nested(depth, value):
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    ["x" * 5_000, "\n" * 5_000, "\0" * 5_000, "é" * 5_000, [0] * 5_000, nested(300, [0] * 5_000), {"a": [1.5, None]}],
    ids=["text", "lines", "control", "accents", "list", "deep", "dict"],
)
def test_no_value_takes_more_in_a_file_than_is_counted(value):
    content = {"cells": [{"outputs": [value.splitlines(keepends=True) if isinstance(value, str) else value]}]}
    written = len(json.dumps(content, indent=1, ensure_ascii=False))
    assert written < 2 * written_size(value, 10**9) + 200


@pytest.mark.parametrize("value", ["x" * 10**6, [0] * 10**6, nested(10**5, 0)], ids=["text", "list", "deep"])
def test_counting_ends_beyond_the_limit(value):
    assert written_size(value, 1_000) > 1_000
    assert written_size("x", 1_000) < 100
