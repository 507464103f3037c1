"""What an exercise forbids: a Python loop over something, or names such as those of a library that does it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.testing import student_side
from autograder.testing.call import call
from autograder.testing.case import Case
from autograder.testing.compare import require

Function = Callable[..., Any]


class Forbidden(Protocol):
    """A rule that a student's function has to keep."""

    def check(self, function: Function, name: str) -> None:
        """Raise CheckFailed if ``function``, which the student calls ``name``, breaks the rule."""
        ...


@dataclass(frozen=True)
class ForbiddenLoop:
    """Forbids a Python loop over something: one call runs as many lines for a large input as for a small one.

    Attributes:
        things: what may not be looped over, in the plural; the mistake is called ``loop-over-things``.
        small, large: two inputs that differ in the number of these things and in nothing else.
        hint: what to do instead.
    """

    things: str
    small: Case
    large: Case
    hint: str

    def check(self, function: Function, name: str) -> None:
        """Raise CheckFailed if a loop of the function runs over the things."""
        lines = []
        for case in (self.small, self.large):
            # To explain an exception. Whether arguments may be written into is not this rule's business.
            call(function, *case.arguments(), may_write=True, **case.options)
            lines.append(student_side.count_lines(function, *case.arguments(), **case.options))
        require(
            lines[0] == lines[1],
            f"{name} runs {lines[0]} lines of Python for {self.small.what} and {lines[1]} for {self.large.what}; "
            "expected equally many.",
            f"a loop or a comprehension of yours runs over {self.things}. {self.hint}",
            f"loop-over-{self.things}",
        )


@dataclass(frozen=True)
class ForbiddenNames:
    """Forbids names: functions and attributes that the student's code may not mention.

    Attributes:
        names: for example ``("sort", "argsort")``.
        hint: what to use instead.
        mistake: under which reports count it.
    """

    names: Sequence[str]
    hint: str
    mistake: str = "forbidden-name"

    def check(self, function: Function, name: str) -> None:
        """Raise CheckFailed if the function's own code mentions one of the names."""
        used = sorted(set(self.names) & set(student_side.names_in(function)))
        require(
            not used, f"{name} uses {', '.join(used)}, which is not allowed in this exercise.", self.hint, self.mistake
        )
