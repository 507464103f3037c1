"""A test cell that cannot check anything is the author's fault."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CourseError
from autograder.referee.examiner import Examiner
from tests.support.refereed import LocalChannel

MISSING = "Exercise('double', reference='nowhere.reference:double').check(double, 2.0)"


@pytest.mark.parametrize("test", [MISSING, f"with hidden_case('a number'):\n    {MISSING}"], ids=["visible", "hidden"])
def test_a_missing_reference_costs_no_student_points(test):
    about = {"grade_id": "test-double", "grade": True, "locked": True, "solution": False, "task": False,
             "points": 1, "schema_version": 3, "cell_type": "code"}  # fmt: skip
    given = new_code_cell(
        "from autograder.testing import Exercise, hidden_case",
        metadata={"nbgrader": {**about, "grade_id": "setup", "grade": False}},
    )
    cell = new_code_cell(test, metadata={"nbgrader": about})
    examiner = Examiner(new_notebook(cells=[given, cell]))
    channel = LocalChannel({"double": lambda x: 2 * x})
    with pytest.raises(CourseError, match=r"'test-double' cannot check anything: .* nowhere\.reference"):
        examiner.examine(cell, channel)
