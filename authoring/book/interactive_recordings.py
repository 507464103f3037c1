"""What the interactive figures show of real runs: recorded with fixed seeds when the book is built, and kept."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from autograder.course import Course
from autograder.digest import digest, file_digest
from autograder.files import write_atomically
from autograder.helper_packages import course_digest
from workbook.chapter12.pretrained import load_pretrained
from workbook.data.photographs import photographs
from workbook.data.xor import xor_blobs

_DIGITS = 6  # significant digits that are kept: more cannot be seen

# The run of chapter 02: four hidden units, seed 0, mean gradients of all samples at rate 1.
_EPOCHS, _HIDDEN, _SEED = 1000, 4, 0
_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}

# Photographs whose licence lets them be shown anywhere (book/data.md), and what a person calls them.
_PHOTOGRAPHS = {
    "coffee": "coffee",
    "cat": "cat",
    "rocket": "rocket",
    "clock": "moving clock",
    "astronaut": "astronaut",
    "bricks": "bricks",
    "galaxies": "galaxies",
    "retina": "retina",
}
_NETWORKS = {f"efficientnet_lite{n}": f"EfficientNet-Lite{n}" for n in range(3)}
_SIDE, _MARGIN, _QUALITY, _TOP = 210, 30, 75, 5


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """The recorded numbers do not depend on how many cores there are, and a busy machine is not slowed down."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def recorded_data(course: Course, figure: str) -> Any:
    """The data of a figure in :data:`RECORDED`, as JSON values; None for a figure without recorded data.

    They are made once for each state of this module, the helper package and the pinned requirements, and kept in
    ``build/interactive``.
    """
    if figure not in RECORDED:
        return None
    made_from = digest(figure, Path(__file__).read_bytes(), course_digest(course), file_digest(course.requirements))
    kept = course.build / "interactive" / f"{figure}-{made_from[:16]}.json"
    if not kept.is_file():
        write_atomically(kept, json.dumps(RECORDED[figure]()))
    return json.loads(kept.read_text(encoding="utf-8"))


@_one_thread()
def record_xor_training() -> dict[str, Any]:
    """Train chapter 02's network with three activations and record it at about thirty epochs between 0 and 1000.

    Returns:
        ``points``: the validation points [x1, x2, label]; ``runs``: for each activation the recorded ``epochs`` (steps
        taken), the training ``losses`` (mean squared error), the validation ``accuracies`` in [0, 1] and the
        ``parameters``: W (2, 4) row by row, b (4), V (4), c.
    """
    x_train, y_train, x_val, y_val = xor_blobs()
    points = [
        [round(float(a), 3), round(float(b), 3), int(label)] for (a, b), (label,) in zip(x_val, y_val, strict=True)
    ]
    return {
        "points": points,
        "runs": {name: _xor_run(f, x_train, y_train, x_val, y_val) for name, f in _ACTIVATIONS.items()},
    }


@_one_thread()
def record_pretrained_top_five() -> dict[str, Any]:
    """Show eight photographs to three networks trained on ImageNet and record the five most probable labels.

    Returns:
        ``photographs``: name, text and the square that the networks see as a JPEG data URL; ``networks``: name and
        text; ``answers``: network → photograph → [[label, probability], …], the most probable first.
    """
    with contextlib.redirect_stdout(io.StringIO()):  # the loader's line is meant for a notebook
        paths = photographs()
    images = {}
    for name in _PHOTOGRAPHS:
        with Image.open(paths[name]) as file:
            images[name] = file.convert("RGB")
    return {
        "photographs": [
            {"name": name, "text": text, "picture": _picture(images[name])} for name, text in _PHOTOGRAPHS.items()
        ],
        "networks": [{"name": name, "text": text} for name, text in _NETWORKS.items()],
        "answers": {name: _top_five(name, images) for name in _NETWORKS},
    }


# Figures with recorded data, and what records them.
RECORDED: dict[str, Callable[[], dict[str, Any]]] = {
    "xor_training": record_xor_training,
    "pretrained_top_five": record_pretrained_top_five,
}


def _xor_run(f: Callable[[Tensor], Tensor], *data: Any) -> dict[str, list[Any]]:
    x_train, y_train, x_val, y_val = map(torch.as_tensor, data)
    rng = np.random.default_rng(_SEED)
    # In the order in which the chapter draws them.
    weights = [
        rng.standard_normal((2, _HIDDEN)),
        np.zeros((1, _HIDDEN)),
        rng.standard_normal((_HIDDEN, 1)),
        np.zeros((1, 1)),
    ]
    parameters = [torch.tensor(array, requires_grad=True) for array in weights]

    def outputs(x: Tensor) -> Tensor:
        w, b, v, c = parameters
        return torch.sigmoid(f(x @ w + b) @ v + c)

    steps = _recorded_epochs()
    losses, accuracies, states = [], [], []
    for epoch in range(_EPOCHS + 1):
        loss = torch.mean((outputs(x_train) - y_train) ** 2)
        if epoch in steps:
            right = (outputs(x_val) > 0.5) == (y_val > 0.5)
            losses.append(_short(float(loss.detach())))
            accuracies.append(_short(float(right.double().mean())))
            states.append([_short(value) for p in parameters for value in p.detach().flatten().tolist()])
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= gradient
    return {"epochs": steps, "losses": losses, "accuracies": accuracies, "parameters": states}


def _recorded_epochs() -> list[int]:
    """0 and a geometric series up to the last epoch, without repetitions: most happens at the beginning."""
    return sorted({0, *(round(value) for value in np.geomspace(1, _EPOCHS, 34))})


def _top_five(network: str, images: dict[str, Image.Image]) -> dict[str, list[tuple[str, float]]]:
    model, transform, categories = load_pretrained(network)
    with torch.no_grad():
        probabilities = torch.softmax(model(torch.stack([transform(image) for image in images.values()])), dim=1)
    best = probabilities.topk(_TOP)
    return {
        name: [(categories[k], _short(p)) for p, k in zip(row.tolist(), places.tolist(), strict=True)]
        for name, row, places in zip(images, best.values, best.indices, strict=True)
    }


def _picture(image: Image.Image) -> str:
    """The middle square of a photograph as the networks' preprocessing cuts it, as a JPEG data URL."""
    longer = _SIDE + _MARGIN
    scale = longer / min(image.size)
    width, height = (round(scale * side) for side in image.size)
    left, top = (width - _SIDE) // 2, (height - _SIDE) // 2
    small = image.resize((width, height), Image.Resampling.BICUBIC).crop((left, top, left + _SIDE, top + _SIDE))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
