"""Gradescope: the ``results.json`` that an autograder leaves for one submission.

Fields follow gradescope-autograders.readthedocs.io/en/latest/specs/ ("Output format"): ``score`` overrides the sum of
the tests; a test has ``name``, ``score``, ``max_score``, ``status`` (passed or failed), ``output`` and ``visibility``.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.printable import printable
from autograder.reporting.lateness import Grade
from autograder.reporting.wording import WAITS, told
from autograder.results import TaskResult


def gradescope_json(grade: Grade) -> str:
    """The file of one submission.

    Messages never hold a hidden test, so everything is visible to the student. An answer that waits for a person has no
    ``status``, score or maximum: neither passed nor failed would be true.
    """
    result = grade.result
    data: dict[str, Any] = {
        "score": round(grade.final, 4),
        "execution_time": round(result.seconds, 3),
        "output": _summary(grade),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(task, number) for number, task in enumerate(result.tasks, start=1)],
        "extra_data": {"student": result.student, "assignment": result.assignment, "flags": list(result.flags)},
    }
    return printable(json.dumps(data, indent=1, ensure_ascii=False) + "\n", lines=True)


def _test(task: TaskResult, number: int) -> dict[str, Any]:
    about = {"name": task.grade_id, "number": str(number), "visibility": "visible"}
    if task.pending:
        return {**about, "output": WAITS}
    return {
        **about,
        "score": task.points,
        "max_score": task.max_points,
        "status": "passed" if task.points >= task.max_points else "failed",
        "output": "\n".join(told(task)),
    }


def _summary(grade: Grade) -> str:
    result = grade.result
    lines = [f"{result.score:g} of {result.max_score:g} points."]
    if result.pending:
        lines.append(f"{result.pending:g} points wait for a person.")
    if grade.penalty:
        lines.append(f"Handed in late: {grade.penalty:g} points taken off.")
    if result.fault:
        lines.append(f"Grading ended early: {result.fault}")
    return "\n".join(lines)
