"""Author and year of each entry of a BibTeX file."""

from __future__ import annotations

from pathlib import Path


def author_year(path: Path) -> dict[str, str]:
    """What to write where a text cites a source: ``"Author (2020)"``, ``"A and B (2020)"``, ``"A et al. (2020)"``.

    Returns:
        one string for each key of the file; empty where there is no file.
    """
    if not path.is_file():
        return {}
    from pybtex.database import parse_file

    result = {}
    for key, entry in parse_file(str(path)).entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [" ".join(person.last_names).strip("{}") for person in people]
        many = len(names) > 2 or "others" in names
        who = f"{names[0]} et al." if many else " and ".join(names) or entry.fields.get("title", key)
        result[key] = f"{who} ({entry.fields.get('year', 'n.d.')})"
    return result
