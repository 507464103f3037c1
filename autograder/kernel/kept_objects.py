"""Objects of a student's that a grader refers to by number."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

# No number is given out twice in a process.
_NUMBERS = itertools.count()


class KeptObjects:
    """Objects under numbers; an object that is kept has one number for as long as it is."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}

    def number(self, value: Any) -> int:
        """The number of an object, which is kept from now on."""
        known = self._numbers.get(id(value))
        if known is not None:
            return known
        number = next(_NUMBERS)
        self._objects[number], self._numbers[id(value)] = value, number
        return number

    def __getitem__(self, number: int) -> Any:
        return self._objects[number]

    def keep(self, numbers: Collection[int]) -> None:
        """Forget all but these."""
        wanted = set(numbers)
        self._objects = {number: value for number, value in self._objects.items() if number in wanted}
        self._numbers = {id(value): number for number, value in self._objects.items()}
