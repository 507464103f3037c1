"""Help in steps, as an author writes it: one Markdown file for a package of exercises.

Each exercise has a heading, three steps, and the places where people get stuck, by name::

    ## softmax

    1. What happens to the probabilities if every score grows by the same number?
    2. The shape to look at …
    3. The structure of the code …

    - **I get nan.** What it comes from, and where to look.

What stands before the first heading of level two is for authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FILE = "hints.md"
STEPS = 3
_HEADING = re.compile(r"^## +", re.M)
_ITEM = re.compile(r"^(?P<mark>\d+\.|-) +", re.M)
_STUCK = re.compile(r"\*\*(?P<name>.+?)\.?\*\*\s+(?P<advice>\S.*)", re.S)
_WORDS_OF_A_CLASS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class HintsError(ValueError):
    """Raised when a file of hints is not in the form that it should be in: the fault of its author."""


@dataclass(frozen=True)
class StuckPlace:
    """A place where people get stuck.

    Attributes:
        name: what they say, such as "I get nan".
        advice: what helps there, in Markdown.
    """

    name: str
    advice: str


@dataclass(frozen=True)
class ExerciseHints:
    """The hints for one exercise.

    Attributes:
        name: the exercise as students call it: the name of the function or class that they write.
        steps: a question that points at the idea; the formula or shape to look at; the structure of the code.
        stuck: where people get stuck, at least one place.
    """

    name: str
    steps: tuple[str, ...]
    stuck: tuple[StuckPlace, ...]

    def stuck_at(self, part: str) -> tuple[StuckPlace, ...]:
        """The places whose names contain ``part``, whatever its case."""
        return tuple(place for place in self.stuck if part.casefold() in place.name.casefold())


def exercise_id(name: str) -> str:
    """The grade id of an exercise, from that or from the name of its function or class.

    ``sigmoid_derivative`` gives ``sigmoid-derivative``, ``TwoLayerNet`` gives ``two-layer-net``.
    """
    return _WORDS_OF_A_CLASS.sub("-", name.strip()).replace("_", "-").lower()


def parse_hints(text: str) -> dict[str, ExerciseHints]:
    """The hints in a file, by grade id, in its order.

    Raises:
        HintsError: if an exercise is there twice, has other than three steps, no stuck place, or text that is neither.
    """
    found: dict[str, ExerciseHints] = {}
    for section in _HEADING.split(text.replace("\r\n", "\n"))[1:]:
        heading, _, body = section.partition("\n")
        hints = _exercise(heading.strip().strip("`"), body)
        if exercise_id(hints.name) in found:
            raise HintsError(f"the hints for {hints.name} are there twice. Leave one of them out.")
        found[exercise_id(hints.name)] = hints
    return found


def _exercise(name: str, body: str) -> ExerciseHints:
    first = _ITEM.search(body)
    before = body[: first.start()] if first else body
    if before.strip():
        raise HintsError(f"hints for {name}: {_begin(before)!r} is neither a step (1. …) nor a place (- **…** …).")
    items = list(_items(body))
    numbers = [mark for mark, _ in items if mark != "-"]
    if numbers != [f"{number}." for number in range(1, STEPS + 1)] or [mark for mark, _ in items[:STEPS]] != numbers:
        raise HintsError(f"hints for {name}: the steps are {numbers}. Expected 1. 2. 3., before the places.")
    stuck = tuple(_place(name, text) for _, text in items[STEPS:])
    if not stuck:
        raise HintsError(f"hints for {name}: there is no stuck place. Expected a line such as - **I get nan.** Why.")
    return ExerciseHints(name, tuple(text for _, text in items[:STEPS]), stuck)


def _items(body: str) -> Iterator[tuple[str, str]]:
    """Each item of the lists: its mark, and its text with lines joined and blank lines kept."""
    marks = list(_ITEM.finditer(body))
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    for mark, end in zip(marks, ends, strict=True):
        paragraphs = re.split(r"\n\s*\n", body[mark.end() : end].strip())
        yield mark["mark"], "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _place(name: str, text: str) -> StuckPlace:
    match = _STUCK.fullmatch(text)
    if match is None:
        raise HintsError(f"hints for {name}: {_begin(text)!r} has no name. Expected one in bold: - **I get nan.** Why.")
    return StuckPlace(match["name"], match["advice"])


def _begin(text: str) -> str:
    return text.strip().partition("\n")[0][:60]
