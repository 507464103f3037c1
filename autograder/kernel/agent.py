"""The grader's hand inside a student's kernel: it looks up names, calls functions and sends back plain data.

Everything here runs next to the student's code, which could change any of it. So nothing here decides anything: a
changed agent can only return other values, as the student's functions could have done in the first place.

Requests come over a socket that the kernel was started with, besides those of the Jupyter protocol. Anything
that is not plain data stays here under a number, and only the number crosses.
"""

from __future__ import annotations

import functools
import importlib
import operator
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from autograder.kernel.frames import CALLBACK, CALLBACK_REPLY, REPLY, REQUEST, Frame, receive, send
from autograder.kernel.serialization import Buffer, Decoder, Encoder, Json, from_buffers, to_buffers
from autograder.kernel.wire_limits import WireError

_INTERRUPTED: Json = {"interrupted": True}
_MAX_TEXT = 4000


class Agent:
    """Answers requests in one kernel.

    Args:
        names: the student's namespace.
        call_back: asks the grader to call a function of its own, by number, with plain data.
    """

    def __init__(
        self, names: Mapping[str, Any], call_back: Callable[[Json, Sequence[Buffer]], tuple[Json, Sequence[Buffer]]]
    ) -> None:
        self._names = names
        self._call_back = call_back
        self._objects: list[Any] = []
        self._drawn: set[int] = set()

    def answer(self, request: Mapping[str, Any], buffers: Sequence[Buffer]) -> tuple[Json, list[Buffer]]:
        """Do what ``request`` says; whatever the student's code raises becomes part of the answer."""
        encoder = Encoder(self._handle)
        before = _open_figures()
        try:
            value = getattr(self, f"_do_{request['do']}")(request, Decoder(buffers, self._meant))
            return {"value": encoder.encode(value)}, encoder.buffers
        except WireError as error:
            return _refusal(error), []
        except BaseException as error:
            return {"error": _described(error)}, []
        finally:
            self._drawn |= _open_figures() - before

    def close_figures(self) -> None:
        """Close what a test drew: the notebook's next cell would take its time to show it as its own."""
        for number in self._drawn:
            sys.modules["matplotlib.pyplot"].close(number)
        self._drawn.clear()

    def _do_names(self, request: Mapping[str, Any], _: Decoder) -> dict[str, Any]:
        """Begin a test: forget every object of the last one, and look up names."""
        self._objects.clear()
        return {name: self._names[name] for name in request["names"] if name in self._names}

    def _do_call(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        function, args, kwargs = decoder.decode(request["what"])
        return function(*args, **kwargs)

    def _do_beside(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        """Call a function of the helper package for things that live next to the student's code."""
        args, kwargs = decoder.decode(request["what"])
        return _looked_up(request["name"])(*args, **kwargs)

    def _do_library(self, request: Mapping[str, Any], _: Decoder) -> Any:
        return _Opaque(importlib.import_module(request["name"]))

    def _do_getattr(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return getattr(decoder.decode(request["what"]), request["name"])

    def _do_getitem(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return operator.getitem(*decoder.decode(request["what"]))

    def _do_length(self, request: Mapping[str, Any], decoder: Decoder) -> int:
        return len(decoder.decode(request["what"]))

    def _do_iterate(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return _Opaque(iter(decoder.decode(request["what"])))

    def _do_next(self, request: Mapping[str, Any], decoder: Decoder) -> tuple[Any, ...]:
        """The next item in a tuple of its own, or an empty tuple at the end."""
        try:
            return (next(decoder.decode(request["what"])),)
        except StopIteration:
            return ()

    def _handle(self, value: Any) -> Json:
        """Keep an object and say what it looks like."""
        if isinstance(value, _Opaque):
            value = value.value
        self._objects.append(value)
        name = getattr(value, "__name__", None)
        about = [type(value).__name__, str(name) if isinstance(name, str) else None, callable(value)]
        return {"handle": [len(self._objects) - 1, *about]}

    def _meant(self, kind: str, content: Json) -> Any:
        """What the grader refers to: an object kept here, part of a library, a generator, a function of its own."""
        if kind == "handle":
            return self._objects[content]
        if kind == "library":
            return _looked_up(content)
        if kind == "numpy_generator":
            return _numpy_generator(content)
        if kind == "torch_generator":
            return _torch_generator(content)
        if kind == "callback":
            return self._stand_in(*content)
        raise WireError(f"an object of kind {kind!r} is not known here")

    def _stand_in(self, number: int, name: str) -> Callable[..., Any]:
        def function(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(self._handle)
            tree = {"callback": number, "what": encoder.encode((args, kwargs))}
            reply, buffers = self._call_back(tree, encoder.buffers)
            if "error" in reply:
                raise RuntimeError(reply["error"])
            return Decoder(buffers, self._meant).decode(reply["value"])

        function.__name__ = function.__qualname__ = name
        return function


class _Opaque:
    """Marks a value that is to stay here, whatever it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Service:
    """Answers the requests that come over a socket, one at a time.

    Args:
        kernel: the ipykernel whose names the requests are about.
        referee_socket: the kernel's end of the socket.
    """

    def __init__(self, kernel: Any, referee_socket: socket.socket) -> None:
        self._referee_socket = referee_socket
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
        send(Frame(REPLY, request.number, self.reply(request.buffers)), self._referee_socket.sendall)

    def reply(self, buffers: Sequence[Buffer]) -> list[Buffer]:
        """The answer to a request; only while it is looked for can an interrupt get here."""
        content, parts = _INTERRUPTED, list[Buffer]()
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
            return to_buffers(_refusal(error), [])

    def _interrupt(self, *_: object) -> None:
        """Interrupt the answer that is looked for; a signal that comes a moment later means nothing."""
        if self._answering:
            raise KeyboardInterrupt

    def _call_back(self, content: Json, buffers: Sequence[Buffer]) -> tuple[Json, Sequence[Buffer]]:
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

    kernel.autograder_service = service = Service(kernel, referee_socket)
    # Looked up at each call: what a student changes here is the student's own side.
    IOLoop.current().add_handler(referee_socket, lambda *_: service.serve(), IOLoop.READ)
    kernel.shell.events.register("pre_execute", service.agent.close_figures)


def _open_figures() -> set[int]:
    """The numbers under which pyplot keeps figures."""
    # Whatever a student has made of pyplot, a request is answered.
    with suppress(Exception):
        return set(sys.modules["matplotlib.pyplot"].get_fignums())
    return set()


def _refusal(error: WireError) -> Json:
    return {"error": ["WireError", ["ValueError"], f"it cannot be sent to the check: {error}", []]}


def _looked_up(path: str) -> Any:
    """What ``module:name`` stands for."""
    module, _, name = path.partition(":")
    return functools.reduce(getattr, name.split("."), importlib.import_module(module))


def _numpy_generator(state: Mapping[str, Any]) -> Any:
    import numpy as np

    bits = getattr(np.random, state["bit_generator"])()
    bits.state = state
    return np.random.Generator(bits)


def _torch_generator(state: Sequence[int]) -> Any:
    import torch

    generator = torch.Generator()
    generator.set_state(torch.tensor(state, dtype=torch.uint8))
    return generator


def _described(error: BaseException) -> list[Any]:
    """An exception as its name, the built-in classes it derives from, its text, and its notes."""
    bases = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    text, notes = f"<{type(error).__name__}>", list[str]()
    with suppress(BaseException):
        text = str(error)[:_MAX_TEXT]
    with suppress(BaseException):
        notes = [str(note)[:_MAX_TEXT] for note in getattr(error, "__notes__", [])[-3:]]
    return [type(error).__name__[:100], bases[:10], text, notes]
