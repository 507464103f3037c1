"""What students call for help: ``check.hint("softmax")`` shows one step more each time."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from difflib import get_close_matches
from importlib.resources import files

from autograder.testing.hints import FILE, STEPS, ExerciseHints, exercise_id, parse_hints

_WIDTH = 88


class NoHint(LookupError):
    """Raised when there is no such hint. Notebooks show its text, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: the lines to show instead of a traceback."""
        return [line for part in str(self).splitlines() for line in textwrap.wrap(part, _WIDTH)]


class Hints:
    """The hints of a package of exercises, to be called by students with the name of an exercise.

    Nothing is read before the first call. While a notebook is graded or validated a call does nothing.

    Args:
        package: the package that holds the file of hints, see :mod:`autograder.testing.hints`.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._shown: dict[str, int] = {}

    def __call__(self, exercise: str, *, step: int | None = None, stuck: str | None = None) -> None:
        """Show one step more of the hints for an exercise; after the third, all three.

        Args:
            exercise: its name, such as ``"softmax"``.
            step: 1, 2 or 3, to see this step alone.
            stuck: a part of the name of a place where people get stuck, such as ``"nan"``, to see what helps there.

        Raises:
            NoHint: if there is no such exercise, step or place.
        """
        if os.environ.get("AUTOGRADER_HEADLESS") == "1":
            return
        hints = self._of(exercise)
        if step is None and stuck is None:
            count = min(self._shown.get(hints.name, 0) + 1, STEPS)
            self._shown[hints.name] = count
            _show(steps_text(hints, range(1, count + 1)))
            return
        parts = [] if step is None else [steps_text(hints, [_number(step)])]
        parts += [] if stuck is None else [stuck_text(hints, stuck)]
        _show("\n\n".join(parts))

    def knows(self, exercise: str) -> bool:
        """True where there are hints for an exercise."""
        return exercise_id(exercise) in self._known()

    def _known(self) -> dict[str, ExerciseHints]:
        file = files(self._package) / FILE
        return parse_hints(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def _of(self, exercise: str) -> ExerciseHints:
        known = self._known()
        if not known:
            file = files(self._package) / FILE
            raise NoHint(f"{file} is missing. Download the course's bundle again: it has the hints of every chapter.")
        names = ", ".join(hints.name for hints in known.values())
        if not isinstance(exercise, str):
            raise NoHint(f'Write the name of the exercise as a text, such as "{next(iter(known.values())).name}".')
        found = known.get(exercise_id(exercise))
        if found is None:
            near = get_close_matches(exercise_id(exercise), known, 1)
            meant = f"Did you mean {known[near[0]].name!r}? " if near else ""
            raise NoHint(f"There are no hints for {exercise!r}. {meant}There are some for: {names}.")
        return found


def steps_text(hints: ExerciseHints, numbers: range | list[int]) -> str:
    """These steps in Markdown, with what to call for more below the last one."""
    told = [f"**{hints.name}, step {number} of {STEPS}.** {hints.steps[number - 1]}" for number in numbers]
    call = f'check.hint("{hints.name}"'
    more = f"Run `{call})` again for step {max(numbers) + 1}. " if max(numbers) < STEPS else ""
    places = ", ".join(f'"{place.name}"' for place in hints.stuck)
    word = re.findall(r"[\w.-]+", hints.stuck[0].name)[-1]
    return "\n\n".join([*told, f'{more}`{call}, stuck="{word}")` helps at a place where people get stuck: {places}.'])


def stuck_text(hints: ExerciseHints, part: str) -> str:
    """What helps at the places whose names contain ``part``, in Markdown.

    Raises:
        NoHint: if there is no such place.
    """
    places = hints.stuck_at(part) if isinstance(part, str) else ()
    if not places:
        known = ", ".join(f'"{place.name}"' for place in hints.stuck)
        raise NoHint(f"The hints for {hints.name} name no place with {part!r} in it. They name: {known}.")
    return "\n\n".join(f"**{place.name}.** {place.advice}" for place in places)


def _number(step: int) -> int:
    if step not in range(1, STEPS + 1):
        raise NoHint(f"There is no step {step!r}. Expected 1, 2 or 3.")
    return step


def _show(text: str) -> None:
    """Show Markdown in a notebook, and the same as text where there is none."""
    plain = "\n\n".join(textwrap.fill(part.replace("**", ""), _WIDTH) for part in text.split("\n\n"))
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display({"text/markdown": text, "text/plain": plain}, raw=True)  # type: ignore[no-untyped-call]
            return
    print(plain)
