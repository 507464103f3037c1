"""Record the right and the recognised wrong values of exercises' visible cases.

``python -m autograder.testing.record course.chapter.exercises`` writes ``recorded_values.json`` next to the reference.
Modules whose references are in one package share that file and are named together. ``--check`` writes nothing and
compares instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing.answers import (
    NOTHING,
    Answers,
    decode,
    encode,
    key,
    live_answers,
    package,
    read_entries,
    recorded_file,
)
from autograder.testing.case import Case
from autograder.testing.exercise import Exercise
from autograder.testing.failure import ReferenceMissing
from autograder.testing.quantity import Quantity

Entries = dict[str, Any]
Declared = Exercise | Quantity


def declared(modules: Iterable[str]) -> list[Declared]:
    """The exercises and quantities that these modules declare at top level.

    Raises:
        ImportError: if a module cannot be imported.
    """
    found = [value for module in modules for value in vars(import_module(module)).values()]
    return [value for value in found if isinstance(value, Declared)]


def computed(exercises: Iterable[Declared]) -> dict[str, Entries]:
    """The entries that each package should have, from its references.

    Raises:
        ReferenceMissing: if a reference cannot be imported.
        ValueError: if an exercise's hints and the formulas for its cases have different names, if a case gives other
            inputs when it is made again, if a value is too large, or if a reference is not in a package.
        TypeError: if an input or a value is not data that can be recorded.
    """
    found: dict[str, Entries] = {}
    for exercise in exercises:
        home, formulas = package(exercise.reference), set[str]()
        for case in exercise.cases:
            if not home:
                raise ValueError(f"the reference {exercise.reference!r} is not package.module:function.")
            answers = live_answers(exercise.reference, case.arguments(), case.options)
            if answers is None:
                raise ReferenceMissing(f"{exercise.reference} cannot be imported; recording needs it.")
            formulas |= set(answers.wrong)
            found.setdefault(home, {})[_key(exercise, case)] = _entry(answers)
        if exercise.cases and formulas != set(exercise.mistakes):
            names = ", ".join(sorted(formulas ^ set(exercise.mistakes)))
            raise ValueError(
                f"{exercise.reference}: {names} must have a hint in the exercise and a formula at its reference."
            )
    return found


def _key(exercise: Declared, case: Case) -> str:
    first, second = (key(exercise.reference, case.arguments(), case.options) for _ in range(2))
    if first != second:
        raise ValueError(f"{case.what} has other inputs each time; expected the same. Seed its generator.")
    return first


def _entry(answers: Answers) -> Entries:
    wrong = {
        name: [np.asarray(formula() if callable(formula) else formula) for formula in formulas]
        for name, formulas in answers.wrong.items()
    }
    kept = {
        name: [encode(_rounded(value)) for value in values if value is not NOTHING] for name, values in wrong.items()
    }
    return {"right": encode(answers.right), "wrong": {name: values for name, values in kept.items() if values}}


def _rounded(array: NDArray[Any]) -> NDArray[Any]:
    """A wrong value with as many digits as it takes to recognise it: wrong values are most of the file."""
    if array.dtype != np.float64:
        return array
    return np.array([float(f"{value:.9g}") for value in array.ravel()]).reshape(array.shape)


def differences(exercises: Iterable[Declared]) -> list[str]:
    """One line for each entry that is missing, left over or different; last bits may differ between processors.

    Raises what :func:`computed` raises.
    """
    lines = []
    for home, entries in computed(exercises).items():
        recorded = read_entries(home)
        missing, left_over = entries.keys() - recorded.keys(), recorded.keys() - entries.keys()
        changed = {name for name in entries.keys() & recorded.keys() if not _same(entries[name], recorded[name])}
        for names, what in ((missing, "is missing"), (left_over, "is left over"), (changed, "differs")):
            lines += [f"{recorded_file(home)}: {name} {what}" for name in sorted(names)]
    return lines


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    wrong, recorded = one["wrong"], other["wrong"]
    if {name: len(values) for name, values in wrong.items()} != {name: len(v) for name, v in recorded.items()}:
        return False
    pairs = [(one["right"], other["right"])]
    pairs += [pair for name in wrong for pair in zip(wrong[name], recorded[name], strict=True)]
    return all(_close(*pair) for pair in pairs)


def _close(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    a, b = decode(one), decode(other)
    tolerance = 1e-4 if a.dtype in (np.float16, np.float32) else 1e-8
    return (a.dtype, a.shape) == (b.dtype, b.shape) and np.allclose(a, b, tolerance, tolerance, equal_nan=True)


def write(exercises: Iterable[Declared]) -> list[Path]:
    """Write the files, one entry a line in the order of the cases, and return their paths.

    Raises what :func:`computed` raises.
    """
    paths = []
    for home, entries in computed(exercises).items():
        path = Path(str(recorded_file(home)))
        lines = [f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in entries.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        paths.append(path)
    return paths


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns 1 if ``--check`` finds differences, else 0."""
    parser = argparse.ArgumentParser(prog="python -m autograder.testing.record", description="Record visible cases.")
    parser.add_argument(
        "modules", nargs="+", metavar="MODULE", help="declares exercises, for example helpers.exercises"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; report what differs")
    options = parser.parse_args(arguments)
    exercises = declared(options.modules)
    if not options.check:
        for path in write(exercises):
            print(f"{path}: {path.stat().st_size} bytes")
        return 0
    lines = differences(exercises)
    print("\n".join(lines) or "Recorded and live values are equal.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
