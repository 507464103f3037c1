"""Requests from a grader's thread to the agent in a student's kernel."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence

from jupyter_client.manager import AsyncKernelManager

from autograder.kernel.frames import CALLBACK, CALLBACK_REPLY, REPLY, REQUEST, Frame, receive, send
from autograder.kernel.messages import from_buffers, to_buffers
from autograder.kernel.serialization import Buffer, Json
from autograder.kernel.wire_limits import WireError

_POLL_SECONDS = 0.5
_INTERRUPT_SECONDS = 5.0
_DYING_SECONDS = 2.0


class RequestTimeout(Exception):
    """The student's code was still busy at the deadline and was interrupted."""


class ChannelLost(Exception):
    """No further request can be answered; the text says why."""


class KernelChannel:
    """Sends one request at a time, with one deadline for all of them.

    Args:
        referee_socket: this side of the socket that the kernel was started with. Several channels may use it in turn.
        manager: of the kernel.
        loop: the event loop that the manager belongs to, in another thread.
        seconds: how long the requests of one test cell may take in all.
        first: the number of the first request, greater than that of any request before.
    """

    def __init__(
        self,
        referee_socket: socket.socket,
        manager: AsyncKernelManager,
        loop: asyncio.AbstractEventLoop,
        seconds: float,
        first: int = 1,
    ) -> None:
        self._referee_socket = referee_socket
        self._manager = manager
        self._loop = loop
        self._deadline = time.monotonic() + seconds
        self._interrupted = False
        self._failed: Exception | None = None
        self.next = first

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
            ChannelLost: if the kernel died, does not answer an interrupt, or sends what cannot be read.
        """
        if self._failed is not None:
            raise self._failed
        number, self.next = self.next, self.next + 1
        try:
            send(Frame(REQUEST, number, to_buffers(content, buffers)), self._write)
            while True:
                frame = self._answer(number)
                if frame.kind == REPLY:
                    break
                send(Frame(CALLBACK_REPLY, number, to_buffers(*on_callback(*from_buffers(frame.buffers)))), self._write)
        except (RequestTimeout, ChannelLost) as error:
            self._failed = error
            raise
        answer = from_buffers(frame.buffers)
        if self._interrupted or (isinstance(answer[0], dict) and "interrupted" in answer[0]):
            self._failed = RequestTimeout("it was interrupted at its time limit")
            raise self._failed
        return answer

    def _answer(self, number: int) -> Frame:
        """The next frame of a request; a call back after the deadline would buy more time and does not count."""
        while True:
            try:
                frame = receive(self._read)
            except WireError as error:
                raise ChannelLost(f"the kernel sent {error}") from error
            if frame.number == number and (frame.kind == REPLY or (frame.kind == CALLBACK and not self._interrupted)):
                return frame

    def _write(self, data: Buffer) -> None:
        view, sent = memoryview(data), 0
        while sent < len(view):
            try:
                self._allow()
                sent += self._referee_socket.send(view[sent:])
            except TimeoutError:
                self._look()
            except OSError as error:
                raise self._lost() from error

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        view, got = memoryview(data), 0
        while got < size:
            try:
                self._allow()
                more = self._referee_socket.recv_into(view[got:])
            except TimeoutError:
                self._look()
                continue
            except OSError as error:
                raise self._lost() from error
            if not more:
                raise self._lost()
            got += more
        return data

    def _allow(self) -> None:
        """Let the socket wait as long as may be; interrupt the kernel at the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            if self._interrupted:
                raise ChannelLost("the kernel did not answer an interrupt")
            self._interrupted = True
            self._deadline, left = time.monotonic() + _INTERRUPT_SECONDS, _INTERRUPT_SECONDS
            asyncio.run_coroutine_threadsafe(self._interrupt(), self._loop).result()
        self._referee_socket.settimeout(min(left, _POLL_SECONDS))

    def _look(self) -> None:
        """A process that a dead kernel left behind may still hold its end of the socket."""
        if not self._alive():
            raise ChannelLost("the kernel died")
        if self._interrupted:
            # The first one is lost where it comes just before the kernel takes up the request.
            asyncio.run_coroutine_threadsafe(self._interrupt(), self._loop).result()

    def _lost(self) -> ChannelLost:
        """Why the connection ended; that of a kernel that dies ends a moment before it."""
        until = time.monotonic() + _DYING_SECONDS
        while self._alive():
            if time.monotonic() > until:
                return ChannelLost("the kernel closed its socket to the grader")
            time.sleep(0.01)
        return ChannelLost("the kernel died")

    def _alive(self) -> bool:
        async def ask() -> bool:
            return bool(await self._manager.is_alive())

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result()

    async def _interrupt(self) -> None:
        await self._manager.interrupt_kernel()
