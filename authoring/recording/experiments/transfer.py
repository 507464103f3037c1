"""Chapter 12: a new head on frozen features against training from scratch, on digits and on ten-class images."""

from __future__ import annotations

from typing import Any

CHAPTER = "12_pretrained_models"
_WAYS = ("new head", "Lite0 from scratch", "small CNN from scratch")


def data(names: dict[str, Any]) -> str:
    """Both data sets in words."""
    parts = []
    for title, task in _tasks(names).items():
        parts.append(
            f"{title}: {task.source}, {len(task.train_labels)} training and {len(task.test_labels)} test images"
        )
    return "; ".join(parts) + f"; each enlarged to {names['SIDE']} pixels"


def run(names: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Three ways to train on each of two data sets."""
    runs = []
    for title, task in _tasks(names).items():
        for way in _WAYS:
            steps, scores, seconds = names["WAYS"][way](task, seed)
            runs.append(
                {
                    "name": f"{title}, {way}",
                    "data": title,
                    "way": way,
                    "steps": list(steps),
                    "test_acc_curve": [float(score) for score in scores],
                    "test_acc": float(scores[-1]),
                    "seconds": float(seconds),
                }
            )
    return runs


def _tasks(names: dict[str, Any]) -> dict[str, Any]:
    loaders = names["data"]
    return {
        "digits": names["small_task"](loaders.digits28()),
        "ten classes": names["small_task"](loaders.ten_classes()),
    }
