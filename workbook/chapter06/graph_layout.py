"""Place a directed acyclic graph in layers, from left to right, with few crossings.

The steps of Sugiyama, Tagawa and Toda (IEEE Transactions on Systems, Man, and Cybernetics 11, 1981): layers, waypoints
for edges that pass over a layer, an order in each layer by barycentres, then heights. Lengths are in inches.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

Array = NDArray[np.float64]
Edge = tuple[int, int]
_SWEEPS = 12
_WAYPOINT_HEIGHT = 0.12


@dataclass(frozen=True)
class Layout:
    """Where everything goes.

    Attributes:
        positions: centre of each node, (n, 2).
        routes: for each edge the points it passes, from centre to centre, (k, 2).
    """

    positions: Array
    routes: list[Array]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The least and largest x and y of all points: left, right, bottom, top."""
        points = np.concatenate([self.positions, *self.routes])
        (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
        return float(left), float(right), float(bottom), float(top)


def layered_layout(heights: Sequence[float], edges: Sequence[Edge], layer_gap: float, node_gap: float) -> Layout:
    """Lay a graph out.

    Args:
        heights: the height of each node's box, labels included.
        edges: pairs (source, target) of node indices; parallel edges are allowed, cycles are not.
        layer_gap: distance between the centres of neighbouring layers.
        node_gap: the least vertical distance between two boxes of a layer.
    """
    count = len(heights)
    layers = _layers(count, edges)
    tall = list(heights)
    paths = []
    for source, target in edges:
        path = [source]
        for layer in range(layers[source] + 1, layers[target]):
            path.append(len(tall))
            tall.append(_WAYPOINT_HEIGHT)
            layers.append(layer)
        paths.append([*path, target])
    links = [pair for path in paths for pair in itertools.pairwise(path)]
    order = _order(layers, links)
    y = _heights(order, links, np.asarray(tall), node_gap, count)
    points = np.stack([layer_gap * np.asarray(layers, dtype=np.float64), y], axis=1)
    return Layout(points[:count], [points[path] for path in paths])


def _layers(count: int, edges: Sequence[Edge]) -> list[int]:
    """A layer for each node: every edge goes to the right, and edges are short in total."""
    layers = [0] * count
    for _ in range(count):
        for source, target in edges:
            layers[target] = max(layers[target], layers[source] + 1)
    before = [[s for s, t in edges if t == node] for node in range(count)]
    after = [[t for s, t in edges if s == node] for node in range(count)]
    for _ in range(count):
        for node in sorted(range(count), key=lambda n: -layers[n]):
            outward = len(after[node]) - len(before[node])
            if outward > 0 or (after[node] and outward == 0 and len(set(after[node])) == 1):
                layers[node] = min(layers[target] for target in after[node]) - 1
    first = min(layers)
    return [layer - first for layer in layers]


def _order(layers: Sequence[int], links: Sequence[Edge]) -> list[list[int]]:
    """The nodes of each layer from bottom to top: the order with the fewest crossings among some sweeps."""
    order: list[list[int]] = [[] for _ in range(max(layers) + 1)]
    for node in reversed(_depth_first(len(layers), links)):  # first operands on top
        order[layers[node]].append(node)
    neighbours: list[list[int]] = [[] for _ in layers]
    for source, target in links:
        neighbours[source].append(target)
        neighbours[target].append(source)
    best, fewest = order, crossings(order, links)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        order = [list(row) for row in order]
        for k in range(1, len(order)) if forward else range(len(order) - 2, -1, -1):
            fixed = order[k - 1 if forward else k + 1]
            place = {node: i for i, node in enumerate(fixed)}
            order[k] = _by_barycentre(order[k], place, neighbours)
        order = _exchanged(order, links)
        found = crossings(order, links)
        if found < fewest:
            best, fewest = order, found
    return best


def _depth_first(count: int, links: Sequence[Edge]) -> list[int]:
    """All nodes, each after the nodes that it depends on, what belongs together side by side."""
    before: list[list[int]] = [[] for _ in range(count)]
    for source, target in links:
        before[target].append(source)
    seen: dict[int, None] = {}

    def visit(node: int) -> None:
        if node not in seen:
            for source in before[node]:
                visit(source)
            seen[node] = None

    used = {source for source, _ in links}
    for node in sorted(range(count), key=lambda n: n in used):
        visit(node)
    return list(seen)


def _by_barycentre(row: list[int], place: dict[int, int], neighbours: list[list[int]]) -> list[int]:
    def key(node: int) -> float:
        near = [place[other] for other in neighbours[node] if other in place]
        return sum(near) / len(near) if near else row.index(node)

    return sorted(row, key=key)


def _exchanged(order: list[list[int]], links: Sequence[Edge]) -> list[list[int]]:
    """Exchange neighbours in a layer as long as that removes crossings."""
    fewest = crossings(order, links)
    improved = fewest > 0
    while improved:
        improved = False
        for row in order:
            for i in range(len(row) - 1):
                row[i], row[i + 1] = row[i + 1], row[i]
                found = crossings(order, links)
                if found < fewest:
                    fewest, improved = found, True
                else:
                    row[i], row[i + 1] = row[i + 1], row[i]
    return order


def crossings(order: Sequence[Sequence[int]], links: Sequence[Edge]) -> int:
    """How many pairs of links between neighbouring layers cross."""
    place = {node: i for row in order for i, node in enumerate(row)}
    layer = {node: k for k, row in enumerate(order) for node in row}
    total = 0
    for k in range(len(order) - 1):
        ends = np.array([(place[s], place[t]) for s, t in links if layer[s] == k]).reshape(-1, 2)
        left, right = (np.sign(column[:, None] - column[None, :]) for column in ends.T)
        total += int((left * right < 0).sum()) // 2
    return total


def _heights(order: list[list[int]], links: Sequence[Edge], tall: Array, gap: float, count: int) -> Array:
    """A height for each node: near its neighbours, in the given order, boxes at least ``gap`` apart."""
    y = np.zeros(len(tall))
    for row in order:
        y[row] = _separated(np.zeros(len(row)), np.ones(len(row)), tall[row], gap)
    near: list[list[tuple[int, float]]] = [[] for _ in tall]
    for source, target in links:
        weight = 1.0 + 3.0 * (source >= count) + 3.0 * (target >= count)  # long edges should run straight
        near[source].append((target, weight))
        near[target].append((source, weight))
    for sweep in range(4 * _SWEEPS):
        for row in order if sweep % 2 == 0 else reversed(order):
            weights = np.array([sum(w for _, w in near[node]) or 1.0 for node in row])
            wish = np.array([sum(w * y[o] for o, w in near[n]) if near[n] else y[n] for n in row])
            wish /= np.array([weights[i] if near[n] else 1.0 for i, n in enumerate(row)])
            y[row] = _separated(wish, weights, tall[row], gap)
    return y


def _separated(wish: Array, weights: Array, tall: Array, gap: float) -> Array:
    """The heights nearest to ``wish``, in least squares, with boxes ``gap`` apart and in order."""
    offsets = np.concatenate([[0.0], np.cumsum((tall[:-1] + tall[1:]) / 2 + gap)])
    fitted: Array = isotonic_regression(wish - offsets, weights=weights).x + offsets
    return fitted
