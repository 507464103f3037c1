"""Read a figure or a graph of the student's as plain data."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograder.testing.connection import beside_student


@beside_student
def figure_content(figure: Any) -> list[dict[str, Any]]:
    """Read a matplotlib Figure as plain data.

    Returns:
        one dict for each axes in drawing order: ``title``, ``xlabel``, ``ylabel`` (str), ``legend`` (list of
        str, empty without a legend) and ``lines``, a list of dicts with ``label`` and ``style`` (str), ``x`` and
        ``y`` (float64 arrays).
    """
    content = []
    for axes in figure.axes:
        legend = axes.get_legend()
        content.append(
            {
                "title": axes.get_title(),
                "xlabel": axes.get_xlabel(),
                "ylabel": axes.get_ylabel(),
                "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
                "lines": [
                    {
                        "label": str(line.get_label()),
                        "style": str(line.get_linestyle()),
                        "x": np.asarray(line.get_xdata(), dtype=np.float64),
                        "y": np.asarray(line.get_ydata(), dtype=np.float64),
                    }
                    for line in axes.get_lines()
                ],
            }
        )
    return content


@beside_student
def graph_content(graph: Any) -> dict[str, Any]:
    """Read a networkx graph as plain data.

    Returns:
        a dict with ``directed`` and ``multigraph`` (bool), ``nodes``, a list of dicts with the attributes of one node
        each and its ``name`` (str), and ``edges``, a list of dicts with the attributes of one edge each and
        its ``source`` and ``target``, indices into ``nodes``.
    """
    index = {node: number for number, node in enumerate(graph.nodes)}
    return {
        "directed": bool(graph.is_directed()),
        "multigraph": bool(graph.is_multigraph()),
        "nodes": [{**_plain_attributes(about), "name": str(node)} for node, about in graph.nodes(data=True)],
        "edges": [
            {**_plain_attributes(about), "source": index[source], "target": index[target]}
            for source, target, about in graph.edges(data=True)
        ],
    }


def _plain_attributes(attributes: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): _plain(value) for key, value in attributes.items()}


def _plain(value: Any) -> Any:
    """A number, a text or None as it is, a NumPy or PyTorch number as int or float, anything else as its repr."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    for convert in (operator.index, float):
        try:
            return convert(value)
        except (TypeError, ValueError, RuntimeError):
            continue
    return repr(value)
