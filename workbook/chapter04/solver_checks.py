"""Checks of chapter 04: SGD with momentum, and the number of parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, Mistake, call, compare, explained, passed, suspect, unpacked
from workbook.chapter04.reference.layer_mistakes import momentum_mistakes, velocity_mistakes
from workbook.chapter04.reference.layers import Array, momentum_path

Function = Callable[..., Any]


@explained
def sgd_momentum(
    function: Function,
    shape: tuple[int, ...] | None = None,
    steps: int = 3,
    seed: int = 9,
    rate: float | None = None,
    momentum: float | None = None,
) -> None:
    """Check ``sgd_momentum`` against ``torch.optim.SGD``; ``rate`` and ``momentum`` None stand for the defaults."""
    if shape is None:
        sgd_momentum(function, (3,), steps=1, rate=0.1, momentum=0.5)
        sgd_momentum(function, (2, 3), rate=0.1, momentum=0.5)
        sgd_momentum(function, (4,), steps=4, rate=0.25, momentum=0.95, seed=13)
        sgd_momentum(function, (2, 2), steps=3, rate=0.2, momentum=0.0, seed=14)
        sgd_momentum(function, (3, 2), steps=4, seed=15)
        hint = "a dict as the default is made once and shared by all parameters. The default is None; make a new dict."
        with suspect("shared-default", hint):
            sgd_momentum(function, (5,), steps=3, seed=16)
        sgd_momentum(function, (2,), steps=3, rate=0.4, seed=17)
        sgd_momentum(function, (2, 4), steps=3, momentum=0.6, seed=18)
        passed("sgd_momentum", "one step to four, with and without each setting, against torch.optim.SGD")
        return
    rng = np.random.default_rng(seed)
    w, slopes = rng.standard_normal(shape), [rng.standard_normal(shape) for _ in range(steps)]
    given = {"learning_rate": rate, "momentum": momentum}
    config: Any = {key: number for key, number in given.items() if number is not None} or None
    eta, mu = 1e-2 if rate is None else rate, 0.9 if momentum is None else momentum
    path = [w, *momentum_path(w, slopes, lr=eta, momentum=mu)]
    point: Any = w
    for step, slope in enumerate(slopes, 1):
        # Without a config the argument is left out: a default that keeps what it was given shows in the next parameter.
        settings = () if config is None else (config,)
        got = call(function, point, slope, *settings, may_write=True)
        point, config = unpacked(got, 2, "sgd_momentum(w, dw, config)", "the 2 values next_w and config", _RETURN)
        mistakes = momentum_mistakes(w, slopes[:step], eta, mu, defaults=rate is None or momentum is None)
        compare(point, path[step], f"w after {step} step(s)", mistakes=mistakes)
        try:
            velocity = config["velocity"]
        except (KeyError, TypeError, IndexError):
            raise CheckFailed(
                "the returned config has no entry 'velocity'.",
                "the velocity of this step is needed in the next one; return it in config.",
                "velocity-forgotten",
            ) from None
        moved, before = path[step] - path[step - 1], path[step - 1] - path[max(step - 2, 0)]
        what = f"config['velocity'] after {step} step(s)"
        compare(velocity, moved, what, mistakes=velocity_mistakes(moved, before, eta))


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
    passed("count_parameters", "three fully connected networks, and arrays with none to four axes")


def parameter_count(function: Function, sizes: Sequence[int]) -> None:
    """Check ``count_parameters`` for a fully connected network with layers of these sizes."""
    pairs = list(pairwise(sizes))
    params: dict[str, Array] = {}
    for layer, (inputs, outputs) in enumerate(pairs, 1):
        params[f"W{layer}"], params[f"b{layer}"] = np.zeros((inputs, outputs)), np.zeros(outputs)
    weights, biases = sum(inputs * outputs for inputs, outputs in pairs), sum(sizes[1:])
    mistakes = [
        Mistake("biases-forgotten", "these are the weights alone. A bias is a parameter, too: it is trained.", weights),
        Mistake("arrays-counted", "this is the number of arrays, not of the numbers in them.", len(params)),
        Mistake("rows-counted", "len of an array is its number of rows.", sum(map(len, params.values()))),
        Mistake("biases-only", "these are the biases alone.", biases),
    ]
    compare(call(function, params), weights + biases, f"count_parameters for layers {sizes}", mistakes=mistakes)


_RETURN = "look at the docstring's last lines: both are returned, in this order."
