"""An input on which a student's function is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """An input that students see.

    Attributes:
        what: the call as the student would write it, or the input, for messages.
        inputs: the arguments, or a function that makes them, always the same.
        options: the keyword arguments.
        within: makes a context in which the case is tried, such as ``partial(suspect, "vector-only", hint)`` for a case
            whose only novelty is its shape.
    """

    what: str
    inputs: Sequence[Any] | Callable[[], Sequence[Any]]
    options: Mapping[str, Any] = field(default_factory=dict)
    within: Callable[[], AbstractContextManager[Any]] = nullcontext

    def arguments(self) -> tuple[Any, ...]:
        """The positional arguments, freshly made where a function makes them."""
        return tuple(self.inputs() if callable(self.inputs) else self.inputs)
