"""What holds for every kernel of a zygote, fixed when the zygote starts: a request to fork can only ask for less."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from autograder.kernel.isolation import Isolation
from autograder.kernel.limits import Limits


@dataclass(frozen=True)
class ForkRequest:
    """What a kernel is forked with.

    Attributes:
        connection_file: where it finds its sockets.
        folder: its working directory; beneath the folder that holds this one it may write, nowhere else.
        environment: its environment variables.
        memory_bytes, cpu_seconds, file_bytes, folder_bytes: its limits, see :class:`autograder.kernel.limits.Limits`.
    """

    connection_file: str
    folder: str
    environment: Mapping[str, str]
    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    folder_bytes: int

    def to_json(self) -> dict[str, Any]:
        """As a request to a zygote."""
        return {"do": "fork", **asdict(self), "environment": dict(self.environment)}


@dataclass(frozen=True)
class Confinement:
    """The layers of isolation that every kernel of a zygote gets, and the most that it may use.

    Attributes:
        layers: see :class:`autograder.kernel.isolation.Isolation`.
        memory_bytes, cpu_seconds, file_bytes, folder_bytes: see :class:`autograder.kernel.limits.Limits`.
        readable: folders that it may read, besides its own and those of Python.
    """

    layers: tuple[str, ...]
    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    folder_bytes: int
    readable: tuple[str, ...] = ()

    @classmethod
    def of(cls, isolation: Isolation, limits: Limits, readable: Sequence[str] = ()) -> Confinement:
        """The confinement by these layers and limits."""
        return cls(
            isolation.layers, limits.memory_bytes, limits.processor_seconds, limits.file_bytes, limits.folder_bytes,
            tuple(readable),
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Confinement:
        """The inverse of :meth:`to_json`."""
        fields = json.loads(text)
        return cls(**{**fields, "layers": tuple(fields["layers"]), "readable": tuple(fields["readable"])})

    def to_json(self) -> str:
        """As one argument of a command line."""
        return json.dumps(asdict(self))

    def narrowed(self, request: ForkRequest) -> Confinement:
        """The same with the limits of a request, where these are lower."""
        return replace(
            self,
            memory_bytes=min(self.memory_bytes, request.memory_bytes),
            cpu_seconds=min(self.cpu_seconds, request.cpu_seconds),
            file_bytes=min(self.file_bytes, request.file_bytes),
            folder_bytes=min(self.folder_bytes, request.folder_bytes),
        )
