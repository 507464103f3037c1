"""What was handed out is remembered in the notebook, and what is gone or changed is told."""

import copy

import pytest

from autograder.notebook.cells import by_grade_id
from autograder.notebook.inventory import (
    MissingChecks,
    differences,
    missing_checks,
    released_experiments,
    with_inventory,
)


@pytest.fixture
def handed_out(toy_student):
    return with_inventory(toy_student)


def test_nothing_differs_in_what_was_handed_out(handed_out):
    found = differences(handed_out)
    assert (found.missing, found.changed) == ((), ())


def test_answers_may_change(handed_out):
    by_grade_id(handed_out)["double"].source = "def double(x): return 2 * x"
    assert differences(handed_out).changed == ()


def test_cells_that_are_gone_are_named(handed_out):
    gone = ("double", "test-double")
    handed_out.cells = [c for name, c in by_grade_id(handed_out).items() if name not in gone]
    assert differences(handed_out).missing == gone


def test_a_locked_cell_with_another_text_is_named(handed_out):
    by_grade_id(handed_out)["test-double"].source = "print('correct')"
    assert differences(handed_out).changed == ("test-double",)


def test_space_around_a_locked_cell_does_not_count(handed_out):
    cell = by_grade_id(handed_out)["test-double"]
    cell.source = f"\n{cell.source}\n"
    assert differences(handed_out).changed == ()


def test_without_an_inventory_nothing_differs(toy_student):
    assert differences(toy_student).missing == ()


@pytest.mark.parametrize("metadata", ["text", 3, {}, None, {"cells": ["a"]}])
def test_metadata_of_another_program_is_no_inventory(toy_student, metadata):
    notebook = copy.deepcopy(toy_student)
    notebook.metadata["autograder"] = metadata
    assert differences(notebook).missing == ()


def test_what_is_gone_is_counted_with_its_points(handed_out):
    gone = ("double", "test-double", "written-why")
    handed_out.cells = [c for name, c in by_grade_id(handed_out).items() if name not in gone]
    assert missing_checks(handed_out) == MissingChecks(1, 5.0, 2.0)


def test_experiments_as_they_were_released_are_known(toy_student):
    toy_student = copy.deepcopy(toy_student)
    toy_student.metadata["autograder"] = {"experiments": "independent"}
    handed_out = with_inventory(toy_student)
    [at] = released_experiments(handed_out)
    assert handed_out.cells[at].id == "experiment"
    handed_out.cells[at].source += "  # mine"
    assert released_experiments(handed_out) == frozenset()


def test_experiments_that_checks_may_need_always_run(handed_out):
    assert released_experiments(handed_out) == frozenset()


@pytest.mark.parametrize("metadata", ["text", {"checks": 3, "in_words": [], "released_experiments": [3, {}, None]}])
def test_an_inventory_that_somebody_changed_counts_as_none(toy_student, metadata):
    notebook = copy.deepcopy(toy_student)
    notebook.metadata["autograder"] = metadata
    assert missing_checks(notebook) == MissingChecks()
    assert released_experiments(notebook) == frozenset()
