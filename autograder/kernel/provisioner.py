"""Let jupyter_client manage a kernel that was forked from a zygote as if it had started a process itself."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from autograder.errors import KernelError
from autograder.kernel.cold import cold_manager
from autograder.kernel.confinement import ForkRequest
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.disk import remove
from autograder.kernel.isolation import Isolation, account_for, clean_environment
from autograder.kernel.limits import Limits
from autograder.kernel.memory_group import MemoryGroup, MemoryGroups
from autograder.kernel.own_user import Account, hand_over
from autograder.kernel.processes import Activity, activity_of
from autograder.kernel.zygote_client import Address, Client

_POLL_SECONDS = 0.005


class ForkedProcess:
    """The part of ``subprocess.Popen`` that :class:`LocalProvisioner` uses, for a child of a zygote."""

    stdin = stdout = stderr = None

    def __init__(self, client: Client, pid: int) -> None:
        self._client = client
        self.pid = pid

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._client.status(self.pid)

    def wait(self) -> int | None:
        """The exit status; call it only once :meth:`poll` has one."""
        return self.poll()

    def send_signal(self, signum: int) -> None:
        """Interrupt it, or end it with what it has started: its number means nothing to this process."""
        if signum == signal.SIGINT:
            self._client.interrupt(self.pid)
        else:
            self._client.kill(self.pid)

    def terminate(self) -> None:
        """End it."""
        self._client.kill(self.pid)

    def kill(self) -> None:
        """End it."""
        self._client.kill(self.pid)


class ForkProvisioner(LocalProvisioner):
    """Provides kernels by forking a zygote.

    Args:
        client: the way to it.
        request: makes the request for a working directory and environment variables.
        account: the user as whom kernels run, who is given the folder that holds the working directory; None where
            that is this process's.
        group: makes a memory group for the kernel, which is removed with it; None for none.
        kwargs: see :class:`LocalProvisioner`.
    """

    def __init__(
        self,
        client: Client,
        request: Callable[[str, Mapping[str, str]], ForkRequest],
        account: Account | None = None,
        group: Callable[[], MemoryGroup] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._make_group = group
        self._group: MemoryGroup | None = None
        self._client = client
        self._request = request
        self._account = account

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Fork a kernel in place of running ``cmd``, with the same connection file, folder, environment and line."""
        folder = str(kwargs.get("cwd") or Path.cwd())
        if self._account is not None:
            hand_over(Path(folder).parent, self._account)
        files = tuple(kwargs.get("pass_fds", ()))
        if self._make_group is not None:
            self._group = self._make_group()
            files = (self._group.members, self._group.events, *files)
        try:
            pid = self._client.fork(self._request(folder, kwargs.get("env") or {}), files)
        except KernelError:
            await self.cleanup()
            raise
        self.process = ForkedProcess(self._client, pid)  # type: ignore[assignment]
        self.pid, self.pgid = pid, None
        self.cwd = folder
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Have the zygote signal the kernel: only there is its process id known."""
        if self.process is not None:
            self.process.send_signal(signum)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove what was made for the kernel, after its end or where it could not be started."""
        await super().cleanup(restart)
        if self._group is not None:
            self._group.remove()
            self._group = None

    def activity(self) -> Activity | None:
        """What the kernel has computed: only the zygote sees its processes."""
        return None if self.pid is None else self._client.activity(self.pid)

    async def wait(self) -> int | None:
        """Wait for the kernel to end; polls more often than a kernel that takes seconds to start would need."""
        status: int | None = 0
        if self.process is not None:
            while (status := self.process.poll()) is None:
                await asyncio.sleep(_POLL_SECONDS)
            self.process = None
        return status


def activity(manager: AsyncKernelManager) -> Activity | None:
    """What the kernel of ``manager`` has computed; None where that is not known."""
    provisioner = manager.provisioner
    if isinstance(provisioner, ForkProvisioner):
        return provisioner.activity()
    pid = getattr(provisioner, "pid", None)
    return None if pid is None else activity_of(pid)


@dataclass(frozen=True)
class Kernels:
    """Where the kernels of a batch come from.

    Attributes:
        origin: ``forked`` or ``cold``, as it is recorded in results.
        isolation: what keeps them apart.
        scratch: the folder in which each gets a folder of its own; None for the system's temporary folder.
        client: the way to the zygote, or None.
        code: what the course adds to each.
        groups: where each gets a memory group, or None.
    """

    origin: str = "cold"
    isolation: Isolation = field(default_factory=Isolation)
    scratch: Path | None = None
    client: Client | None = None
    code: CourseCode = NO_CODE
    groups: MemoryGroups | None = None

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A new folder with an empty folder ``work`` in it: all that a kernel of these may write."""
        place = Path(tempfile.mkdtemp(prefix="k", dir=self.scratch))
        try:
            (place / "work").mkdir()
            yield place
        finally:
            remove(place)

    def manager(self, private: Path, limits: Limits) -> AsyncKernelManager:
        """A manager of one kernel, with its sockets in the folder ``private``."""
        manager = cold_manager(private)
        if self.client is not None:

            def request(folder: str, environment: Mapping[str, str]) -> ForkRequest:
                return ForkRequest(
                    manager.connection_file, folder, environment,
                    limits.memory_bytes, limits.processor_seconds, limits.file_bytes, limits.folder_bytes,
                )  # fmt: skip

            groups = self.groups
            # jupyter_client makes a provisioner only where none is set.
            manager.provisioner = ForkProvisioner(
                self.client, request, account_for(self.isolation),
                None if groups is None else lambda: groups.make(limits.memory_bytes),
                kernel_id=private.name, kernel_spec=manager.kernel_spec, parent=manager,
            )  # fmt: skip
        return manager

    def environment(self, folder: Path) -> dict[str, str]:
        """All environment variables of a kernel that works in ``folder`` but those that its limits set."""
        if self.client is None:
            return {**os.environ, **self.code.environment(os.environ.get("PYTHONPATH", ""))}
        return {**clean_environment(folder), **self.code.environment()}


COLD = Kernels()


def cold(code: CourseCode) -> Kernels:
    """Kernels that are started from scratch, with what a course adds to them."""
    return Kernels(code=code)


def forked_from(address: Address) -> Kernels:
    """Kernels that are forked from the zygote ``address``."""
    return Kernels("forked", address.isolation, address.scratch, Client(address), address.code, address.groups)
