"""What torchvision's networks say of the sixteen photographs, recorded where their weights were; see the chapter."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

Ranking = list[tuple[str, float]]

FILE = Path(__file__).parent / "recorded_answers.json"


def recorded_answers(besides: Collection[str] = (), file: Path = FILE) -> dict[str, dict[str, Ranking]]:
    """For each recorded network, called "NAME (recorded)", the best three labels with probabilities by photograph.

    Empty as long as nothing is recorded.

    Args:
        besides: names of networks that are left out, because they are here and can be asked.
    """
    if not file.is_file():
        return {}
    networks = json.loads(file.read_text(encoding="utf-8"))["networks"]
    return {
        f"{name} (recorded)": {photo: [tuple(pair) for pair in ranking] for photo, ranking in found["answers"].items()}
        for name, found in networks.items()
        if name not in besides
    }
