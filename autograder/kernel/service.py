"""What makes an ipykernel answer a grader's requests: the socket's side of an :class:`Agent`."""

from __future__ import annotations

import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from autograder.kernel.agent import INTERRUPTED, Agent, refusal
from autograder.kernel.forks import KernelProcess
from autograder.kernel.frames import CALLBACK, CALLBACK_REPLY, REPLY, REQUEST, Frame, receive, send
from autograder.kernel.messages import from_buffers, to_buffers
from autograder.kernel.serialization import Buffer, Json
from autograder.kernel.wire_limits import WireError


class Service:
    """Answers the requests that come over a socket, one at a time.

    Args:
        kernel: the ipykernel whose names the requests are about.
        referee_socket: the kernel's end of the socket.
        process: in which it answers.
    """

    def __init__(self, kernel: Any, referee_socket: socket.socket, process: KernelProcess) -> None:
        self._referee_socket = referee_socket
        self._process = process
        self._number = 0
        self._answering = False
        self.agent = Agent(kernel.shell.user_ns, self._call_back)

    def serve(self, *_: object) -> None:
        """Answer one request; the event loop calls it when there is one."""
        request = receive(self._read)
        if request.kind != REQUEST:
            # The answer to a call back that was interrupted meanwhile.
            return
        self._number = request.number
        reply = self.reply(request.buffers)
        self._process.leave_unless_this_one()
        send(Frame(REPLY, request.number, reply), self._referee_socket.sendall)

    def reply(self, buffers: Sequence[Buffer]) -> list[Buffer]:
        """The answer to a request; only while it is looked for can an interrupt get here."""
        content, parts = INTERRUPTED, list[Buffer]()
        # Set each time, since the student may have set another.
        before = signal.signal(signal.SIGINT, self._interrupt)
        with suppress(KeyboardInterrupt):
            self._answering = True
            try:
                content, parts = self.agent.answer(*from_buffers(buffers))
            finally:
                self._answering = False
        self._answering = False
        signal.signal(signal.SIGINT, before)
        try:
            return to_buffers(content, parts)
        except WireError as error:
            return to_buffers(refusal(error), [])

    def _interrupt(self, *_: object) -> None:
        """Interrupt the answer that is looked for; a signal that comes a moment later means nothing."""
        if self._answering:
            raise KeyboardInterrupt

    def _call_back(self, content: Json, buffers: Sequence[Buffer]) -> tuple[Json, Sequence[Buffer]]:
        if not self._answering:
            # The test that has handed the function over is not waiting for it.
            raise RuntimeError("a function of a test can be called only while a test runs")
        if not self._process.is_this_one():
            raise RuntimeError("a function of a test can be called only in the process in which the test runs")
        send(Frame(CALLBACK, self._number, to_buffers(content, buffers)), self._referee_socket.sendall)
        while True:
            answer = receive(self._read)
            if answer.kind == CALLBACK_REPLY and answer.number == self._number:
                return from_buffers(answer.buffers)

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        view, got = memoryview(data), 0
        while got < size:
            more = self._referee_socket.recv_into(view[got:])
            if not more:
                raise ConnectionError("the grader has hung up")
            got += more
        return data


def install(kernel: Any, referee_socket: socket.socket) -> None:
    """Make an ipykernel answer the grader's requests, which come over a socket."""
    from tornado.ioloop import IOLoop

    process = KernelProcess()
    kernel.autograder_service = service = Service(kernel, referee_socket, process)
    # Looked up at each call: what a student changes here is the student's own side.
    IOLoop.current().add_handler(referee_socket, lambda *_: service.serve(), IOLoop.READ)
    kernel.shell.events.register("pre_execute", service.agent.close_figures)
    # Before the answer to the cell is sent, whether it ended well or not.
    kernel.shell.events.register("post_execute", process.leave_unless_this_one)
