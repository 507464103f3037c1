"""Checks of chapter 04: SGD with momentum, and the number of parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Mistake, Quantity, call, compare, explained, passed, suspect, unpacked
from workbook.chapter04.inputs import momentum_settings, parameter_shapes, slopes
from workbook.chapter04.rules import NUMPY_ONLY

Function = Callable[..., Any]
Shape = tuple[int, ...]
_REFERENCE = "workbook.chapter04.reference.momentum"
# Shape, number of steps, seed, rate and momentum; None leaves the setting to its default.
Walk = tuple[Shape, int, int, float | None, float | None]
_GIVEN: tuple[Walk, ...] = (
    ((3,), 1, 9, 0.1, 0.5), ((2, 3), 3, 9, 0.1, 0.5), ((4,), 4, 13, 0.25, 0.95), ((2, 2), 3, 14, 0.2, 0.0),
)  # fmt: skip
_DEFAULTS: tuple[Walk, ...] = (
    ((3, 2), 4, 15, None, None), ((5,), 3, 16, None, None), ((2,), 3, 17, 0.4, None), ((2, 4), 3, 18, None, 0.6),
)  # fmt: skip


def _after(steps: int, shape: Shape, most: int, seed: int, *settings: float | None) -> tuple[Any, ...]:
    w, gradients = slopes(shape, most, seed)
    return w, gradients[:steps], *momentum_settings(*settings)


def _seen(walks: Sequence[Walk]) -> list[Case]:
    return [
        Case(f"{steps} step(s)", partial(_after, steps, *walk)) for walk in walks for steps in range(1, walk[1] + 1)
    ]


_PARAMETER = Quantity(
    f"{_REFERENCE}:parameter",
    {
        "momentum-wrong-sign": "the step goes up the slope, or the old velocity is subtracted: it should carry on in "
        "its direction. Look at the two signs in the rule.",
        "velocity-forgotten": "this is plain SGD: the last step's velocity is lost. It has to be kept in config and "
        "read from there.",
        "velocity-damped": "the new gradient is weighted with 1 - momentum; in this rule its weight is the learning "
        "rate alone.",
        "one-step-late": "w has moved by the velocity of the last step. Update the velocity first, then w.",
        "learning-rate-ignored": "the step does not depend on the learning rate.",
        "nesterov": "this is Nesterov's variant, which looks ahead. Chapter 10 has it.",
    },
    _seen(_GIVEN),
)
_BY_DEFAULT = Quantity(
    f"{_REFERENCE}:parameter_by_default",
    {
        # First: 0.001 is also what a damped velocity starts with.
        "other-defaults": "without a config the rule has another learning rate or momentum than the docstring says.",
        **_PARAMETER.mistakes,
    },
    _seen(_DEFAULTS),
)
_VELOCITY = Quantity(
    f"{_REFERENCE}:velocity",
    {
        "velocity-sign": "w moves as it should, but the rule of the text adds the velocity.",
        "rate-outside-the-velocity": "the learning rate belongs in the velocity, not in front of it.",
        "velocity-forgotten": "config still holds the velocity of the step before; the next step needs the new one.",
    },
    _seen((*_GIVEN, *_DEFAULTS)),
)


@explained
def sgd_momentum(
    function: Function,
    shape: Shape | None = None,
    steps: int = 3,
    seed: int = 9,
    rate: float | None = None,
    momentum: float | None = None,
) -> None:
    """Check ``sgd_momentum`` against ``torch.optim.SGD``; ``rate`` and ``momentum`` None stand for the defaults."""
    if shape is not None:
        _walk(function, shape, steps, seed, rate, momentum)
        return
    for walk in _GIVEN:
        _walk(function, *walk)
    first, second, *others = _DEFAULTS
    _walk(function, *first)
    with suspect("shared-default", _SHARED):
        _walk(function, *second)
    for walk in others:
        _walk(function, *walk)
    NUMPY_ONLY.check(function, "sgd_momentum")
    summary = "one step to four, with and without each setting, against torch.optim.SGD"
    passed("sgd_momentum", summary, len(_GIVEN) + len(_DEFAULTS))


def _walk(function: Function, shape: Shape, steps: int, seed: int, rate: float | None, momentum: float | None) -> None:
    w, gradients = slopes(shape, steps, seed)
    given = {"learning_rate": rate, "momentum": momentum}
    config: Any = {key: number for key, number in given.items() if number is not None} or None
    settings, point = momentum_settings(rate, momentum), w
    parameter = _BY_DEFAULT if rate is None or momentum is None else _PARAMETER
    for step, gradient in enumerate(gradients, 1):
        # Without a config the argument is left out: a default that keeps what it was given shows in the next parameter.
        got = call(function, point, gradient, *(() if config is None else (config,)), may_write=True)
        point, config = unpacked(got, 2, "sgd_momentum(w, dw, config)", "the 2 values next_w and config", _RETURN)
        parameter.compare(point, f"w after {step} step(s)", w, gradients[:step], *settings)
        try:
            velocity = config["velocity"]
        except (KeyError, TypeError, IndexError):
            raise CheckFailed(
                "the returned config has no entry 'velocity'.",
                "the velocity of this step is needed in the next one; return it in config.",
                "velocity-forgotten",
            ) from None
        _VELOCITY.compare(velocity, f"config['velocity'] after {step} step(s)", w, gradients[:step], *settings)


@explained
def count_parameters(function: Function) -> None:
    """Check ``count_parameters`` on fully connected networks, and on arrays of any shape."""
    parameter_count(function, [5, 3, 2])
    parameter_count(function, [8, 6])
    parameter_count(function, [4320, 100, 100, 100, 4])
    params = {"kernel": np.zeros((4, 2, 3, 3)), "shift": np.ones(4), "scale": np.array(1.0), "W": np.ones((2, 5, 3))}
    what = "count_parameters for arrays of shapes (4, 2, 3, 3), (4,), () and (2, 5, 3)"
    hint = "count the numbers of every array in the dict, whatever its name and its number of axes."
    with suspect("two-axes-only", hint):
        compare(call(function, params), 107, what)
    NUMPY_ONLY.check(function, "count_parameters")
    passed("count_parameters", "three fully connected networks, and arrays with none to four axes", 4)


def parameter_count(function: Function, sizes: Sequence[int]) -> None:
    """Check ``count_parameters`` for a fully connected network with layers of these sizes."""
    params = {name: np.zeros(shape) for name, shape in parameter_shapes(sizes).items()}
    weights, biases = sum(inputs * outputs for inputs, outputs in pairwise(sizes)), sum(sizes[1:])
    mistakes = [
        Mistake("biases-forgotten", "these are the weights alone. A bias is a parameter, too: it is trained.", weights),
        Mistake("arrays-counted", "this is the number of arrays, not of the numbers in them.", len(params)),
        Mistake("rows-counted", "len of an array is its number of rows.", sum(map(len, params.values()))),
        Mistake("biases-only", "these are the biases alone.", biases),
    ]
    compare(call(function, params), weights + biases, f"count_parameters for layers {sizes}", mistakes=mistakes)


_RETURN = "look at the docstring's last lines: both are returned, in this order."
_SHARED = "a dict as the default is made once and shared by all parameters. The default is None; make a new dict."
