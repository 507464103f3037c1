"""What lies behind the things of the drawn ten-class pictures: two colours that meet, a pattern and clutter.

Every pattern has a random place, size and slant. Two things share each one, and other things have it at times,
as a sea is behind boats and fish, but not only there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

SIZE = 32
_STEPS = np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2
_CLUTTER = 1  # blots in each picture
_VALUE = (0.3, 0.82)  # how bright a background is
_STRENGTH = (0.17, 0.32)  # how much lighter a pattern is than what it lies on


def uniform(rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float) -> Array:
    """Uniform random numbers in single precision."""
    return rng.uniform(low, high, shape).astype(np.float32)


def rgb(hue: NDArray[Any], saturation: Array, value: Array) -> Array:
    """Colours (N, 3) from hue (a turn is 1), saturation and value."""
    k = np.mod(np.array([5, 3, 1]) + 6 * np.asarray(hue)[:, None], 6)
    grey = saturation[:, None] * np.clip(np.minimum(k, 4 - k), 0, 1)
    return np.asarray(np.clip(value[:, None] * (1 - grey), 0, 1), dtype=np.float32)


def planes(colours: Array) -> Array:
    """Colours (N, 3) as (3, N, 1, 1): one plane of pixels for each channel, which NumPy fills fastest."""
    return colours.T[..., None, None]


def draw_scenes(hue: NDArray[np.float64], pattern: NDArray[np.int64], rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw backgrounds.

    Args:
        hue: (N,), a turn is 1.
        pattern: (N,), index into ``PATTERNS``.
        rng: decides everything else.

    Returns:
        Pictures, (3, N, 32, 32), and the colour that each has most of, (N, 3), in [0, 1].
    """
    count = len(hue)
    one = (count, 1, 1)
    value, saturation = uniform(rng, (count,), *_VALUE), uniform(rng, (count,), 0.1, 0.7)
    base = rgb(hue, saturation, value)
    second = rgb(hue + rng.normal(0, 0.08, count), saturation * 0.9, value * uniform(rng, (count,), 0.65, 1.3))
    turn = uniform(rng, one, 0, 2 * np.pi)
    along = np.cos(turn) * _STEPS + np.sin(turn) * _STEPS[:, None] - uniform(rng, one, -8, 8)
    mix = np.clip(0.5 + along / uniform(rng, one, 2, 40), 0, 1)
    picture = planes(base) * (1 - mix) + planes(second) * mix
    for _ in range(_CLUTTER):
        x, y = (_STEPS - uniform(rng, one, -18, 18) for _ in range(2))
        a, b = (uniform(rng, one, 1.5, 7) for _ in range(2))
        away = (x / a) ** 2 + (y.transpose(0, 2, 1) / b) ** 2
        blot = np.clip(1.5 - away, 0, 1) * uniform(rng, one, 0.1, 0.6)
        colour = rgb(hue + rng.normal(0, 0.15, count), saturation, uniform(rng, (count,), 0.15, 1))
        picture += blot * (planes(colour) - picture)
    strength = uniform(rng, one, *_STRENGTH)
    for index, draw in enumerate(PATTERNS.values()):
        places = np.flatnonzero(pattern == index)
        if len(places):
            picture[:, places] += strength[places] * draw(len(places), rng)
    return picture, base


def _coordinates(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Pixel coordinates with a random origin and a slight random slant, x and y of shape (N, 32, 32)."""
    one = (count, 1, 1)
    x, y = _STEPS - uniform(rng, one, -20, 20), _STEPS[:, None] - uniform(rng, one, -20, 20)
    slant = uniform(rng, one, -0.15, 0.15)
    return x - slant * y, y + slant * x


def _stripes(phase: Array) -> Array:
    return np.asarray(np.clip(0.5 + 0.9 * np.cos(2 * np.pi * phase), 0, 1))


def _waves(count: int, rng: np.random.Generator) -> Array:
    x, y = _coordinates(count, rng)
    one = (count, 1, 1)
    return _stripes((y + 1.1 * np.sin(x * 2 * np.pi / uniform(rng, one, 8, 12))) / uniform(rng, one, 3.6, 5))


def _grass(count: int, rng: np.random.Generator) -> Array:
    x, y = _coordinates(count, rng)
    one = (count, 1, 1)
    return _stripes((x + 0.5 * np.sin(y * 2 * np.pi / uniform(rng, one, 6, 12))) / uniform(rng, one, 2.8, 4))


def _dots(count: int, rng: np.random.Generator) -> Array:
    x, y = _coordinates(count, rng)
    apart = uniform(rng, (count, 1, 1), 5, 7)
    column = np.round(x / apart)
    dy = np.mod(y + 0.5 * apart * np.mod(column, 2), apart) - apart / 2
    return np.asarray(np.clip(2 - np.hypot(x - column * apart, dy), 0, 1))


def _bricks(count: int, rng: np.random.Generator) -> Array:
    x, y = _coordinates(count, rng)
    high = uniform(rng, (count, 1, 1), 4, 5.5)
    row = np.floor(y / high)
    joint = np.mod(x + high * np.mod(row, 2), 2 * high)
    return np.clip(1.5 - np.minimum(y - row * high, joint), 0, 1)


def _hatching(count: int, rng: np.random.Generator) -> Array:
    x, y = _coordinates(count, rng)
    return _stripes((x + y) / uniform(rng, (count, 1, 1), 4.5, 6))


PATTERNS: dict[str, Callable[[int, np.random.Generator], Array]] = {
    "waves": _waves, "grass": _grass, "dots": _dots, "bricks": _bricks, "hatching": _hatching,
}  # fmt: skip
