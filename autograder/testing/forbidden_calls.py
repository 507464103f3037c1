"""What an exercise forbids: a library, or one function of it, wherever the student's code takes it from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.testing.compare import require
from autograder.testing.student_side.library_uses import library_uses

Function = Callable[..., Any]


@dataclass(frozen=True)
class ForbiddenCalls:
    """Forbids libraries and functions of libraries; aliases, imports and helper functions are followed.

    The code is read as it was defined in the notebook. A module that is imported by a name put together at run time is
    not found.

    Attributes:
        libraries: for example ``("torch", "scipy", "numpy.tanh")``. A module stands for all that it contains.
        hint: what to use instead.
        judged_elsewhere: functions of the notebook with a check of their own, which are not followed; of a class also
            single methods, ``"Class.method"``.
        mistake: under which reports count it.
    """

    libraries: Sequence[str]
    hint: str
    judged_elsewhere: Sequence[str] = ()
    mistake: str = "forbidden-call"

    def check(self, function: Function, name: str) -> None:
        """Raise CheckFailed with the first forbidden use in the code of ``function``, which students call ``name``."""
        uses = library_uses(function, list(self.libraries), list(self.judged_elsewhere))
        path, place, line = uses[0] if uses else ("", "", "")
        where = f"in {place}: {line}" if line else f"in {place}"
        require(
            not uses,
            f"{name} uses {path}, which is not allowed in this exercise.\n{where[:1].upper()}{where[1:]}",
            self.hint,
            self.mistake,
        )
