"""Let jupyter_client manage a kernel that was forked from a zygote as if it had started a process itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from autograder.kernel.session import Limits, ManagerFactory, cold_manager, kernel_environment
from autograder.kernel.zygote import Zygote, can_fork

_POLL_SECONDS = 0.005


class ForkedProcess:
    """The part of ``subprocess.Popen`` that :class:`LocalProvisioner` uses, for a child of the zygote."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: Zygote, pid: int) -> None:
        self._zygote = zygote
        self.pid = pid

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._zygote.status(self.pid)

    def wait(self) -> int | None:
        """The exit status; call it only once :meth:`poll` has one."""
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and to what it has started in its session."""
        os.killpg(self.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Kernels:
    """Where the kernels of a batch come from.

    Attributes:
        make_manager: for :func:`autograder.kernel.session.execute`.
        origin: ``forked`` or ``cold``, as it is recorded in results.
    """

    make_manager: ManagerFactory
    origin: str


COLD = Kernels(cold_manager, "cold")


class ForkProvisioner(LocalProvisioner):
    """Provides kernels by forking a zygote.

    Args:
        zygote: where kernels come from.
        connection_file: where the kernel finds its sockets.
        kwargs: see :class:`LocalProvisioner`.
    """

    def __init__(self, zygote: Zygote, connection_file: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zygote = zygote
        self.connection_file = connection_file

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Fork a kernel in place of running ``cmd``, with the same connection file, folder and environment."""
        folder = str(kwargs.get("cwd") or Path.cwd())
        pid = self.zygote.fork(self.connection_file, folder, kwargs.get("env") or os.environ)
        self.process = ForkedProcess(self.zygote, pid)  # type: ignore[assignment]
        # The child makes itself the leader of a group of its own; it may not have got there yet.
        self.pid = self.pgid = pid
        self.cwd = folder
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel to end; polls more often than a kernel that takes seconds to start would need."""
        status: int | None = 0
        if self.process is not None:
            while (status := self.process.poll()) is None:
                await asyncio.sleep(_POLL_SECONDS)
            self.process = None
        return status


@contextmanager
def kernels(limits: Limits) -> Iterator[Kernels]:
    """Kernels for a batch: forked from one warm process where that is safe, else started from scratch.

    Raises:
        KernelError: if the warm process does not come up.
    """
    if not can_fork():
        yield COLD
        return
    with Zygote(kernel_environment(limits, {})) as zygote:
        yield Kernels(warm_manager(zygote), "forked")


def warm_manager(zygote: Zygote) -> ManagerFactory:
    """A factory of managers, for :func:`autograder.kernel.session.execute`, of kernels forked from ``zygote``."""

    def make(private: Path) -> AsyncKernelManager:
        manager = cold_manager(private)
        # jupyter_client makes a provisioner only where none is set.
        manager.provisioner = ForkProvisioner(
            zygote, manager.connection_file, kernel_id=private.name, kernel_spec=manager.kernel_spec, parent=manager
        )
        return manager

    return make
