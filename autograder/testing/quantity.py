"""A value that checks compare with a reference, where a check calls more than one function to get it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import ArrayLike

from autograder.testing.answers import Answers, known_answers
from autograder.testing.case import Case
from autograder.testing.compare import Mistake, compare
from autograder.testing.failure import ReferenceMissing


@dataclass(frozen=True, eq=False)
class Quantity:
    """What a value should be: a loss, a gradient, a parameter after some steps.

    An :class:`autograder.testing.Exercise` calls one function and compares what it returns. A check that has to do more
    first, such as to make a model and to set its weights, hands the value to a quantity.

    Attributes:
        reference, mistakes, rtol, atol: as for :class:`autograder.testing.Exercise`.
        cases: the visible inputs, for which values are recorded.
    """

    reference: str
    mistakes: Mapping[str, str] = field(default_factory=dict)
    cases: Sequence[Case] = ()
    rtol: float = 1e-7
    atol: float = 1e-9

    def answers(self, *args: Any, **options: Any) -> Answers:
        """Right and wrong values for these inputs, recorded or else by the reference.

        Raises:
            ReferenceMissing: if neither is there.
        """
        found = known_answers(self.reference, args, options)
        if found is None:
            raise ReferenceMissing(
                f"{self.reference} is not installed, and no value is recorded for these inputs. A visible case needs "
                "one: the course's author records values with python -m autograder.testing.record."
            )
        return found

    def compare(
        self,
        got: Any,
        what: str,
        *args: Any,
        given: ArrayLike | None = None,
        also: Sequence[Mistake] = (),
        **options: Any,
    ) -> None:
        """Compare a value with what it should be for the inputs ``args`` and ``options``.

        Args:
            got, what, given: as for :func:`autograder.testing.compare`.
            also: further wrong values to recognise, which depend on more than the inputs.

        Raises:
            CheckFailed: if the value is wrong.
            ReferenceMissing: if there is nothing to compare with.
        """
        expected = self.answers(*args, **options)
        mistakes = [*recognised(self.mistakes, expected), *also]
        compare(got, expected.right, what, rtol=self.rtol, atol=self.atol, mistakes=mistakes, given=given)


def recognised(hints: Mapping[str, str], answers: Answers) -> list[Mistake]:
    """The wrong values of ``answers`` with their hints, in the order of the hints."""
    return [Mistake(name, hint, wrong) for name, hint in hints.items() for wrong in answers.wrong.get(name, ())]
