"""Requests from a grader's thread to a kernel whose messages an event loop in another thread handles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from autograder.kernel.agent import CALLBACK, CALLBACK_REPLY, REPLY, REQUEST
from autograder.kernel.wire import Buffer, Json, pack, unpack

_POLL_SECONDS = 0.5
_INTERRUPT_SECONDS = 5.0


class RequestTimeout(Exception):
    """The student's code was still busy at the deadline and was interrupted."""


class ChannelLost(Exception):
    """No further request can be answered; the text says why."""


class KernelChannel:
    """Sends one request at a time, with one deadline for all of them.

    Args:
        manager, client: of a kernel that :mod:`autograder.kernel.agent` was installed in.
        loop: the event loop that both belong to.
        seconds: how long the requests of one test cell may take in all.
    """

    def __init__(
        self, manager: AsyncKernelManager, client: AsyncKernelClient, loop: asyncio.AbstractEventLoop, seconds: float
    ) -> None:
        self._manager = manager
        self._client = client
        self._loop = loop
        self._deadline = time.monotonic() + seconds
        self._failed: Exception | None = None

    @property
    def failure(self) -> Exception | None:
        """Why the channel stopped answering: :class:`RequestTimeout`, :class:`ChannelLost` or None."""
        return self._failed

    def request(
        self,
        content: Json,
        buffers: Sequence[Buffer],
        on_callback: Callable[[Json, Sequence[Buffer]], tuple[Json, list[Buffer]]],
    ) -> tuple[Json, Sequence[Buffer]]:
        """Send a request and wait for its answer; ``on_callback`` runs in the calling thread.

        Raises:
            RequestTimeout: if the deadline passed, at once if it had passed before.
            ChannelLost: if the kernel died or does not answer an interrupt.
        """
        if self._failed is not None:
            raise self._failed
        try:
            message_id = self._wait(self._send(content, buffers))
            while True:
                kind, answer = self._wait(self._receive(message_id))
                unpacked = unpack(answer)
                if kind == REPLY:
                    if isinstance(unpacked[0], dict) and "interrupted" in unpacked[0]:
                        raise RequestTimeout("it was interrupted at its time limit")
                    return unpacked
                self._wait(self._reply(on_callback(*unpacked)))
        except (RequestTimeout, ChannelLost) as error:
            self._failed = error
            raise

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _send(self, content: Json, buffers: Sequence[Buffer]) -> str:
        message = self._client.session.msg(REQUEST, {})
        message["buffers"] = pack(content, buffers)
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    async def _reply(self, answer: tuple[Json, list[Buffer]]) -> None:
        message = self._client.session.msg(CALLBACK_REPLY, {})
        message["buffers"] = pack(*answer)
        self._client.stdin_channel.send(message)

    async def _receive(self, message_id: str) -> tuple[str, Sequence[Buffer]]:
        """The reply to a request, or a call back that its answer waits for."""
        interrupted = False
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                if interrupted:
                    raise ChannelLost("the kernel did not answer an interrupt")
                interrupted = True
                self._deadline = time.monotonic() + _INTERRUPT_SECONDS
                await self._manager.interrupt_kernel()
                continue
            message = await self._next_message(min(left, _POLL_SECONDS))
            if message is None:
                if not await self._manager.is_alive():
                    raise ChannelLost("the kernel died")
            elif message["parent_header"].get("msg_id") == message_id and message["msg_type"] in (REPLY, CALLBACK):
                if not interrupted:
                    return message["msg_type"], message["buffers"]
                # A late answer counts no more, and a late call back would buy more time.
                if message["msg_type"] == REPLY:
                    raise RequestTimeout("it was interrupted at its time limit")

    async def _next_message(self, seconds: float) -> dict[str, Any] | None:
        shell, stdin = self._client.shell_channel, self._client.stdin_channel
        sockets = [asyncio.ensure_future(channel.socket.poll(int(seconds * 1000) + 1)) for channel in (shell, stdin)]
        try:
            await asyncio.wait(sockets, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for socket in sockets:
                socket.cancel()
        for channel in (shell, stdin):
            try:
                message: dict[str, Any] = await channel.get_msg(timeout=0)
            except Empty:
                continue
            return message
        return None
