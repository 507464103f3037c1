"""Where a file's name has an assignment's title and a student's name side by side, what of it is the title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from autograder.grading.naming_rules import FILES


class SharedTitles:
    """The titles that the files of a download share.

    Args:
        stems: names of files without suffix.
    """

    def __init__(self, stems: Iterable[str]) -> None:
        rules = [rule for rule in FILES if rule.title_first]
        matches = [match for stem in stems for rule in rules if (match := rule.pattern.fullmatch(stem))]
        both = {f"{match['title']}_{match['student']}" for match in matches}
        self._count = Counter(title for text in both for title, _ in _partings(text))

    def parted(self, text: str) -> tuple[str, str]:
        """Title and student of ``title_student``: the title that most names begin with; of several the longest."""
        return max(_partings(text), key=lambda parts: (self._count[parts[0]], len(parts[0])))


def _partings(text: str) -> list[tuple[str, str]]:
    places = (place for place, character in enumerate(text) if character == "_")
    return [(text[:place], text[place + 1 :]) for place in places if text[:place] and text[place + 1 :]]
