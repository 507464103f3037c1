"""A student's objects as a test cell sees them from another process.

Plain data arrives as copies. Everything else is a :class:`Remote`: it can be called, indexed, iterated and asked for
attributes, and each of these is a request to the student's kernel. Nothing of the student's runs here.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from autograder.kernel.serialization import Buffer, Decoder, Encoder, Json
from autograder.kernel.wire_limits import WireError, for_a_test_cell

# Functions and classes of these may be named to the student's kernel, which has them, too.
LIBRARIES = frozenset({"builtins", "math", "numpy", "torch", "networkx", "matplotlib", "scipy", "sklearn"})
_MAX_TEXT = 4000


class Channel(Protocol):
    """Carries one request at a time to a student's kernel."""

    def request(
        self,
        content: Json,
        buffers: Sequence[Buffer],
        on_callback: Callable[[Json, Sequence[Buffer]], tuple[Json, list[Buffer]]],
    ) -> tuple[Json, Sequence[Buffer]]:
        """Send a request and wait for its answer; the student's kernel may call back meanwhile."""
        ...


class Remote:
    """Stands for an object in a student's kernel.

    Made by a :class:`Connection`, as an instance of a subclass that bears the name of the object's own class.
    """

    def __init__(self, connection: Connection, tree: Json, name: str | None) -> None:
        self._connection = connection
        self._tree = tree
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name == "__name__" and self._name is not None:
            return self._name
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return self._connection.ask("getattr", self, name=name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object with plain data, other remote objects, library functions or local callbacks."""
        return self._connection.ask("call", (self, args, kwargs))

    def __getitem__(self, index: Any) -> Any:
        return self._connection.ask("getitem", (self, index))

    def __len__(self) -> int:
        length = self._connection.ask("length", self)
        if type(length) is not int:
            raise TypeError(f"the length of a {type(self).__name__} is not an integer")
        return length

    def __iter__(self) -> Iterator[Any]:
        iterator = self._connection.ask("iterate", self)
        while item := self._connection.ask("next", iterator):
            yield item[0]

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<a {type(self).__name__} in the student's kernel>"


class RemoteFunction(Remote):
    """A remote object that can be called, under a name that says so in messages."""


class Connection:
    """The way to one student's kernel, for the length of one test cell.

    Args:
        channel: carries the requests.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._local: list[Callable[..., Any]] = []
        self._allowance = for_a_test_cell()

    def names(self, wanted: Sequence[str]) -> dict[str, Any]:
        """Those of the wanted names that the student's kernel has, as plain data or remote objects."""
        found = self._request({"do": "names", "names": list(wanted)}, Encoder(self._refer))
        if not isinstance(found, dict):
            raise WireError("the answer is not well formed")
        return {name: found[name] for name in wanted if name in found}

    def owns(self, value: Any) -> bool:
        """True for an object of the student's kernel."""
        return isinstance(value, Remote)

    def beside(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a function of a helper package or of this one, ``module:name``, in the student's kernel."""
        return self.ask("beside", (args, dict(kwargs)), name=function)

    def library(self, name: str) -> Any:
        """A library as the student's kernel has it."""
        return self._request({"do": "library", "name": name}, Encoder(self._refer))

    def ask(self, do: str, what: Any, **more: Any) -> Any:
        """Send one request about some objects and return the answer.

        Raises:
            Exception: what the student's code raised, as a class of the same name.
        """
        encoder = Encoder(self._refer)
        return self._request({"do": do, "what": encoder.encode(what), **more}, encoder)

    def _request(self, content: Json, encoder: Encoder) -> Any:
        content, buffers = self._channel.request(content, encoder.buffers, self._answer_callback)
        if isinstance(content, dict) and "error" in content:
            raise _rebuilt(content["error"])
        if not isinstance(content, dict) or "value" not in content:
            raise WireError("the answer is not well formed")
        return Decoder(buffers, self._meant, self._allowance).decode(content["value"])

    def _answer_callback(self, content: Json, buffers: Sequence[Buffer]) -> tuple[Json, list[Buffer]]:
        encoder = Encoder(self._refer)
        try:
            function = self._local[content["callback"]]
            args, kwargs = Decoder(buffers, self._meant, self._allowance).decode(content["what"])
            return {"value": encoder.encode(function(*args, **kwargs))}, encoder.buffers
        except (Exception, SystemExit) as error:
            # Unanswered, the student's kernel would wait for ever.
            return {"error": f"{type(error).__name__}: {str(error)[:_MAX_TEXT]}"}, []

    def _refer(self, value: Any) -> Json:
        """How to name to the student's kernel a value that is not plain data."""
        if isinstance(value, Remote):
            return value._tree
        if isinstance(value, np.random.Generator):
            return {"numpy_generator": _plain_state(value.bit_generator.state)}
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Generator):
            return {"torch_generator": value.get_state().tolist()}
        path = library_path(value)
        if path is not None:
            return {"library": path}
        if callable(value):
            self._local.append(value)
            return {"callback": [len(self._local) - 1, str(getattr(value, "__name__", "function"))]}
        raise WireError(f"a {type(value).__name__} cannot be handed to a student's function")

    def _meant(self, kind: str, content: Json) -> Any:
        """The only thing besides plain data that a student's kernel may send: a handle."""
        if kind != "handle":
            raise WireError("an object of an unknown kind was sent")
        number, type_name, name, is_callable = content
        if type(number) is not int or not isinstance(type_name, str) or not isinstance(name, str | None):
            raise WireError("a handle is not well formed")
        base = RemoteFunction if is_callable and name is not None else Remote
        kind_of = type(_one_line(type_name[:100]) or "object", (base,), {})
        return kind_of(self, {"handle": number}, None if name is None else _one_line(name[:100]))


def library_path(value: Any) -> str | None:
    """``module:name`` of a function or class of a known library, or None."""
    if isinstance(value, np.ufunc):
        return f"numpy:{value.__name__}"
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.dtype):
        return f"torch:{str(value).removeprefix('torch.')}"
    short, name, module = (getattr(value, part, None) for part in ("__name__", "__qualname__", "__module__"))
    if torch is not None and isinstance(short, str) and getattr(torch, short, None) is value:
        return f"torch:{short}"
    if not isinstance(name, str) or not isinstance(module, str) or module.split(".")[0] not in LIBRARIES:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module}:{name}" if found is value else None


def _plain_state(state: Any) -> Any:
    """A bit generator's state as JSON: arrays become lists."""
    if isinstance(state, Mapping):
        return {key: _plain_state(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state


def _one_line(text: str) -> str:
    """A student's text in one line: in lines of its own it could pass for the hint of a check."""
    return " ".join(text.splitlines())


def _rebuilt(described: Json) -> Exception | SystemExit:
    """An exception of the same name and text; its class derives from the nearest built-in one."""
    try:
        name, bases, text, notes = described
        known = [getattr(builtins, base, None) for base in bases]
        base = next(k for k in known if isinstance(k, type) and issubclass(k, Exception | SystemExit))
        message = _one_line(str(text)[:_MAX_TEXT])
        origin = [_one_line(str(note)[:_MAX_TEXT]) for note in notes[-3:]]
        if issubclass(base, StopIteration | StopAsyncIteration) or name == "CheckFailed":
            # The first would end a loop of the test as if all was well; the second is for the author's checks alone.
            base, name = RuntimeError, f"{name} of the student's"
        elif issubclass(base, ExceptionGroup):
            # What is in the group does not cross, and there is no empty one.
            base = Exception
        kind: Any = type(_one_line(str(name)[:100]) or "Error", (base,), {"__str__": lambda _: message})
        # Some built-in exceptions cannot be made from a text alone.
        error: Exception | SystemExit = kind.__new__(kind)
    except (TypeError, ValueError, StopIteration):
        return RuntimeError("the student's kernel reported an error that is not well formed")
    for note in origin:
        error.add_note(note)
    return error
