"""Draw small colour pictures of ten things: the embedded stand-in for CIFAR-10.

Place, size, tilt, colours, light and noise are random, so that a pixel alone, or the mean colour, says little about
the class; its outline, its parts and the pattern behind it say more. Colours are in [0, 1]; lengths in pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbook.data.ten_class_scenes import PATTERNS, SIZE, Array, draw_scenes, planes, rgb, uniform
from workbook.data.ten_class_shapes import ACCENT, BODY, DARK, LIGHT, THINGS, Canvas

CLASSES = tuple(THINGS)
_BATCH = 50  # as many pictures as fit into the processor's cache
_SCALE = (8.5, 13.0)  # pixels for one unit of a thing that is two units wide
_AWAY = 4.0  # how far a thing may be off the middle
_TILT = 0.3  # standard deviation of the tilt, radians
_TYPICAL = 0.15  # share of pictures with the colours that the class has most often
_CONTEXT = 0.85  # share of pictures with the pattern that is usual behind the class
_OUTLINE = (0.6, 1.4)  # width of the dark line around a thing
_TRIES = 3  # colours from which the one farthest from the background is taken
_CONTRAST = 1.5  # of the finished picture, about a middle grey
_NOISE = (0.01, 0.05)  # standard deviation, from the best to the worst picture

# Hue of the thing and hue of what is behind it, as a person might paint them.
_HUES = {
    "boat": (0.05, 0.58), "butterfly": (0.1, 0.3), "car": (0.0, 0.1), "fish": (0.08, 0.52), "flower": (0.92, 0.28),
    "house": (0.08, 0.55), "moon": (0.15, 0.68), "mushroom": (0.0, 0.25), "star": (0.14, 0.75), "tree": (0.36, 0.56),
}  # fmt: skip

_PATTERNS = {
    "boat": "waves", "fish": "waves", "butterfly": "grass", "flower": "grass", "moon": "dots", "star": "dots",
    "car": "bricks", "house": "bricks", "mushroom": "hatching", "tree": "hatching",
}  # fmt: skip


def draw_things(labels: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one picture for each label.

    Args:
        labels: (N,), index into ``CLASSES``.
        rng: decides everything else about each picture.

    Returns:
        uint8 array (N, 32, 32, 3).
    """
    pictures = np.empty((len(labels), SIZE, SIZE, 3), dtype=np.uint8)
    for label, name in enumerate(CLASSES):
        places = np.flatnonzero(labels == label)
        for start in range(0, len(places), _BATCH):
            chosen = places[start : start + _BATCH]
            pictures[chosen] = _draw(name, len(chosen), rng)
    return pictures


def _draw(name: str, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    typical = rng.random(count) < _TYPICAL
    hue, behind = (np.where(typical, h + rng.normal(0, 0.04, count), rng.random(count)) for h in _HUES[name])
    usual = list(PATTERNS).index(_PATTERNS[name])
    pattern = np.where(rng.random(count) < _CONTEXT, usual, rng.integers(0, len(PATTERNS) + 1, count))
    picture, base = draw_scenes(behind, pattern, rng)
    paints = _paints(hue, base, rng)
    canvas, scale = _canvas(count, rng)
    sun = rng.uniform(0, 2 * np.pi, (2, count, 1, 1)).astype(np.float32)
    shade = 1 + 0.13 * (canvas.u * np.cos(sun[0]) + canvas.v * np.sin(sun[0]))
    layers = THINGS[name](canvas)
    outline = np.minimum.reduce([distance for distance, _ in layers]) - uniform(rng, (count, 1, 1), *_OUTLINE) / scale
    _paint(picture, outline * scale, paints[DARK])
    for distance, paint in layers:
        _paint(picture, distance * scale, paints[paint] * shade)
    steps = np.linspace(-1, 1, SIZE, dtype=np.float32)
    slope = np.cos(sun[1]) * steps + np.sin(sun[1]) * steps[:, None]
    light = uniform(rng, (count, 1, 1), 0.85, 1.1) + uniform(rng, (count, 1, 1), 0, 0.15) * slope
    picture *= light
    picture = 0.5 + _CONTRAST * (picture - 0.5)
    noise = uniform(rng, (count, 1, 1), *_NOISE)
    grain = rng.standard_normal((count, SIZE, SIZE, 3), dtype=np.float32)
    picture += noise * np.moveaxis(grain, -1, 0)
    np.clip(picture, 0, 1, out=picture)
    return np.moveaxis((255 * picture + 0.5).astype(np.uint8), 0, -1)


def _paint(picture: Array, distance: Array, colour: Array) -> None:
    """Paint a shape over the pictures (3, N, 32, 32), in place.

    Args:
        distance: signed, in pixels, (N, 32, 32); it says how much of each pixel the shape covers.
        colour: broadcasts to the pictures.
    """
    picture += np.clip(0.5 - distance, 0, 1) * (colour - picture)


def _canvas(count: int, rng: np.random.Generator) -> tuple[Canvas, Array]:
    shape = (count, 1, 1)
    scale = uniform(rng, shape, *_SCALE)
    tilt = (_TILT * np.clip(rng.standard_normal(shape), -2, 2)).astype(np.float32)
    flip = np.where(rng.random(shape) < 0.5, -1, 1).astype(np.float32)
    pixels = np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2
    x = (pixels - uniform(rng, shape, -_AWAY, _AWAY)) / scale
    y = (pixels[:, None] - uniform(rng, shape, -_AWAY, _AWAY)) / scale
    return Canvas(flip * (np.cos(tilt) * x + np.sin(tilt) * y), np.cos(tilt) * y - np.sin(tilt) * x, rng), scale


def _paints(hue: NDArray[np.float64], base: Array, rng: np.random.Generator) -> dict[int, Array]:
    """The four colours of each thing, (3, N, 1, 1); its body stands out from the background, its accent from both."""
    count = len(hue)

    def some(lowest_saturation: float, highest: float, darkest: float, brightest: float, hue: Array) -> Array:
        return rgb(hue, uniform(rng, (count,), lowest_saturation, highest), uniform(rng, (count,), darkest, brightest))

    tries = np.stack([some(0.35, 1, 0.4, 1, hue) for _ in range(_TRIES)])
    body = tries[np.abs(tries - base).sum(axis=2).argmax(axis=0), np.arange(count)]
    tries = np.stack([some(0.1, 0.9, 0.3, 1, rng.random(count)) for _ in range(_TRIES)])
    accent = tries[(np.abs(tries - body) + np.abs(tries - base)).sum(axis=2).argmax(axis=0), np.arange(count)]
    dark, light = some(0, 0.6, 0.05, 0.25, rng.random(count)), some(0, 0.2, 0.85, 1, rng.random(count))
    paints = {BODY: body, ACCENT: accent, DARK: dark, LIGHT: light}
    return {paint: planes(colour) for paint, colour in paints.items()}
