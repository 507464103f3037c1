"""An exercise as data: what students write, which inputs it is tried on, and the wrong answers that are recognised."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.testing.answers import Answers, known_answers, live_answers
from autograder.testing.call import call
from autograder.testing.case import Case
from autograder.testing.compare import compare, require
from autograder.testing.connection import current
from autograder.testing.failure import ReferenceMissing, passed
from autograder.testing.forbidden import Forbidden
from autograder.testing.quantity import recognised
from autograder.testing.returned import returned

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function that students write. Calling the exercise with it is the visible check.

    Declaring an exercise computes nothing. A check takes the recorded values of the visible cases, else the reference.

    Attributes:
        name: the function's name, as students call it.
        reference: ``"package.module:function"``, which computes what is compared, from the same arguments. The module
            is imported when a check needs it. See :mod:`autograder.testing.answers` for recorded and wrong values.
        cases: the visible inputs.
        mistakes: the hint for each recognised mistake, by name, most specific first.
        form: looks at the value that came back before it is compared, called with it, a text that names it and the
            arguments. It returns the value to go on with, or raises CheckFailed.
        part: which value of a returned tuple is compared; None for all of it.
        forbidden: rules for the code, looked at after the cases.
        also: further checks, called with the student's function last.
        summary: what a check that passed has looked at.
        quiet, may_write: as for :func:`autograder.testing.call`.
        elementwise: whether each entry of the value belongs to an entry of the first array among the arguments, so that
            a failure says for which inputs the value is wrong.
        rtol, atol: tolerances as for :func:`autograder.testing.compare`.
    """

    name: str
    reference: str = ""
    cases: Sequence[Case] = ()
    mistakes: Mapping[str, str] = field(default_factory=dict)
    form: Callable[..., Any] | None = None
    part: int | None = None
    forbidden: Sequence[Forbidden] = ()
    also: Sequence[Callable[[Function], None]] = ()
    summary: str = ""
    quiet: bool = False
    may_write: bool = False
    elementwise: bool = False
    rtol: float = 1e-7
    atol: float = 1e-9

    def __call__(self, function: Function) -> None:
        """Run the visible check and say that it passed.

        In a grading kernel that has neither a recorded value nor the reference it says so and returns: the referee,
        another process, checks there.

        Raises:
            CheckFailed: if the answer is wrong.
            ReferenceMissing: if a case has neither a recorded value nor a reference.
        """
        answers = [known_answers(self.reference, case.arguments(), case.options) for case in self.cases]
        if None in answers and current() is None and os.environ.get("AUTOGRADER_HEADLESS") == "1":
            print(f"{self.name}: not checked while grading")
            return
        for case, expected in zip(self.cases, answers, strict=True):
            if expected is None:
                raise self._missing(
                    f"{case.what} cannot be checked: there is no recorded value for these inputs",
                    "One of the two is needed: the course's author records values with "
                    "python -m autograder.testing.record.",
                )
            self._compare(function, case, expected)
        for rule in self.forbidden:
            rule.check(function, self.name)
        for check in self.also:
            check(function)
        passed(self.name, self.summary, len(self.cases))

    def check(self, function: Function, *args: Any, what: str = "", **kwargs: Any) -> None:
        """Compare ``function(*args, **kwargs)`` with the reference, for inputs that are not among the visible cases.

        A hidden test rests on it, so it never passes unchecked: the reference has to be there, while grading, too.

        Args:
            what: the call as the student would write it; the exercise's name by default.

        Raises:
            CheckFailed: if the answer is wrong.
            ReferenceMissing: if the reference cannot be imported.
        """
        self.check_case(function, Case(what or self.name, args, kwargs))

    def check_case(self, function: Function, case: Case) -> None:
        """As :meth:`check`, for inputs that are a case."""
        expected = live_answers(self.reference, case.arguments(), case.options)
        if expected is None:
            raise self._missing(
                f"{case.what} cannot be checked: these inputs are not among the visible cases",
                "To check the visible cases, call the exercise itself.",
            )
        self._compare(function, case, expected)

    def _missing(self, problem: str, remedy: str) -> ReferenceMissing:
        module = self.reference.partition(":")[0]
        return ReferenceMissing(f"{problem}, and {module}, which computes right values, is not installed. {remedy}")

    def _compare(self, function: Function, case: Case, expected: Answers) -> None:
        args = case.arguments()
        with case.within():
            got = call(function, *args, quiet=self.quiet, may_write=self.may_write, **case.options)
            if self.form is not None:
                got = self.form(got, case.what, *args, **case.options)
            if self.part is not None:
                returned(got, case.what, isinstance(got, (tuple, list)), "a tuple")
                require(len(got) > self.part, f"{case.what} has {len(got)} part(s); expected more than {self.part}.")
                got = got[self.part]
            compare(
                got,
                expected.right,
                case.what,
                rtol=self.rtol,
                atol=self.atol,
                mistakes=recognised(self.mistakes, expected),
                given=next((value for value in args if isinstance(value, np.ndarray)), None)
                if self.elementwise
                else None,
            )
