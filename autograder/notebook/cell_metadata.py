"""Metadata of a notebook and its cells, brought into the form that nbformat's schema asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# What a person's tools write is far below; what is above is nothing that grading needs.
_MAX_VALUES, _MAX_CHARACTERS, _MAX_DEPTH = 2_000, 100_000, 20


def cell_metadata(given: Any) -> dict[str, Any]:
    """A cell's metadata without fields of the wrong kind; of metadata that are too large nbgrader's alone stay."""
    if not isinstance(given, dict):
        return {}
    kept = given if _is_small(given) else {"nbgrader": given.get("nbgrader")}
    return {
        key: value
        for key, value in kept.items()
        if (is_right := _FIELDS.get(key)) is None or (is_right(value) and _is_small(value))
    }


def notebook_metadata(given: Any) -> dict[str, Any]:
    """A notebook's metadata: those of its tools where they are small, and the kernel in the schema's form.

    The kernel has its ``language`` where the notebook names one, be it as the kernel's or as that of its cells.
    """
    if not isinstance(given, dict):
        return {}
    kept = {key: value for key, value in given.items() if key not in _OF_THE_SCHEMA and _is_small(value)}
    kernel = given.get("kernelspec")
    if isinstance(kernel, dict) and "name" in kernel and _is_small(kernel["name"], 2_000_000_000):
        name = str(kernel["name"])
        kept["kernelspec"] = {"name": name, "display_name": str(kernel.get("display_name") or name)[:200]}
    info = given.get("language_info")
    languages = [part.get(key) for part, key in ((info, "name"), (kernel, "language")) if isinstance(part, dict)]
    language = next((value for value in languages if isinstance(value, str) and value), None)
    if language is not None:
        kept.setdefault("kernelspec", {"name": "unnamed", "display_name": "unnamed"})["language"] = language[:100]
    return kept


def _is_small(value: Any, characters: int = _MAX_CHARACTERS) -> bool:
    """True where a value has few values in it, little text, and little depth; looks at no more than that many."""
    waiting, values = [(value, 0)], 0
    while waiting:
        item, depth = waiting.pop()
        values += 1
        if isinstance(item, Mapping):
            parts = [*item.keys(), *item.values()] if len(item) <= _MAX_VALUES else None
        elif isinstance(item, list):
            parts = item if len(item) <= _MAX_VALUES else None
        else:
            parts = []
            characters -= len(item) if isinstance(item, str) else 20
        if parts is None or depth > _MAX_DEPTH or values > _MAX_VALUES or characters < 0:
            return False
        waiting += [(part, depth + 1) for part in parts]
    return True


def _are_tags(value: Any) -> bool:
    texts = isinstance(value, list) and all(isinstance(tag, str) and tag and "," not in tag for tag in value)
    return texts and len(set(value)) == len(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _are_flags(value: Any) -> bool:
    flags = ("source_hidden", "outputs_hidden")
    return isinstance(value, dict) and all(isinstance(value.get(flag, True), bool) for flag in flags)


def _are_times(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(time, str) for time in value.values())


_FIELDS: dict[str, Callable[[Any], bool]] = {
    "nbgrader": lambda value: isinstance(value, dict),
    "tags": _are_tags,
    "name": _is_text,
    "format": _is_text,
    "collapsed": lambda value: isinstance(value, bool),
    "scrolled": lambda value: isinstance(value, bool) or value == "auto",
    "jupyter": _are_flags,
    "execution": _are_times,
}
"""The fields that a schema knows, and whether a value is of the right kind."""
_OF_THE_SCHEMA = frozenset({"kernelspec", "language_info", "orig_nbformat", "title", "authors"})
