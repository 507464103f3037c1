"""The grader's hand inside a student's kernel: it looks up names, calls functions and sends back plain data.

Everything here runs next to the student's code, which could change any of it. So nothing here decides anything: a
changed agent can only return other values, as the student's functions could have done in the first place.

Anything that is not plain data stays here under a number, and only the number crosses, with what the object looks like.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import sys
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Any, cast

from autograder.kernel import special_methods
from autograder.kernel.inspection import describe, run_to_end, signature_of, source_of
from autograder.kernel.kept_objects import KeptObjects
from autograder.kernel.serialization import Buffer, Decoder, Encoder, Json
from autograder.kernel.surroundings import surrounded
from autograder.kernel.tracked_tensors import gradients_into
from autograder.kernel.wire_limits import WireError
from autograder.testing.module_digest import module_digest

INTERRUPTED: Json = {"interrupted": True}
_MAX_TEXT = 4000


class Agent:
    """Answers requests in one kernel.

    Args:
        names: the student's namespace.
        call_back: asks the grader to call a function of its own, by number, with plain data.
    """

    def __init__(
        self,
        names: MutableMapping[str, Any],
        call_back: Callable[[Json, Sequence[Buffer]], tuple[Json, Sequence[Buffer]]],
    ) -> None:
        self._names = names
        self._call_back = call_back
        self._objects = KeptObjects()
        self._stand_ins: dict[int, Callable[..., Any]] = {}
        self._drawn: set[int] = set()

    def answer(self, request: Mapping[str, Any], buffers: Sequence[Buffer]) -> tuple[Json, list[Buffer]]:
        """Do what ``request`` says; whatever the student's code raises becomes part of the answer."""
        encoder = self._encoder()
        encoder.tracked = request["do"] in ("tracked_call", "gradient")
        before = _open_figures()
        noticed: dict[str, Any] = {}
        try:
            decoder = self._decoder(buffers)
            around = decoder.decode(request["around"]) if "around" in request else {}
            with surrounded(around) as noticed:
                value = getattr(self, f"_do_{request['do']}")(request, decoder)
            answer = {"value": encoder.encode(value)}
        except WireError as error:
            encoder, answer = self._encoder(), refusal(error)
        except BaseException as error:
            encoder = self._encoder()
            answer = {"error": self._described(error)}
        finally:
            self._drawn |= _open_figures() - before
        if "files" in noticed:
            noticed["files"] = encoder.encode(noticed["files"])
        return {**answer, **noticed}, encoder.buffers

    def close_figures(self) -> None:
        """Close what a test drew, as a notebook does at a cell's end; the next cell would show it as its own."""
        for number in self._drawn:
            sys.modules["matplotlib.pyplot"].close(number)
        self._drawn.clear()

    def _encoder(self) -> Encoder:
        return Encoder(self._handle, class_of=self._handle)

    def _decoder(self, buffers: Sequence[Buffer]) -> Decoder:
        return Decoder(buffers, self._meant, record=lambda _, values, kind: self._record(kind, values))

    def _record(self, kind: Json, values: Mapping[str, Any]) -> Any:
        """A namedtuple or dataclass of the student's own class."""
        if isinstance(kind, dict) and "handle" in kind:
            return self._objects[kind["handle"]](**values)
        return None

    def _do_names(self, request: Mapping[str, Any], _: Decoder) -> dict[str, Any]:
        """Begin a test: forget every object of the last one that the grader does not keep, and look up names."""
        self.close_figures()
        self._objects.keep(request.get("keep", []))
        return {name: self._names[name] for name in request["names"] if name in self._names}

    def _do_bind(self, request: Mapping[str, Any], decoder: Decoder) -> None:
        self._names[request["name"]] = decoder.decode(request["what"])

    def _do_define(self, request: Mapping[str, Any], _: Decoder) -> None:
        """Define what students see a test cell define: cells after it may use it."""
        exec(request["source"], cast(dict[str, Any], self._names))

    def _do_unbind(self, request: Mapping[str, Any], _: Decoder) -> None:
        self._names.pop(request["name"], None)

    def _do_call(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        function, args, kwargs = decoder.decode(request["what"])
        if "written" not in request:
            return function(*args, **kwargs)
        value = function(*args, **kwargs)
        return value, [args[at] if at < len(args) else None for at in request["written"]]

    def _do_tracked_call(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        """Call a function whose result gradients will be asked of; tensors that need them stay here."""
        function, args, kwargs = decoder.decode(request["what"])
        inputs = [value for value in (*args, *kwargs.values()) if getattr(value, "requires_grad", False)]
        value = function(*args, **kwargs)
        return value, Opaque(value), [Opaque(tensor) for tensor in inputs]

    def _do_backward(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return gradients_into(*decoder.decode(request["what"]))

    def _do_gradient(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        owner = getattr(decoder.decode(request["what"]), request["name"])
        return owner, getattr(owner, "grad", None)

    def _do_beside(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        """Call a function of the helper package for things that live next to the student's code."""
        args, kwargs = decoder.decode(request["what"])
        return _looked_up(request["name"])(*args, **kwargs)

    def _do_digest(self, request: Mapping[str, Any], _: Decoder) -> str:
        return module_digest(request["name"])

    def _do_library(self, request: Mapping[str, Any], _: Decoder) -> Any:
        return Opaque(importlib.import_module(request["name"]))

    def _do_getattr(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return getattr(decoder.decode(request["what"]), request["name"])

    def _do_setattr(self, request: Mapping[str, Any], decoder: Decoder) -> None:
        owner, value = decoder.decode(request["what"])
        setattr(owner, request["name"], value)

    def _do_delattr(self, request: Mapping[str, Any], decoder: Decoder) -> None:
        delattr(decoder.decode(request["what"]), request["name"])

    def _do_special(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return special_methods.ALL[request["name"]](*decoder.decode(request["what"]))

    def _do_truth(self, request: Mapping[str, Any], decoder: Decoder) -> bool:
        return bool(decoder.decode(request["what"]))

    def _do_isinstance(self, request: Mapping[str, Any], decoder: Decoder) -> bool:
        return isinstance(*decoder.decode(request["what"]))

    def _do_issubclass(self, request: Mapping[str, Any], decoder: Decoder) -> bool:
        return issubclass(*decoder.decode(request["what"]))

    def _do_same_type(self, request: Mapping[str, Any], decoder: Decoder) -> bool:
        kind, example = decoder.decode(request["what"])
        return type(example) is kind

    def _do_signature(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return signature_of(decoder.decode(request["what"]))

    def _do_source(self, request: Mapping[str, Any], decoder: Decoder) -> str:
        return source_of(decoder.decode(request["what"]))

    def _do_await(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return run_to_end(decoder.decode(request["what"]))

    def _do_length(self, request: Mapping[str, Any], decoder: Decoder) -> int:
        return len(decoder.decode(request["what"]))

    def _do_iterate(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        return Opaque(iter(decoder.decode(request["what"])))

    def _do_next(self, request: Mapping[str, Any], decoder: Decoder) -> tuple[Any, ...]:
        """The next item in a tuple of its own, or an empty tuple at the end."""
        try:
            return (next(decoder.decode(request["what"])),)
        except StopIteration:
            return ()

    def _handle(self, value: Any) -> Json:
        """Keep an object and say what it looks like."""
        if isinstance(value, Opaque):
            value = value.value
        for number, stand_in in self._stand_ins.items():
            if stand_in is value:
                return {"yours": number}
        return {"handle": [self._objects.number(value), *describe(value, self._objects.number)]}

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
        if number in self._stand_ins:
            return self._stand_ins[number]

        def function(*args: Any, **kwargs: Any) -> Any:
            encoder = self._encoder()
            tree = {"callback": number, "what": encoder.encode((args, kwargs))}
            reply, buffers = self._call_back(tree, encoder.buffers)
            if "error" in reply:
                raise self._raised(*reply["error"])
            return self._decoder(buffers).decode(reply["value"])

        function.__name__ = function.__qualname__ = name
        self._stand_ins[number] = function
        return function

    def _raised(self, bases: Sequence[str], text: str, kind: Json) -> BaseException:
        """What a function of the grader's has raised: an exception of the student's own class, or a built-in one."""
        if kind is not None:
            known: Any = self._objects[kind["handle"]]
        else:
            found = (getattr(builtins, name, None) for name in bases)
            known = next(k for k in found if isinstance(k, type) and issubclass(k, Exception))
        try:
            error = known(text)
        except TypeError:
            # It cannot be made from a text alone.
            return RuntimeError(f"{known.__name__}: {text}")
        return error if isinstance(error, BaseException) else RuntimeError(text)

    def _described(self, error: BaseException) -> list[Any]:
        """An exception: name, the classes that it derives from, text, notes, and one of the student's own as object."""
        kinds = type(error).__mro__[:20]
        bases = [k.__name__ if k.__module__ == "builtins" else f"{k.__module__}:{k.__qualname__}"[:200] for k in kinds]
        text, notes = f"<{type(error).__name__}>", list[str]()
        with suppress(BaseException):
            text = str(error)[:_MAX_TEXT]
        with suppress(BaseException):
            notes = [str(note)[:_MAX_TEXT] for note in getattr(error, "__notes__", [])[-3:]]
        about: list[Any] = [type(error).__name__[:100], bases, text, notes]
        with suppress(Exception):
            if type(error).__module__ == "__main__":
                about.append([self._handle(type(error)), self._handle(error)])
        return about


class Opaque:
    """Marks a value that is to stay here, whatever it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _open_figures() -> set[int]:
    """The numbers under which pyplot keeps figures."""
    # Whatever a student has made of pyplot, a request is answered.
    with suppress(Exception):
        return set(sys.modules["matplotlib.pyplot"].get_fignums())
    return set()


def refusal(error: WireError) -> Json:
    """The answer to a request whose result may not cross."""
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
