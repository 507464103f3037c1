"""Record what torchvision's networks say of chapter 12's photographs, with the chapter's own solutions.

``python -m authoring.recording.photographs`` asks every network whose weights are in torchvision's cache, and writes
the JSON that :mod:`workbook.chapter12.recorded_answers` reads. With ``WORKBOOK_DOWNLOAD=1`` it downloads the weights
that are missing. Nothing is trained, so there are no seeds.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from torch.utils.data import DataLoader

from authoring.recording.chapter_code import definitions
from authoring.recording.train_seed import versions_in_use
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from workbook.chapter12.pretrained import (
    TORCHVISION,
    available_networks,
    load_pretrained,
    networks_in_words,
    weights_checksum,
    weights_file,
)
from workbook.chapter12.recorded_answers import FILE
from workbook.data import sources
from workbook.data.photographs import SHIPPED

CHAPTER = "12_pretrained_models"
COMMAND = "python -m authoring.recording.photographs"
_BEST = 3
_DIGITS = 4
_VERSIONED = ("torchvision", "pillow", "scikit-image", "scikit-learn", "matplotlib")


def main(file: Path = FILE) -> int:
    """The command; returns 2 if it cannot record, else 0."""
    try:
        made = recorded(definitions(Course.find(), CHAPTER), _networks())
    except AutograderError as error:
        print(error, file=sys.stderr)
        return 2
    write_atomically(file, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    for name, found in made["networks"].items():
        print(f"{name}: {len(found['answers'])} photographs, weights {found['sha256']}")
    print(f"complete: {file}")
    return 0


def recorded(names: Mapping[str, Any], networks: Sequence[str]) -> dict[str, Any]:
    """The recording as JSON values.

    Args:
        names: what the chapter defines.
        networks: names of torchvision's networks.

    Raises:
        AutograderError: if a file with weights is not the one that its name says.
    """
    return {
        "command": COMMAND,
        "versions": versions_in_use() | {name: importlib.metadata.version(name) for name in _VERSIONED},
        "networks": {name: _answers(names, name) for name in networks},
    }


def _networks() -> list[str]:
    downloads = sources.may_download(download=False)
    found = [name for name in TORCHVISION if downloads or name in available_networks()]
    if not found:
        raise AutograderError(
            f"{networks_in_words()}. Put the files there, or set WORKBOOK_DOWNLOAD=1 to download them, about 800 MB."
        )
    return found


def _answers(names: Mapping[str, Any], name: str) -> dict[str, Any]:
    try:
        model, transform, categories = load_pretrained(name)
    except (FileNotFoundError, ValueError) as error:
        raise AutograderError(str(error)) from error
    file, checksum = weights_file(name), weights_checksum(name)
    if not checksum.startswith(file.stem.rpartition("-")[2]):
        raise AutograderError(
            f"{file} does not hold torchvision's weights: its SHA-256 is {checksum}, and the name says which digits it "
            "begins with. Delete the file."
        )
    photographs = {photo: names["PHOTOGRAPHS"][photo] for photo in SHIPPED}  # not the author's own
    loader = DataLoader(names["ImageFolderDataset"](list(photographs.values()), transform), batch_size=4)
    rankings = names["top_k"](names["predict"](model, loader), _BEST, categories)
    answers = {
        photo: [[label, float(f"{share:.{_DIGITS}g}")] for label, share in ranking]
        for photo, ranking in zip(photographs, rankings, strict=True)
    }
    return {"weights": file.name, "sha256": checksum, "answers": answers}


if __name__ == "__main__":
    sys.exit(main())
