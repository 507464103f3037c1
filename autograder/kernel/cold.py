"""Kernels that are started from scratch, through jupyter_client."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

KERNEL_NAME = "python3"
# By default ZeroMQ tries again ten times a second, and a forked kernel is there after less than that.
_RECONNECT_MILLISECONDS = 5


class Channels(AsyncKernelClient):
    """The way to a kernel, without a heartbeat.

    Its thread would wait for ever on a kernel that breaks the protocol; whether a kernel lives is known without it.
    """

    def start_channels(self, *args: Any, **kwargs: Any) -> None:
        """Start all channels but the heartbeat's; they look for a kernel that is not there yet in short intervals."""
        self.context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MILLISECONDS)
        super().start_channels(*args, **{**kwargs, "hb": False})


class PromptManager(AsyncKernelManager):
    """A manager that notices the end of a kernel at once; jupyter_client looks ten times a second."""

    async def _async_wait(self, pollinterval: float = 0.005) -> None:
        await super()._async_wait(pollinterval)


def cold_manager(private: Path) -> AsyncKernelManager:
    """A manager that starts a kernel from scratch, with its sockets in the folder ``private``.

    Whatever kernel a notebook names, it is the course's own that runs it.
    """
    manager = PromptManager(
        kernel_name=KERNEL_NAME,
        transport="ipc",
        ip=str(private / "socket"),
        connection_file=str(private / "connection.json"),
        client_class=f"{__name__}.{Channels.__name__}",
    )
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv = [sys.executable, "-P", "-m", "autograder.kernel.launch", "-f", "{connection_file}"]
    return manager
