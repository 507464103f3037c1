"""Draw grey pictures of a pair of eyes that look in a given direction: the embedded stand-in for recorded eyes.

Everything is a smooth shape with a soft edge on a grid of pixels. Distances are in pixels, grey values in [0, 1];
x runs to the right and y down. Arrays of parameters have shape (N, 1, 1), so that one expression draws a whole batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 36, 120
_BATCH = 50  # as many pictures as fit into the processor's cache
_PEOPLE = 40
_REACH = (4.6, 2.5)  # how far the iris moves from the middle, right and down
_HEAD = (10.0, 5.5)  # how far the head may be off the middle, sideways and up or down
_LID = 0.12  # share by which the upper lid follows a gaze up or down
_NOISE = (0.02, 0.06)  # standard deviation of the noise, from the best to the worst picture
_LIGHT = (0.25, 0.32, 0.15)  # standard deviation of the light: all over, its slope sideways and downwards

Array = NDArray[np.floating[Any]]


def draw_eye_pairs(gaze: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one picture for each gaze direction.

    Args:
        gaze: (N, 2), columns right and down, each from -1 to 1, as the viewer of the picture sees it.
        rng: decides person, light, head position and noise of each picture.

    Returns:
        uint8 array (N, 36, 120), the two eyes side by side.
    """
    people = _Looks.draw(rng, _PEOPLE)
    pictures = [
        _draw(gaze[start : start + _BATCH].astype(np.float32), people, rng) for start in range(0, len(gaze), _BATCH)
    ]
    return np.concatenate(pictures) if pictures else np.empty((0, HEIGHT, WIDTH), dtype=np.uint8)


@dataclass(frozen=True)
class _Looks:
    """What stays the same in all pictures of one person; every array has one entry for each person, (P, 1, 1)."""

    skin: Array
    iris: Array
    iris_radius: Array
    half_width: Array
    opening: Array
    tilt: Array
    brow: Array
    brow_height: Array
    lashes: Array
    distance: Array
    crease: Array

    @classmethod
    def draw(cls, rng: np.random.Generator, count: int) -> _Looks:
        """Draw ``count`` people."""
        ranges = {
            "skin": (0.36, 0.85), "iris": (0.06, 0.45), "iris_radius": (5.6, 7.0), "half_width": (16.0, 19.5),
            "opening": (5.0, 8.2), "tilt": (-0.1, 0.06), "brow": (0.1, 0.85), "brow_height": (12.0, 15.0),
            "lashes": (0.3, 0.9), "distance": (-2.0, 2.0), "crease": (0.04, 0.16),
        }  # fmt: skip
        return cls(**{name: _uniform(rng, count, low, high) for name, (low, high) in ranges.items()})

    def of(self, chosen: NDArray[np.int64]) -> _Looks:
        """The looks of the chosen people, one for each picture."""
        return _Looks(**{name: values[chosen] for name, values in vars(self).items()})


def _draw(gaze: Array, people: _Looks, rng: np.random.Generator) -> NDArray[np.uint8]:
    count = len(gaze)
    looks = people.of(rng.integers(0, _PEOPLE, count))
    right, down = gaze[:, 0, None, None], gaze[:, 1, None, None]
    head_x, head_y = (_uniform(rng, count, -reach, reach) for reach in _HEAD)
    roll, size = _normal(rng, count, 1.0), 1 + _normal(rng, count, 0.05)
    wide = 1 + _normal(rng, count, 0.1)
    picture = np.empty((count, HEIGHT, WIDTH), dtype=np.float32)
    for side, half in ((-1, slice(0, WIDTH // 2)), (1, slice(WIDTH // 2, WIDTH))):
        x0 = 29.5 + 1.0 * side + head_x + side * looks.distance
        y0 = 20.5 + head_y + side * roll
        # x counts from the middle of the eye towards the temple, so that both eyes are drawn alike.
        x = np.asarray(side * (np.arange(WIDTH // 2) - x0) / size, dtype=np.float32)
        y = np.asarray((np.arange(HEIGHT)[:, None] - y0) / size, dtype=np.float32)
        picture[:, :, half] = _eye(x, y, side * right, down, wide, looks)
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    along = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None]
    all_over, sideways, downwards = (_normal(rng, count, std) for std in _LIGHT)
    light = 1 + all_over + sideways * across + downwards * along
    picture *= np.maximum(light, 0.3)
    picture += rng.standard_normal(picture.shape, dtype=np.float32) * _uniform(rng, count, *_NOISE)
    np.clip(picture, 0, 1, out=picture)
    return (255 * picture + 0.5).astype(np.uint8)


def _eye(x: Array, y: Array, out: Array, down: Array, wide: Array, looks: _Looks) -> Array:
    """One eye: x (N, 1, 60) towards the temple, y (N, 36, 1) down, from its middle; ``out`` is the gaze along x."""
    u = x / looks.half_width
    bow = np.maximum(1 - u**2, 0)
    middle = looks.tilt * x
    # The upper lid follows the gaze down and up, as it does in people.
    lid = looks.opening * wide * (1 - _LID * down)
    upper, lower = middle - lid * bow, middle + 0.62 * looks.opening * wide * np.sqrt(bow) * bow
    grey = looks.skin * (1 - 0.28 * _soft(np.abs(x + 27) / 9) - 0.1 * _soft((y + 9 + 0.01 * x**2) ** 2 / 40))

    brow_line = -looks.brow_height + 0.012 * (x - 3) ** 2 + 0.06 * x
    thickness = 1.3 + 1.1 * np.clip((16 - x) / 30, 0, 1)
    brow = np.clip(thickness + 0.5 - np.abs(y - brow_line), 0, 1) * np.clip((21 - np.abs(x - 3)) / 5, 0, 1)
    grey *= 1 - looks.brow * brow
    crease = np.clip(1.3 - np.abs(y - upper + 3.2 - 0.8 * down), 0, 1) * (np.abs(u) < 0.95)
    grey *= 1 - looks.crease * crease
    grey *= 1 - 0.12 * np.clip(1.6 - np.abs(y - lower - 3.5), 0, 1) * bow

    white = 0.5 + 0.45 * looks.skin - 0.14 * u**2 - 0.16 * np.clip(1 - (y - upper) / 3.5, 0, 1)
    squared = (x - _REACH[0] * out) ** 2 + (y + 0.4 - _REACH[1] * down) ** 2
    distance = np.sqrt(squared)
    radius = looks.iris_radius
    iris = looks.iris + 0.1 * np.clip(distance / radius, 0, 1) - 0.12 * np.clip(distance - radius + 2, 0, 1)
    iris *= np.clip((distance - 0.42 * radius) / 1.2 + 0.5, 0.15, 1)
    ball = white + (iris - white) * np.clip(radius + 0.5 - distance, 0, 1)
    shine = (x - _REACH[0] * out - 1.8) ** 2 + (y + 2.4 - _REACH[1] * down) ** 2
    ball += (0.95 - ball) * np.clip(1.9 - shine, 0, 1) * 0.8
    open_part = np.clip(y - upper + 0.5, 0, 1) * np.clip(lower - y + 0.5, 0, 1) * (bow > 0)
    grey += (ball - grey) * open_part
    rim = np.clip(1.7 + 0.5 * u - np.abs(y - upper + 0.4), 0, 1) * np.clip((1.12 - np.abs(u)) / 0.12, 0, 1)
    grey *= 1 - looks.lashes * rim
    grey *= 1 - 0.3 * np.clip(1.2 - np.abs(y - lower), 0, 1) * (np.abs(u) < 0.98)
    return np.asarray(grey, dtype=np.float32)


def _soft(squared: Array) -> Array:
    """A smooth bump: 1 at 0, falling to 0."""
    return np.asarray(1 / (1 + squared) ** 2, dtype=np.float32)


def _uniform(rng: np.random.Generator, count: int, low: float, high: float) -> Array:
    return rng.uniform(low, high, (count, 1, 1)).astype(np.float32)


def _normal(rng: np.random.Generator, count: int, std: float) -> Array:
    return np.asarray(std * np.clip(rng.standard_normal((count, 1, 1)), -2.5, 2.5), dtype=np.float32)
