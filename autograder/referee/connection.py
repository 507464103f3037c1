"""The way from test cells to one student's kernel."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, cast

from autograder.kernel import records, special_methods
from autograder.kernel.serialization import Buffer, Decoder, Encoder, Json
from autograder.kernel.wire_limits import Allowance, WireError, for_a_test_cell
from autograder.referee import gradients
from autograder.referee.changed_helpers import HelperModules
from autograder.referee.library_paths import generator_tree, library_path
from autograder.referee.rebuilt_errors import described, local_exception, one_line, rebuilt
from autograder.referee.remote import Remote, checked_description, coroutine_of, read_signature, remote_class
from autograder.referee.surroundings import Surroundings
from autograder.referee.written_values import write_into
from autograder.testing.failure import ReferenceMissing


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


class Connection:
    """The way to one student's kernel. Objects live as long as it does, but for those that a test cell leaves behind.

    Args:
        channel: carries the requests.
        mutated: the positions of the arguments that the author's own functions write into, by the functions' names.

    Attributes:
        words: what the last test cell took from the student's kernel that values alone do not show, for its author.
        helpers: the helper modules that were used there.
        surroundings: what the test cell has set up around the student's code.
    """

    def __init__(self, channel: Channel, mutated: Mapping[str, Sequence[int]] | None = None) -> None:
        self._mutated = mutated or {}
        self._local: list[Callable[..., Any]] = []
        self._remotes: dict[int, Any] = {}
        self._classes: dict[str, type[Remote]] = {}
        self._records: dict[tuple[int, records.Shape], Any] = {}
        self._trees: dict[Any, Json] = {}
        self._kept: set[int] = set()
        self.helpers = HelperModules()
        self.begin(channel)

    def begin(
        self, channel: Channel, kept: Collection[Any] = (), tracks: bool = False, around: Surroundings | None = None
    ) -> None:
        """Go on with another test cell.

        Args:
            channel: carries its requests.
            kept: values of earlier cells that it may use.
            tracks: whether it asks for gradients.
            around: what it has set up around the student's code.
        """
        self._channel, self._tracks = channel, tracks
        self._allowance: Allowance = for_a_test_cell()
        self.surroundings = around or Surroundings()
        self.helpers.begin_test()
        numbers = {value._tree["handle"] for value in kept if isinstance(value, Remote)}
        numbers |= {tree["handle"] for tree in self._trees.values()}
        self._remotes = {number: value for number, value in self._remotes.items() if number in numbers}
        self._kept = numbers
        self.words: set[str] = set()

    def names(self, wanted: Sequence[str], own: Collection[str] = ()) -> dict[str, Any]:
        """Those of the wanted names that the student's kernel has, as plain data or remote objects.

        Args:
            own: names of classes, and of objects made with them, that the author asks for.
        """
        request = {"do": "names", "names": list(wanted), "keep": sorted(self._kept)}
        found = self._request(request, self._encoder())
        if not isinstance(found, dict):
            raise WireError("the answer is not well formed")
        for name in set(found) & set(own):
            if isinstance(found[name], Remote):
                object.__setattr__(found[name], "_own", True)
        return {name: found[name] for name in wanted if name in found}

    def owns(self, value: Any) -> bool:
        """True for an object of the student's kernel."""
        return isinstance(value, Remote)

    def beside(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a function of a helper package or of this one, ``module:name``, in the student's kernel."""
        self.helpers.look_at(function.partition(":")[0], lambda name: self.ask("digest", None, name=name))
        return self.ask("beside", (args, dict(kwargs)), name=function)

    def library(self, name: str) -> Any:
        """A library as the student's kernel has it."""
        return self._request({"do": "library", "name": name}, self._encoder())

    def bind(self, name: str, value: Any) -> None:
        """Give a name of the student's another value, in the student's kernel, too; there only if it can cross."""
        try:
            self.ask("bind", value, name=name)
        except WireError:
            self.words.add(f"{name} has its new value only in the test")

    def define(self, source: str) -> None:
        """Have the student's kernel define what students see a test cell define."""
        self._request({"do": "define", "source": source}, self._encoder())

    def unbind(self, name: str) -> None:
        """Take a name of the student's away."""
        self.ask("unbind", None, name=name)

    def call(self, function: Remote, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call an object of the student's; what the author's own function would write into is written into."""
        written = [at for at in self._mutated.get(function._name or "", ()) if at < len(args)]
        if written:
            value, after = self.ask("call", (function, args, dict(kwargs)), written=written)
            for at, new in zip(written, after, strict=True):
                write_into(args[at], new)
        elif self._tracks:
            value = gradients.tracked_call(self, function, args, kwargs)
        else:
            value = self.ask("call", (function, args, dict(kwargs)))
        if function._own and isinstance(value, Remote) and "bases" in function._about:
            object.__setattr__(value, "_own", True)
        return value

    def attribute(self, owner: Remote, name: str) -> Any:
        """An attribute of an object of the student's."""
        if name.startswith("__"):
            self.words.add(f"{name} of {owner._name or type(owner).__name__}")
        if self._tracks:
            return gradients.tracked_attribute(self, owner, name)
        return self.ask("getattr", owner, name=name)

    def signature(self, function: Remote) -> inspect.Signature:
        """The signature of a student's function."""
        self.words.add(f"the signature of {function._name}")
        return read_signature(self.ask("signature", function))

    def source(self, function: Remote) -> str:
        """The source of a student's function or class."""
        self.words.add(f"the source of {function._name}")
        return str(self.ask("source", function))

    def compared(self, name: str, one: Remote, other: Any) -> Any:
        """What two objects of the student's, or one made with a class that the author asks for, say to each other."""
        if not isinstance(other, Remote) and not one._own:
            return NotImplemented
        if name.replace("ne", "eq") not in one._about.get("special", ()) and not (
            isinstance(other, Remote) and "__eq__" in other._about.get("special", ())
        ):
            return NotImplemented
        return self.operated(name, one, other)

    def operated(self, name: str, one: Remote, other: Any, swapped: bool = False) -> Any:
        """The value of an operator between an object of the student's and something else, or ``NotImplemented``."""
        query = name in special_methods.QUERIES or name in special_methods.IN_PLACE
        own = one._own or (isinstance(other, Remote) and other._own)
        if not own and not isinstance(other, Remote):
            if name == "__contains__" and "__iter__" in one._about.get("special", ()):
                return any(item is other or item == other for item in iter(cast(Iterable[Any], one)))
            if query:
                raise TypeError(f"{name} of a {type(one).__name__} of the student's is not asked here")
            return NotImplemented
        self.words.add(f"{name} of {type(one).__name__}")
        value = self.ask("special", (other, one) if swapped else (one, other), name=name)
        if own and isinstance(value, Remote):
            object.__setattr__(value, "_own", True)
        return value

    def ask(self, do: str, what: Any, **more: Any) -> Any:
        """Send one request about some objects and return the answer.

        Raises:
            Exception: what the student's code raised, as a class of the same name.
        """
        if do in ("isinstance", "issubclass", "same_type"):
            self.words.add("isinstance, issubclass or type with a class of the student's")
        encoder = self._encoder()
        return self._request({"do": do, "what": encoder.encode(what), **more}, encoder)

    def is_record(self, value: Any) -> bool:
        """True for a namedtuple or dataclass whose class is the student's."""
        return type(value) in self._trees

    def local_class(self, remote: Remote) -> type | None:
        """The class that instances of a student's class have here, if they are data."""
        number = remote._tree["handle"]
        return next((kind for (known, _), kind in self._records.items() if known == number), None)

    def _encoder(self) -> Encoder:
        return Encoder(self._refer, class_of=lambda kind: self._trees.get(kind), tracked=self._tracks)

    def _decoder(self, buffers: Sequence[Buffer]) -> Decoder:
        return Decoder(buffers, self._meant, self._allowance, self._record)

    def _request(self, content: Json, encoder: Encoder) -> Any:
        changes = self.surroundings.changes(content.get("what"))
        if changes:
            content = {**content, "around": encoder.encode(changes)}
        content, buffers = self._channel.request(content, encoder.buffers, self._answer_callback)
        if not isinstance(content, dict):
            raise WireError("the answer is not well formed")
        decoder = self._decoder(buffers)
        self.surroundings.show(content, decoder.decode(content.get("files")))
        if "error" in content:
            raise self._raised(content["error"])
        if "value" not in content:
            raise WireError("the answer is not well formed")
        return decoder.decode(content["value"])

    def _raised(self, about: Json) -> Exception | SystemExit:
        own = instance = None
        if isinstance(about, list) and len(about) == 5 and isinstance(about[4], list) and len(about[4]) == 2:
            kind, instance = (self._meant("handle", tree.get("handle")) for tree in about[4] if isinstance(tree, dict))
            own = kind if isinstance(kind, type) and not isinstance(kind, Remote) else None
        return rebuilt(about, own, instance)

    def _answer_callback(self, content: Json, buffers: Sequence[Buffer]) -> tuple[Json, list[Buffer]]:
        encoder = self._encoder()
        try:
            function = self._local[content["callback"]]
            args, kwargs = self._decoder(buffers).decode(content["what"])
            return {"value": encoder.encode(function(*args, **kwargs))}, encoder.buffers
        except (Exception, SystemExit) as error:
            # Unanswered, the student's kernel would wait for ever.
            if isinstance(error, ReferenceMissing):
                return {"error": [["RuntimeError"], "the check lacks a reference", None]}, []
            return {"error": [*described(error), self._trees.get(type(error))]}, []

    def _refer(self, value: Any) -> Json:
        """How to name to the student's kernel a value that is not plain data."""
        if isinstance(value, Remote):
            return value._tree
        if isinstance(value, type) and value in self._trees:
            return self._trees[value]
        generator = generator_tree(value)
        if generator is not None:
            return generator
        path = library_path(value)
        if path is not None:
            return {"library": path}
        if callable(value):
            known = next((at for at, function in enumerate(self._local) if function is value), None)
            if known is None:
                self._local.append(value)
                known = len(self._local) - 1
            return {"callback": [known, str(getattr(value, "__name__", "function"))]}
        raise WireError(f"a {type(value).__name__} cannot be handed to a student's function")

    def _meant(self, kind: str, content: Json) -> Any:
        """The only things besides plain data that a student's kernel may send: handles, and what it got from here."""
        if kind == "yours" and type(content) is int and 0 <= content < len(self._local):
            return self._local[content]
        if kind != "handle":
            raise WireError("an object of an unknown kind was sent")
        number, type_name, name, is_callable, *more = content
        if type(number) is not int or not isinstance(type_name, str) or not isinstance(name, str | None):
            raise WireError("a handle is not well formed")
        if number not in self._remotes:
            about = {**checked_description(more[0] if more else {}), "callable": is_callable is True}
            self._remotes[number] = self._made(number, one_line(type_name[:100]) or "object", name, about)
        return self._remotes[number]

    def _made(self, number: int, type_name: str, name: str | None, about: dict[str, Any]) -> Any:
        short, tree = None if name is None else one_line(name[:100]), {"handle": number}
        if about.get("error") and "bases" in about:
            kind: Any = local_exception(short or "Error", about["bases"])
            self._trees[kind] = tree
            return kind
        key = json.dumps([type_name, short is None, about], sort_keys=True)
        if key not in self._classes:
            self._classes[key] = remote_class(type_name, about, about["callable"], name is not None)
        remote = self._classes[key](self, tree, short, about)
        if "_example" not in vars(self._classes[key]):
            self._classes[key]._example = remote  # type: ignore[attr-defined]
        return coroutine_of(self, remote) if about.get("coroutine") else remote

    def _record(self, shape: records.Shape, values: Mapping[str, Any], kind: Json) -> Any:
        """A namedtuple or dataclass; its class is known by the student's own, so that it can go back as one."""
        remote = self._meant("handle", kind["handle"]) if isinstance(kind, dict) and "handle" in kind else None
        if not isinstance(remote, Remote):
            return None
        number = remote._tree["handle"]
        if (number, shape) not in self._records:
            made = records.class_of.__wrapped__(shape)
            self._records[number, shape], self._trees[made] = made, {"handle": number}
        return self._records[number, shape](**values)
