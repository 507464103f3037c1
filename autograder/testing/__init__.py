"""The machinery behind every check: call a student's function, compare, name the mistake.

A test cell reads like this::

    check.sigmoid(sigmoid)                        # the visible check of the chapter
    ### BEGIN HIDDEN TESTS
    with hidden_case("a single number"):
        compare(call(sigmoid, 0.0), 0.5, "sigmoid(0)")
    ### END HIDDEN TESTS
"""

from autograder.testing.automatic import autotest
from autograder.testing.call import call
from autograder.testing.case import Case
from autograder.testing.cell_errors import explain_errors
from autograder.testing.compare import Mistake, compare, require
from autograder.testing.exercise import Exercise
from autograder.testing.failure import CheckFailed, ReferenceMissing, explained, hidden_case, passed
from autograder.testing.forbidden import Forbidden, ForbiddenLoop, ForbiddenNames
from autograder.testing.members import attribute, method
from autograder.testing.quantity import Quantity
from autograder.testing.renaming import renamed, suspect
from autograder.testing.returned import (
    arrays,
    entries,
    instance,
    network,
    numbers,
    returned,
    scalar,
    unpacked,
)

explain_errors()

__all__ = [
    "Case",
    "CheckFailed",
    "Exercise",
    "Forbidden",
    "ForbiddenLoop",
    "ForbiddenNames",
    "Mistake",
    "Quantity",
    "ReferenceMissing",
    "arrays",
    "attribute",
    "autotest",
    "call",
    "compare",
    "entries",
    "explained",
    "hidden_case",
    "instance",
    "method",
    "network",
    "numbers",
    "passed",
    "renamed",
    "require",
    "returned",
    "scalar",
    "suspect",
    "unpacked",
]
