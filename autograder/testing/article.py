"""The kind of a value, with its article, as a sentence about it needs it."""

from __future__ import annotations

from typing import Any

# Read letter by letter, or with the sound of "you": the first letter misleads.
_ARTICLES = {"ndarray": "an", "uint": "a", "user": "a", "unique": "a", "unit": "a", "union": "a"}


def class_with_article(value: Any) -> str:
    """The name of a value's class behind its article: ``"an int"``, ``"a dict"``, ``"an ndarray"``."""
    name = type(value).__name__
    plain = name.lower().lstrip("_")
    article = next((word for start, word in _ARTICLES.items() if plain.startswith(start)), None)
    return f"{article or ('an' if plain[:1] in tuple('aeiou') else 'a')} {name}"
