"""What is told about a scored cell outside a feedback page: in a learning platform and in nbgrader's gradebook."""

from __future__ import annotations

from autograder.results import TaskResult

WAITS = "A person will read this answer."
STALE = "The points were given for an earlier version of this answer."


def from_checks(task: TaskResult) -> list[str]:
    """What the checks said, and the likely cause where it is known."""
    return [text for text in (task.message, f"Likely cause: {task.hint}" if task.hint else "") if text]


def told(task: TaskResult) -> list[str]:
    """What a student is told: the checks' words and a person's; of an answer that waits, only that it does."""
    if task.pending:
        return [WAITS]
    return [*from_checks(task), *([task.comment] if task.comment else []), *([STALE] if task.stale else [])]
