"""In a notebook, a cell that ends in an error because of an earlier exercise says so, without a long traceback.

An exercise may be empty, or its check may have failed; a cell between them may have ended in an error and have left
undefined what this one needs. Whoever reads the error of the last cell learns where to begin.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
import textwrap
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from autograder.testing.cell_names import defined_names, first_argument, parsed, used_names
from autograder.testing.empty_exercise import empty_exercise
from autograder.testing.failure import CheckFailed

_WIDTH = 88
_NOT_WRITTEN = "not-written"
"""The mistake of a check whose exercise is still empty."""
_DRAWS = re.compile(r"\b(?:plt|pyplot|figures?|axes)\b")


@dataclass(frozen=True, order=True)
class Unfinished:
    """An exercise to go back to.

    Attributes:
        since: the number of the cell in whose run that was noticed: the first is where to begin.
        name: of the function or class.
        empty: True if nothing was written yet, False if its check has failed.
    """

    since: int
    name: str
    empty: bool


class CellErrors:
    """What the errors of a notebook's cells come from.

    Args:
        shell: IPython's.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._failed: dict[str, Unfinished] = {}
        # What cells that ended in an error would have defined, and the exercises that stopped them, as far as known.
        self._missing: dict[str, frozenset[Unfinished]] = {}

    def note(self, result: Any) -> None:
        """Remember how a cell ended; ``result`` is IPython's."""
        error = result.error_before_exec or result.error_in_exec
        if error is None and not self._failed and not self._missing:
            return
        cell = parsed(self._shell.transform_cell(result.info.raw_cell))
        names, about = defined_names(cell), first_argument(cell)
        now = self._shell.execution_count
        if error is None:
            self._forget(names, names | ({about} if about is not None else set()))
        elif isinstance(error, CheckFailed):
            if about is not None:
                self._failed[about] = Unfinished(now, about, error.mistake == _NOT_WRITTEN)
        else:
            causes = frozenset(self._causes(cell)) | _empty(error, now)
            self._missing |= dict.fromkeys(names, causes)

    def _forget(self, defined: set[str], done: set[str]) -> None:
        """What a cell has defined is there now, and no error comes any more from the exercises that are ``done``."""
        self._failed = {name: cause for name, cause in self._failed.items() if name not in done}
        self._missing = {
            name: frozenset(cause for cause in causes if cause.name not in done)
            for name, causes in self._missing.items()
            if name not in defined
        }

    def explain(
        self,
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        """Show where an error comes from, if that is an exercise above; else the usual traceback."""
        sentence = None if isinstance(error, CheckFailed) else self._sentence(error, trace)
        if sentence is None:
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)
            return
        _close_figures()
        if isinstance(error, NotImplementedError):
            # Programs that run a notebook read it here.
            error.args = (sentence,)
        shell._showtraceback(kind, error, [sentence])

    def _sentence(self, error: BaseException, trace: TracebackType) -> str | None:
        source = _running_cell(trace)
        if source is None:
            return None
        needs = "figure" if _DRAWS.search(source) else "cell"
        here = empty_exercise(trace) if isinstance(error, NotImplementedError) and not error.args else None
        if here is not None:
            name, defined_here = here
            return _empty_here(name) if defined_here else _still_empty([name], needs)
        cell = parsed(source)
        causes = sorted(self._causes(cell))
        empty = list(dict.fromkeys(cause.name for cause in causes if cause.empty))
        failed = list(dict.fromkeys(cause.name for cause in causes if not cause.empty))
        if failed:
            return f"{_have_failed(failed, empty, needs)}\n{_what_happened(error, trace)}"
        if empty:
            return _still_empty(empty, needs)
        missing = sorted(used_names(cell, self._shell.user_ns) & self._missing.keys() - defined_names(cell))
        if missing:
            sentence = (
                f"This {needs} needs {_listed(missing)} of a cell above that ended in an error. Make that cell work "
                "first, then run this one again."
            )
            return f"{_wrapped(sentence)}\n{_what_happened(error, trace)}"
        return None

    def _causes(self, cell: ast.Module) -> set[Unfinished]:
        """The exercises, empty or wrong, that a cell builds on."""
        used = used_names(cell, self._shell.user_ns)
        failed = {self._failed[name] for name in used & self._failed.keys()}
        return failed.union(*(self._missing[name] for name in used & self._missing.keys() - defined_names(cell)))


def explain_errors() -> None:
    """Let the notebook of this process explain its errors; does nothing where Python runs without IPython."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is not None:
        errors = CellErrors(shell)
        shell.set_custom_exc((Exception,), errors.explain)
        shell.events.register("post_run_cell", errors.note)


def _empty(error: BaseException, now: int) -> frozenset[Unfinished]:
    """The empty exercise above that raised the error, if one did."""
    if not isinstance(error, NotImplementedError) or error.__traceback__ is None:
        return frozenset()
    found = empty_exercise(error.__traceback__)
    return frozenset() if found is None or found[1] else frozenset((Unfinished(now, found[0].split(".")[0], True),))


def _running_cell(trace: TracebackType) -> str | None:
    """The source of the cell that ended in the error; None if none was running."""
    cells = [frame for frame, _ in traceback.walk_tb(trace) if frame.f_globals.get("__name__") == "__main__"]
    return "".join(linecache.getlines(cells[0].f_code.co_filename)) if cells else None


def _empty_here(name: str) -> str:
    what = "This exercise" if name == "<module>" else f"`{name}`"
    return f"{what} is still empty. Replace the line that raises NotImplementedError, and run the cell again."


def _still_empty(names: list[str], needs: str) -> str:
    one = len(names) == 1
    return (
        f"{_listed(names)}, above, {'is' if one else 'are'} still empty; this {needs} needs {'it' if one else 'them'}."
    )


def _have_failed(failed: list[str], empty: list[str], needs: str) -> str:
    parts = [f"{_listed(failed)} {'has failed its check' if len(failed) == 1 else 'have failed their checks'}"]
    if empty:
        parts.append(f"{_listed(empty)} {'is' if len(empty) == 1 else 'are'} still empty")
    them = "it" if len(failed) + len(empty) == 1 else "them"
    return _wrapped(f"{', '.join(parts)}, and this {needs} needs {them}. Fix {them} first, then run this cell again.")


def _what_happened(error: BaseException, trace: TracebackType) -> str:
    """The error, and the last line of the notebook that was running."""
    own = [place for place in traceback.walk_tb(trace) if place[0].f_globals.get("__name__") == "__main__"]
    frame, number = own[-1]
    name, line = frame.f_code.co_name, linecache.getline(frame.f_code.co_filename, number).strip()
    where = f"line {number}" if name == "<module>" else f"`{name}`, line {number}"
    return f"What happened: {type(error).__name__}: {error}\nin {where}: {line}"


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))


def _listed(names: Iterable[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def _close_figures() -> None:
    """What is half drawn would be shown below the sentence."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
