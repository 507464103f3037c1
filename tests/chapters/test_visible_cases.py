"""What a chapter states, a visible case tries: arguments vary, defaults are used, and green means right."""

from __future__ import annotations

import contextlib
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.book_edition import without_hidden_tests
from autograder.notebook.cells import cell_info
from autograder.referee.namespace import defined
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT
from tests.support.green_but_wrong import judged
from tests.support.inprocess import WRONG_ANSWERS, execute, is_training, read_chapter
from tests.support.refereed import embedded

CHAPTERS = (
    "01_activation_derivatives",
    "02_xor_mlp",
    "03_digits_mlp",
    "04_layers_and_solver",
    "05_numpy_convolution",
    "06_computational_graphs",
    "10_optimizers",
    "12_pretrained_models",
)
_ALLOWED = 0.02


class _Arguments:
    """The values that functions of a student's cells are given by whatever is not in such a cell."""

    def __init__(self) -> None:
        self.functions: dict[types.CodeType, tuple[str, types.FunctionType]] = {}
        self.seen: dict[tuple[str, str], set[Any]] = {}
        self.kept: list[Any] = []

    def watch(self, name: str, value: Any) -> None:
        """Watch a function, or the methods of a class that its docstring offers."""
        if isinstance(value, type):
            for method, function in vars(value).items():
                if isinstance(function, types.FunctionType) and (method == "__init__" or method[0] != "_"):
                    self.functions[function.__code__] = (f"{name}.{method}", function)
        elif isinstance(value, types.FunctionType):
            self.functions[value.__code__] = (name, value)

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Note the arguments of every call inside the block."""
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _note(self, frame: types.FrameType, event: str, _: Any) -> None:
        if event != "call" or frame.f_code not in self.functions:
            return
        if frame.f_back is not None and frame.f_back.f_code.co_filename.startswith("<ipython-input"):
            return
        name, function = self.functions[frame.f_code]
        for parameter in inspect.signature(function).parameters:
            if parameter != "self":
                value = frame.f_locals[parameter]
                self.seen.setdefault((name, parameter), set()).add(_digest(value))
                # Else the next object may get its address, by which those without a text of their own are told apart.
                self.kept.append(value)

    def constant(self) -> list[str]:
        """Parameters that had one value only, or none."""
        return [f"{name}: {p.name}" for name, p in self._parameters() if len(self.seen.get((name, p.name), ())) < 2]

    def defaults_untried(self) -> list[str]:
        """Parameters whose default was never what a function was called with."""
        return [
            f"{name}: {p.name}={p.default}"
            for name, p in self._parameters()
            if p.default is not p.empty and _digest(p.default) not in self.seen.get((name, p.name), ())
        ]

    def _parameters(self) -> Iterator[tuple[str, inspect.Parameter]]:
        for name, function in self.functions.values():
            for parameter in inspect.signature(function).parameters.values():
                if parameter.name != "self":
                    yield name, parameter


def _digest(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.name, value.tobytes()
    if isinstance(value, (list, tuple)):
        return tuple(map(_digest, value))
    if isinstance(value, dict):
        return tuple((key, _digest(item)) for key, item in value.items())
    return repr(value.bit_generator.state) if isinstance(value, np.random.Generator) else repr(value)


@pytest.fixture(scope="module", params=CHAPTERS)
def arguments(request):
    """What the visible checks of a chapter call the right answers with."""
    embedded()
    names: dict[str, object] = {"__name__": "__main__"}
    found = _Arguments()
    for cell in without_hidden_tests(read_chapter(request.param)).cells:
        about = cell_info(cell)
        if cell.cell_type != "code" or about.kind == "other" or is_training(cell):
            continue
        with found.noted() if about.kind == "test" else contextlib.nullcontext():
            error = execute(cell.source, str(about.grade_id), names)
        assert error is None, f"{about.grade_id}: {error}"
        if about.kind == "solution":
            for name in sorted(defined(cell.source)):
                found.watch(name, names[name])
    return found


def test_every_argument_varies_in_a_visible_case(arguments):
    assert arguments.constant() == []


def test_every_default_is_used_in_a_visible_case(arguments):
    assert arguments.defaults_untried() == []


@pytest.mark.thorough
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_hardly_any_wrong_answer_is_called_correct_and_loses_its_points(chapter):
    answers = load_wrong_answers(WRONG_ANSWERS, chapter)
    green = [one for one in judged(prepare_source(Course(ROOT), chapter), answers) if one.green]
    assert len(green) <= _ALLOWED * len(answers), [f"{one.answer.grade_id}: {one.answer.mistake}" for one in green]
    assert [one.answer.mistake for one in green if one.unnamed] == []
