"""Where experiments train: the accelerator if there is one. Everything that moves to it moves here.

The chapters' functions take no device. They get a model and batches that are there already.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode


def training_device() -> torch.device:
    """A CUDA or ROCm accelerator if there is one, else the processor.

    Apple's accelerators are left aside: they have no float64, in which chapter 10 counts right answers.
    """
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_in_words(device: torch.device) -> str:
    """The accelerator's name, or the processor with the number of threads in use."""
    if device.type != "cpu":
        return str(torch.get_device_module(device).get_device_name())
    threads = torch.get_num_threads()
    return f"{platform.machine()} CPU, {threads} {'thread' if threads == 1 else 'threads'}"


class Batches:
    """Batches (images, labels) out of tensors that are on the device.

    With ``shuffle`` each pass has an order of its own, drawn from PyTorch's global generator on the processor; without
    it nothing is drawn, so that judging a model changes no training.

    Args:
        images: (N, ...); labels: (N,).
        batch_size: images in a batch; the last one may have fewer.
    """

    def __init__(
        self, images: Tensor, labels: Tensor, batch_size: int, device: torch.device, shuffle: bool = False
    ) -> None:
        self.images, self.labels = images.to(device), labels.to(device)
        self.batch_size, self.shuffle = batch_size, shuffle

    def __len__(self) -> int:
        return -(-len(self.labels) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        if not self.shuffle:
            yield from zip(self.images.split(self.batch_size), self.labels.split(self.batch_size), strict=True)
            return
        order = torch.randperm(len(self.labels)).to(self.labels.device)
        for chosen in order.split(self.batch_size):
            yield self.images[chosen], self.labels[chosen]


@contextlib.contextmanager
def training_on(device: torch.device) -> Iterator[None]:
    """Let functions written for a processor train on ``device``, reproducibly as far as it can."""
    if device.type == "cpu":
        yield
        return
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False
    with CopiesForNumpy():
        yield


class CopiesForNumpy(TorchFunctionMode):
    """While this is active ``Tensor.numpy()`` copies from an accelerator first, as it does not by itself."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call ``func``; its tensor comes from the processor's memory if it makes an array of it."""
        if func is torch.Tensor.numpy:
            args = (args[0].cpu(), *args[1:])
        return func(*args, **(kwargs or {}))
