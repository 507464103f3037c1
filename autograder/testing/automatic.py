"""Tests that nbgrader makes from the author's solution (``### AUTOTEST``), with words in place of a traceback."""

from __future__ import annotations

from collections.abc import Callable

from autograder.testing.failure import CheckFailed
from autograder.testing.stopped import stopped

_LONGEST = 300


def autotest(evaluate: Callable[[], object], expected: str, complaint: str) -> None:
    """Require that an expression over the student's objects has the text that it had for the author's.

    ``autotests.yml`` writes calls of this function into test cells.

    Args:
        evaluate: computes the text.
        complaint: what is wrong if it is another, for example ``"f(3) has the wrong dtype"``.

    Raises:
        CheckFailed: if the text is another, or computing it raises anything.
    """
    try:
        got = evaluate()
    except CheckFailed:
        raise
    except (Exception, SystemExit) as error:
        raise stopped(f"{complaint}: it", error) from None
    if got != expected:
        # Of a condition that does not hold the complaint says all.
        detail = (
            "" if expected in ("True", "False") else f" It is {str(got)[:_LONGEST]}; expected {expected[:_LONGEST]}."
        )
        raise CheckFailed(f"{complaint}.{detail}")
