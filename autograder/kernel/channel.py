"""Requests from a grader's thread to the agent in a student's kernel."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence

from jupyter_client.manager import AsyncKernelManager

from autograder.kernel.clock import LOOK_SECONDS, NotebookClock
from autograder.kernel.frames import CALLBACK, CALLBACK_REPLY, REPLY, REQUEST, Frame, receive, send
from autograder.kernel.messages import from_buffers, to_buffers
from autograder.kernel.serialization import Buffer, Json
from autograder.kernel.wire_limits import WireError

_INTERRUPT_SECONDS = 5.0
_DYING_SECONDS = 2.0


class RequestTimeout(Exception):
    """The student's code was still busy at its time limit and was interrupted."""


class ChannelLost(Exception):
    """No further request can be answered; the text says why."""


class KernelChannel:
    """Sends one request at a time, under one limit for all of them.

    Args:
        referee_socket: this side of the socket that the kernel was started with. Several channels may use it in turn.
        manager: of the kernel.
        loop: the event loop that the manager belongs to, in another thread.
        clock: says when a cell has used up its time.
        first: the number of the first request, greater than that of any request before.

    Attributes:
        expired: why the kernel was interrupted, or None.
    """

    def __init__(
        self,
        referee_socket: socket.socket,
        manager: AsyncKernelManager,
        loop: asyncio.AbstractEventLoop,
        clock: NotebookClock,
        first: int = 1,
    ) -> None:
        self._referee_socket = referee_socket
        self._manager = manager
        self._loop = loop
        self._clock = clock
        self._deadline: float | None = None
        self._interrupted = False
        self._failed: Exception | None = None
        self.expired: str | None = None
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
            RequestTimeout: if the cell's time was used up, at once if that was so before.
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
        """The next frame of a request; a call back after the limit would buy more time and does not count."""
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

    def _allow(self, waited: bool = False) -> None:
        """Let the socket wait for a while; interrupt the kernel when the cell's time is used up."""
        if self._deadline is None and (waited or not self._clock.due()):
            self.expired = self._clock.look(waiting=waited)
            if self.expired is not None:
                self._interrupted, self._deadline = True, time.monotonic() + _INTERRUPT_SECONDS
                asyncio.run_coroutine_threadsafe(self._interrupt(), self._loop).result()
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise ChannelLost("the kernel did not answer an interrupt")
        self._referee_socket.settimeout(LOOK_SECONDS)

    def _look(self) -> None:
        """A process that a dead kernel left behind may still hold its end of the socket."""
        if not self._alive():
            raise ChannelLost("the kernel died")
        if self._interrupted:
            # The first one is lost where it comes just before the kernel takes up the request.
            asyncio.run_coroutine_threadsafe(self._interrupt(), self._loop).result()
        self._allow(waited=True)

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
