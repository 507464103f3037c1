"""Decide what each scored cell of an executed notebook earned.

The rules, strict where nbgrader's ``determine_grade`` has accidents:

- a cell that was not reached, or was interrupted at its time limit, earns nothing;
- a cell whose output holds an error earns nothing;
- a cell whose last value is a number between 0 and its points earns that number (nbgrader's partial credit);
  a number outside that range, or NaN, earns nothing;
- any other executed test cell earns its points. Text on stderr costs nothing: a library's warning is not a mistake;
- a cell graded by hand earns nothing yet, and says so, unless the student left it empty or untouched.

Outputs of test cells come from :mod:`autograder.referee.examiner` when a batch is graded. Where a notebook was
executed as a whole, as ``validate`` does, they are what the student's own process reported.
"""

from __future__ import annotations

import math
import re

from nbformat import NotebookNode

from autograder.kernel.session import Execution
from autograder.notebook.cells import UNTOUCHED_TEXT, cell_info, judged_answer
from autograder.referee.failed_line import failed_statement, in_hidden_region
from autograder.results import Status, TaskResult
from autograder.testing import CheckFailed

_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_WRITTEN = "An answer that this test needs is not written yet."
_REPLACE = "a cell still raises NotImplementedError. Replace that line, run the cell, then run this one again."


def judge(execution: Execution) -> tuple[TaskResult, ...]:
    """One result for each scored cell of an executed, reconciled notebook, in notebook order."""
    cells = enumerate(execution.notebook.cells)
    return tuple(judge_cell(cell, index, execution) for index, cell in cells if cell_info(cell).scored)


def judge_cell(cell: NotebookNode, index: int, execution: Execution) -> TaskResult:
    """What one scored cell earned, which stands at ``index`` of the notebook."""
    about = cell_info(cell)
    seconds = round(execution.seconds.get(index, 0.0), 3)

    def result(status: Status, points: float = 0.0, failure: CheckFailed | None = None) -> TaskResult:
        return TaskResult(
            grade_id=str(about.grade_id),
            points=points,
            max_points=about.points,
            status=status,
            message=failure.message if failure else "",
            hint=(failure.hint or "") if failure else "",
            mistake=failure.mistake if failure else None,
            seconds=seconds,
            answer=judged_answer(execution.notebook.cells, index),
        )

    if about.kind in ("manual", "task"):
        if about.kind == "manual" and cell.source.strip() in ("", UNTOUCHED_TEXT):
            return result("failed", failure=CheckFailed("No answer was written."))
        return result("manual")
    if index in execution.timed_out:
        return result("timeout", failure=_timed_out(about.grade_id, execution.timed_out[index]))
    if index not in execution.seconds:
        return result("not_reached", failure=CheckFailed(f"Not reached: {execution.fault}."))
    if index == execution.fault_index:
        status: Status = "timeout" if "interrupt" in str(execution.fault) else "error"
        return result(status, failure=CheckFailed(f"While this test ran, {execution.fault}."))
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            return result(*_failed(output, cell))
        if output["output_type"] == "execute_result":
            number = _number(output)
            if number is not None:
                return result(*_partial(number, about.points))
    return result("passed", about.points)


def _timed_out(grade_id: str | None, why: str) -> CheckFailed:
    return CheckFailed(
        f"{grade_id} {why} and was interrupted.",
        "a loop in your function may never end, or it does far more work than it needs to.",
        "too-slow",
    )


def _failed(output: NotebookNode, cell: NotebookNode) -> tuple[Status, float, CheckFailed]:
    name, value = str(output.get("ename", "")), str(output.get("evalue", ""))
    if name == CheckFailed.__name__:
        return "failed", 0.0, CheckFailed.parse(value)
    undefined = _NOT_DEFINED.search(value)
    if name == "NameError" and undefined:
        failure = CheckFailed(
            f"{undefined[1]} is not defined.",
            "its cell is missing, or stopped with an error before the name was defined.",
            "not-defined",
        )
        return "error", 0.0, failure
    if name == "NotImplementedError" and not value:
        # nbgrader's own words in an empty answer.
        return "error", 0.0, CheckFailed(_NOT_WRITTEN, _REPLACE, "not-written")
    status: Status = "failed" if name == "AssertionError" else "error"
    if in_hidden_region(output, cell):
        return status, 0.0, CheckFailed("A hidden test failed.")
    return status, 0.0, CheckFailed(_in_words(name, value.strip(), failed_statement(output, cell)))


def _in_words(name: str, value: str, statement: str) -> str:
    """What a test without a message of its own says: the error, and the statement, which students have before them."""
    if name == "AssertionError":
        return value or (f"This does not hold: {statement}" if statement else name)
    message = f"{name}: {value}".removesuffix(": ")
    return f"{message}\nIn the test: {statement}" if statement else message


def _number(output: NotebookNode) -> float | None:
    text = str(output.get("data", {}).get("text/plain", ""))
    # np.float64(0.5) is how NumPy 2 shows a number.
    match = re.fullmatch(r"(?:np\.\w+\()?([-+\w.]+)\)?", text.strip())
    try:
        return float(match[1]) if match else None
    except ValueError:
        return None


def _partial(number: float, points: float) -> tuple[Status, float, CheckFailed | None]:
    if math.isnan(number) or not 0 <= number <= points:
        return (
            "error",
            0.0,
            CheckFailed(f"The test gave {number:g} points; expected between 0 and {points:g}."),
        )
    if number == points:
        return "passed", number, None
    return "failed", number, CheckFailed(f"{number:g} of {points:g} points.")
