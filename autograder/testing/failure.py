"""What a failed check says, and how it is shown without a traceback."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from autograder.testing.cell_points import points_of_this_cell
from autograder.testing.hint_pointer import where_help_is

P = ParamSpec("P")
R = TypeVar("R")
_CAUSE = "Likely cause: "
_NAMED = re.compile(r"\n\[(?P<mistake>[a-z0-9-]+)\]\Z")
_WIDTH = 88
_OTHER_INPUTS = (
    "the answer is right for the inputs of the visible check and not for other inputs of the same kind. Look for a "
    "number, a size or an axis that is written into the code, and try inputs of your own."
)
_OTHER_KIND = (
    "something is of another kind than the docstring says. Print the type and the shape of each value that you return "
    "or store, and compare them with the docstring."
)


class ReferenceMissing(RuntimeError):
    """Raised when a check has neither a recorded value nor a reference: the fault of the course, not of an answer."""


class CheckFailed(AssertionError):
    """Raised when a student's answer does not pass a check.

    Notebooks show it as a short text, never as a traceback. ``str()`` of it holds all three parts, so that
    a grader that sees nothing but a cell's output can recover them with :meth:`parse`.

    Args:
        message: what was got and what was expected, one or more lines.
        hint: the likely cause, in a sentence or two; None where none is known.
        mistake: the name of the recognised mistake (lower-case words and hyphens), or None.
    """

    def __init__(self, message: str, hint: str | None = None, mistake: str | None = None) -> None:
        self.message = message
        self.hint = hint
        self.mistake = mistake
        super().__init__(message, hint, mistake)

    def __str__(self) -> str:
        text = self.message
        if self.hint:
            text += f"\n{_CAUSE}{self.hint}"
        if self.mistake:
            text += f"\n[{self.mistake}]"
        return text

    @classmethod
    def parse(cls, text: str) -> CheckFailed:
        """Recover the parts of a failed check from its ``str()``."""
        named = _NAMED.search(text)
        mistake = named["mistake"] if named else None
        body = text[: named.start()] if named else text
        message, _, hint = body.partition(f"\n{_CAUSE}")
        return cls(message, hint or None, mistake)

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: the lines to show instead of a traceback."""
        lines = ["Check failed"]
        for line in self.message.splitlines():
            lines += textwrap.wrap(line, _WIDTH, initial_indent="  ", subsequent_indent="    ") or [""]
        if self.hint:
            lines += textwrap.wrap(_CAUSE + self.hint, _WIDTH, initial_indent="  ", subsequent_indent="    ")
        call = where_help_is()
        if call is not None:
            lines.append(f"  Stuck? {call} gives help in steps.")
        return lines


@contextmanager
def hidden_case(description: str, hint: str | None = None) -> Iterator[None]:
    """Run one hidden case; if it fails, say what kind of case it was and nothing about its numbers.

    Args:
        description: completes "Hidden case: …", for example "inputs of shape (2, 3, 4)".
        hint: shown when the failure does not name a mistake of its own; a general one by default.

    Raises:
        CheckFailed: when the block raises anything, with the description as its message.
        ReferenceMissing: when the course lacks what the block compares with.
    """
    try:
        yield
    except ReferenceMissing:
        raise
    except CheckFailed as failure:
        # Only a recognised mistake has a hint that is free of the case's numbers.
        own_hint = failure.hint if failure.mistake else None
        reason = own_hint or hint or _OTHER_INPUTS
        raise CheckFailed(f"Hidden case: {description}.", reason, failure.mistake or "other-inputs") from None
    except Exception as error:
        message = f"Hidden case: {description}. It ended with {type(error).__name__}."
        raise CheckFailed(message, hint or _OTHER_KIND, "other-kind") from None


def explained(check: Callable[P, R]) -> Callable[P, R]:
    """A check that fails with a message where an answer has a form that the check cannot look at.

    Raises:
        CheckFailed: in place of any exception of the check but a missing reference or library.
    """

    @functools.wraps(check)
    def explaining(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return check(*args, **kwargs)
        except (CheckFailed, ReferenceMissing, ImportError):
            raise
        except Exception as error:
            message = f"The check {check.__name__} could not look at this answer: {type(error).__name__}: {error}"
            raise CheckFailed(message, _OTHER_KIND, "other-kind") from None

    return explaining


def passed(what: str, detail: str = "", cases: int = 0) -> None:
    """Say in one line that a check passed.

    Args:
        what: the exercise.
        detail: what was looked at.
        cases: how many visible cases were tried; 0 where that number says nothing.
    """
    tried = f" for {cases} visible case{'s' * (cases > 1)}" if cases else ""
    points = points_of_this_cell()
    worth = "" if points is None else f" · {points:g} of {points:g} points; hand-in tries other numbers"
    print(f"{what}: correct{tried}" + (f" ({detail})" if detail else "") + f"{worth}.")
