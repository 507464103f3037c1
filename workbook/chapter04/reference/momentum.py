"""Where ``torch.optim.SGD`` takes a parameter, and where wrong rules of students take it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from workbook.chapter04.reference.layers import Array, Formulas, array, tensor


def path(w: Array, slopes: Sequence[Array], **settings: Any) -> list[Array]:
    """Where ``torch.optim.SGD`` takes ``w``, one entry for each gradient; settings as torch names them."""
    point = tensor(w, grad=True)
    optimizer = torch.optim.SGD([point], **settings)
    points = []
    for slope in slopes:
        point.grad = tensor(slope)
        optimizer.step()
        points.append(array(point).copy())
    return points


def parameter(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Array:
    """The parameter after a step for each gradient."""
    return path(w, slopes, lr=rate, momentum=momentum)[-1]


def parameter_mistakes(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Formulas:
    """Where wrong rules end up after these gradients."""
    settings = {"lr": rate, "momentum": momentum}
    return [
        # Minus the true velocity: w - v with v = mu * v - rate * dw takes a step up the slope each time.
        ("momentum-wrong-sign", lambda: path(w, [-slope for slope in slopes], **settings)[-1]),
        ("momentum-wrong-sign", lambda: _reversed_momentum(w, slopes, rate, momentum)),
        ("velocity-forgotten", lambda: path(w, slopes, lr=rate)[-1]),
        ("velocity-damped", lambda: path(w, slopes, dampening=momentum, **settings)[-1]),
        ("velocity-damped", lambda: parameter(w, slopes, (1 - momentum) * rate, momentum)),
        ("one-step-late", lambda: [w, *path(w, slopes, **settings)][-2]),
        ("learning-rate-ignored", lambda: parameter(w, slopes, 1.0, momentum)),
        # Without momentum the variant is the same rule, and PyTorch refuses it.
        ("nesterov", lambda: path(w, slopes, nesterov=True, **settings)[-1]),
    ]


def parameter_by_default(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Array:
    """The same, where the student's function has to know the rate, the momentum or both."""
    return parameter(w, slopes, rate, momentum)


def parameter_by_default_mistakes(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Formulas:
    """Other defaults, and the wrong rules."""
    others = [(lr, momentum) for lr in (1e-1, 1e-3, 1e-4)] + [(rate, mu) for mu in (0.99, 0.95, 0.5)]
    return [
        *[("other-defaults", partial(parameter, w, slopes, lr, mu)) for lr, mu in others],
        *parameter_mistakes(w, slopes, rate, momentum),
    ]


def velocity(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Array:
    """The last step of the path: the velocity that belongs in config."""
    before, after = [w, *path(w, slopes, lr=rate, momentum=momentum)][-2:]
    return after - before


def velocity_mistakes(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Formulas:
    """Wrong velocities in the returned config, where w itself has moved as it should."""
    step = velocity(w, slopes, rate, momentum)
    last = velocity(w, slopes[:-1], rate, momentum) if len(slopes) > 1 else np.zeros_like(w)
    return [
        ("velocity-sign", lambda: -step),
        ("rate-outside-the-velocity", lambda: step / rate),
        ("rate-outside-the-velocity", lambda: -step / rate),
        ("velocity-forgotten", lambda: last),
    ]


def _reversed_momentum(w: Array, slopes: Sequence[Array], rate: float, momentum: float) -> Array:
    """torch's rule, with the sign of the gradient changing at every step and the sign of the step, too."""
    signs = (-1.0) ** np.arange(len(slopes))
    flipped = [sign * slope for sign, slope in zip(signs, slopes, strict=True)]
    points = np.array([w, *path(w, flipped, lr=rate, momentum=momentum)])
    steps = signs.reshape(-1, *[1] * w.ndim) * np.diff(points, axis=0)
    return np.asarray(w + steps.sum(axis=0))
