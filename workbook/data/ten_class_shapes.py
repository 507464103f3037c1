"""The ten things of the drawn ten-class pictures, each as layers of paint, from back to front.

A thing is drawn about the origin, roughly within -1 to 1; u runs to the right and v down. Arrays of coordinates have
shape (N, 32, 32) and parameters (N, 1, 1), so that one expression draws all pictures of a class. Shapes are given by
their signed distance, negative inside, in the units of u and v; it need be exact near the edge alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

BODY, ACCENT, DARK, LIGHT = range(4)
Layers = list[tuple[Array, int]]


@dataclass(frozen=True)
class Canvas:
    """Where to draw: coordinates (N, 32, 32) and the source of variation."""

    u: Array
    v: Array
    rng: np.random.Generator

    def vary(self, low: float, high: float) -> Array:
        """One number for each picture, (N, 1, 1)."""
        return self.rng.uniform(low, high, (len(self.u), 1, 1)).astype(np.float32)


def _ellipse(x: Array, y: Array, a: Array | float, b: Array | float) -> Array:
    return np.asarray((np.sqrt((x / a) ** 2 + (y / b) ** 2) - 1) * np.minimum(a, b))


def _box(x: Array, y: Array, a: Array | float, b: Array | float) -> Array:
    return np.maximum(np.abs(x) - a, np.abs(y) - b)


def _roof(x: Array, y: Array, half: Array | float, top: Array | float, bottom: Array | float) -> Array:
    """An upright triangle: its tip at y = top, its base at y = bottom, ``half`` wide to either side."""
    height = bottom - top
    side = (np.abs(x) * height - (y - top) * half) / np.hypot(height, half)
    return np.asarray(np.maximum(side, y - bottom))


def _boat(at: Canvas) -> Layers:
    deck = at.vary(0.25, 0.4)
    hull = np.maximum(np.maximum(deck - at.v, at.v - 0.8), (np.abs(at.u) - 1.05 + 0.75 * (at.v - deck)) * 0.8)
    mast = _box(at.u, at.v + 0.25, 0.06, 0.7)
    tall = at.vary(0.75, 0.95)
    sail = np.maximum(np.maximum(0.1 - at.u, at.v - 0.15), (at.u - 0.1) - (at.v + tall) * 0.75)
    jib = np.maximum(np.maximum(at.u + 0.1, at.v - 0.15), (-0.1 - at.u) - (at.v + 0.8 * tall) * 0.6)
    return [(mast, DARK), (sail, ACCENT), (jib, ACCENT), (hull, BODY)]


def _butterfly(at: Canvas) -> Layers:
    across = np.abs(at.u)
    upper = _ellipse(across - 0.52, at.v + 0.35 - 0.2 * (across - 0.5), at.vary(0.42, 0.52), at.vary(0.38, 0.5))
    lower = _ellipse(across - 0.42, at.v - 0.45, at.vary(0.32, 0.4), at.vary(0.3, 0.4))
    spots = np.minimum(_ellipse(across - 0.58, at.v + 0.38, 0.2, 0.2), _ellipse(across - 0.44, at.v - 0.45, 0.14, 0.14))
    trunk = np.hypot(at.u, np.maximum(np.abs(at.v - 0.05) - 0.58, 0)) - 0.1
    return [(np.minimum(upper, lower), BODY), (spots, ACCENT), (trunk, DARK)]


def _car(at: Canvas) -> Layers:
    cabin = np.maximum(np.maximum(-0.5 - at.v, at.v - 0.1), (np.abs(at.u + 0.05) - 0.3 - 0.5 * (at.v + 0.5)) * 0.9)
    window = np.maximum(np.maximum(-0.38 - at.v, at.v + 0.02), (np.abs(at.u + 0.05) - 0.2 - 0.5 * (at.v + 0.5)) * 0.9)
    window = np.maximum(window, 0.04 - np.abs(at.u + 0.05))
    body = _box(at.u, at.v - 0.22, 1.0, 0.26)
    gap = at.vary(0.5, 0.62)
    wheel = _ellipse(np.abs(at.u) - gap, at.v - 0.48, 0.27, 0.27)
    return [(np.minimum(cabin, body), BODY), (window, LIGHT), (wheel, DARK), (wheel + 0.16, LIGHT)]


def _fish(at: Canvas) -> Layers:
    body = _ellipse(at.u + 0.2, at.v, 0.78, at.vary(0.42, 0.58))
    tail = np.maximum(np.abs(at.v) - 0.9 * (at.u - 0.38), at.u - 0.98)
    fin = np.maximum(np.abs(at.u) - 0.3 - 0.3 * at.v, np.abs(at.v + 0.5) - 0.18)
    bands = np.maximum(0.15 - np.cos(at.vary(7.5, 11) * (at.u + 0.1 * at.v) + at.vary(0, 6.3)), -0.45 - at.u) / 8
    eye = _ellipse(at.u + 0.65, at.v + 0.1, 0.15, 0.15)
    bands = np.maximum(body, bands)
    return [(np.minimum(tail, fin), ACCENT), (body, BODY), (bands, ACCENT), (eye, LIGHT), (eye + 0.08, DARK)]


def _flower(at: Canvas) -> Layers:
    radius, angle = np.hypot(at.u, at.v), np.arctan2(at.v, at.u)
    petals = np.round(at.vary(4.6, 7.4))
    depth = at.vary(0.2, 0.3)
    edge = 1 - depth + depth * np.cos(petals * angle + at.vary(0, 6.3))
    return [((radius - edge) * 0.75, BODY), (radius - at.vary(0.26, 0.36), ACCENT)]


def _house(at: Canvas) -> Layers:
    wide = at.vary(0.62, 0.8)
    walls = _box(at.u, at.v - 0.38, wide, 0.5)
    roof = _roof(at.u, at.v, wide + 0.22, at.vary(-0.95, -0.75), -0.1)
    side = np.where(at.rng.random((len(at.u), 1, 1)) < 0.5, -1, 1)
    door = _box(at.u - 0.32 * side, at.v - 0.58, 0.16, 0.3)
    window = _box(at.u + 0.3 * side, at.v - 0.32, 0.19, 0.17)
    return [(walls, BODY), (roof, ACCENT), (door, DARK), (window, LIGHT)]


def _moon(at: Canvas) -> Layers:
    turn = at.vary(-0.7, 0.7)
    cut = _ellipse(at.u - at.vary(0.4, 0.6) * np.cos(turn), at.v - 0.5 * np.sin(turn), 0.8, 0.8)
    return [(np.maximum(_ellipse(at.u, at.v, 0.95, 0.95), -cut), BODY)]


def _mushroom(at: Canvas) -> Layers:
    rim = at.vary(0.0, 0.15)
    cap = np.maximum(_ellipse(at.u, at.v - rim, at.vary(0.8, 1.0), at.vary(0.75, 0.95)), at.v - rim)
    stem = _box(at.u * (1.0 - 0.25 * at.v), at.v - 0.45, at.vary(0.2, 0.3), 0.48)
    sides = _ellipse(np.abs(at.u) - 0.48, at.v + 0.2 - rim, 0.15, 0.14)
    spot = np.minimum(sides, _ellipse(at.u, at.v + 0.48, 0.2, 0.17))
    return [(stem, LIGHT), (cap, BODY), (spot, LIGHT)]


def _star(at: Canvas) -> Layers:
    radius, sector = np.hypot(at.u, at.v), np.pi / 5
    angle = np.mod(np.arctan2(at.u, -at.v) + sector, 2 * sector) - sector
    x, y = radius * np.cos(angle), radius * np.abs(np.sin(angle))
    inner = at.vary(0.36, 0.46)
    inner_x, inner_y = inner * np.cos(sector), inner * np.sin(sector)
    edge = ((x - 1) * inner_y + y * (1 - inner_x)) / np.hypot(inner_y, 1 - inner_x)
    return [(edge, BODY)]


def _tree(at: Canvas) -> Layers:
    trunk = _box(at.u, at.v - 0.78, 0.12, 0.24)
    tiers = [_roof(at.u, at.v, half, top, top + 0.72) for half, top in ((0.45, -1.0), (0.62, -0.6), (0.8, -0.15))]
    return [(trunk, DARK), (np.minimum.reduce(tiers), BODY)]


THINGS: dict[str, Callable[[Canvas], Layers]] = {
    "boat": _boat, "butterfly": _butterfly, "car": _car, "fish": _fish, "flower": _flower, "house": _house,
    "moon": _moon, "mushroom": _mushroom, "star": _star, "tree": _tree,
}  # fmt: skip
