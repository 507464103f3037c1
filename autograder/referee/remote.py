"""A student's objects as a test cell sees them from another process.

Plain data arrives as copies. Everything else is a :class:`Remote`: it can be called, indexed, iterated, compared with
other objects of the student's and asked for attributes, and each of these is a request to the student's kernel. Nothing
of the student's runs here.

What an object is compared or computed with is told to the student's kernel only where the test made the object with a
class that the author asks for. Elsewhere a function could return an object that is equal to everything.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.kernel import special_methods
from autograder.kernel.serialization import Json
from autograder.referee.library_paths import class_at

if TYPE_CHECKING:
    from autograder.referee.connection import Connection

# Attributes with such names that tests look at. NumPy and PyTorch ask any object for many others.
_SERVED = frozenset(
    {"__doc__", "__code__", "__dict__", "__annotations__", "__defaults__", "__kwdefaults__", "__qualname__",
     "__wrapped__", "__closure__", "__self__", "__func__", "__members__", "__init__", "__slots__", "__version__",
     "__isabstractmethod__", "__abstractmethods__", "__cause__", "__context__", "__dataclass_fields__", "__len__",
     "__match_args__", "__get__", "__set__", "__post_init__"}
)  # fmt: skip
_SPECIAL = frozenset((*special_methods.ALL, *special_methods.TRAITS))
_PYTHON_CLASSES = {
    f"builtins:{kind.__name__}": kind
    for kind in (bool, bytes, complex, dict, float, frozenset, int, list, object, set, str, tuple)
}
_KINDS: dict[str, type] = {
    "builtins:function": types.FunctionType,
    "builtins:builtin_function_or_method": types.BuiltinFunctionType,
    "builtins:method": types.MethodType,
    "builtins:generator": types.GeneratorType,
    "builtins:module": types.ModuleType,
    "builtins:type": type,
    "builtins:property": property,
    "builtins:staticmethod": staticmethod,
    "builtins:classmethod": classmethod,
}


class Remote:
    """Stands for an object in a student's kernel.

    Made by a :class:`Connection`, as an instance of a subclass that bears the name of the object's own class and has
    the special methods that it has.
    """

    _connection: Connection
    _tree: Json
    _name: str | None
    _about: dict[str, Any]
    _own: bool

    def __init__(
        self,
        connection: Connection,
        tree: Json,
        name: str | None,
        about: dict[str, Any] | None = None,
        own: bool = False,
    ) -> None:
        for key, value in (
            ("connection", connection),
            ("tree", tree),
            ("name", name),
            ("about", about or {}),
            ("own", own),
        ):
            object.__setattr__(self, f"_{key}", value)

    def __getattr__(self, name: str) -> Any:
        if name == "__name__" and self._name is not None:
            return self._name
        if name == "__signature__" and self._about.get("callable"):
            return self._connection.signature(self)
        if name == "__bases__" and "bases" in self._about:
            return tuple(kind for path in self._about["bases"] if (kind := class_at(path)) is not None) or (object,)
        if name.startswith("__") and name not in _SERVED:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return self._connection.attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._connection.ask("setattr", (self, value), name=name)

    def __delattr__(self, name: str) -> None:
        self._connection.ask("delattr", self, name=name)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, type) and issubclass(other, Remote):
            return bool(self._connection.ask("same_type", (self, vars(other).get("_example"))))
        return self._connection.compared("__eq__", self, other)

    def __ne__(self, other: object) -> Any:
        if isinstance(other, type) and issubclass(other, Remote):
            return not self == other
        return self._connection.compared("__ne__", self, other)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        if {"__bool__", "__len__"} & set(self._about.get("special", ())):
            return self._connection.ask("truth", self) is True
        return True

    def __repr__(self) -> str:
        return f"<a {type(self).__name__} in the student's kernel>"

    def __instancecheck__(self, instance: Any) -> bool:
        if isinstance(instance, self._connection.local_class(self) or ()):
            return True
        sent = isinstance(instance, Remote) or self._connection.is_record(instance)
        return sent and self._connection.ask("isinstance", (instance, self)) is True

    def __subclasscheck__(self, kind: Any) -> bool:
        return isinstance(kind, Remote) and self._connection.ask("issubclass", (kind, self)) is True


class RemoteFunction(Remote):
    """A remote object that can be called, under a name that says so in messages."""


def _call(self: Remote, *args: Any, **kwargs: Any) -> Any:
    """Call the object with plain data, other remote objects, library functions or local callbacks."""
    return self._connection.call(self, args, kwargs)


def _iterate(self: Remote) -> Iterator[Any]:
    iterator = self._connection.ask("iterate", self)
    while item := self._connection.ask("next", iterator):
        yield item[0]


def _next(self: Remote) -> Any:
    item = self._connection.ask("next", self)
    if not item:
        raise StopIteration
    return item[0]


def _length(self: Remote) -> int:
    length = self._connection.ask("length", self)
    if type(length) is not int:
        raise TypeError(f"the length of a {type(self).__name__} is not an integer")
    return length


def _annotations(self: Remote) -> Any:
    """Those of the student's object; a class of Python's in them is Python's own."""
    found = self._connection.attribute(self, "__annotations__")
    return {name: _python_class(value) for name, value in found.items()} if isinstance(found, dict) else found


def _python_class(value: Any) -> Any:
    path = next(iter(value._about.get("bases", ())), "") if isinstance(value, Remote) else ""
    return _PYTHON_CLASSES.get(path, value)


def _as_text(self: Remote) -> str:
    return str(self._connection.ask("special", (self,), name="__str__"))


def _as_repr(self: Remote) -> str:
    return str(self._connection.ask("special", (self,), name="__repr__"))


def _of_one(name: str) -> Any:
    def method(self: Remote, *args: Any) -> Any:
        return self._connection.ask("special", (self, *args), name=name)

    return method


def _of_two(name: str, swapped: bool = False) -> Any:
    def method(self: Remote, other: Any) -> Any:
        return self._connection.operated(name, self, other, swapped)

    return method


def _kind_of(self: Remote) -> type:
    """What ``isinstance`` looks at: the first class of a library that the object's own derives from."""
    for path in self._about.get("like", ()):
        if path in _KINDS:
            return _KINDS[path]
        kind = class_at(path)
        if kind is not None:
            self._connection.words.add(f"the class {kind.__name__} of {self._name or type(self).__name__}")
            return kind
    return type(self)


def remote_class(type_name: str, about: dict[str, Any], is_callable: bool, named: bool) -> type[Remote]:
    """A class for objects that look like this."""
    methods: dict[str, Any] = {
        "__doc__": property(lambda self: self._connection.attribute(self, "__doc__")),
        # Else those of Remote are found.
        "__annotations__": property(_annotations),
        "__class__": property(_kind_of),
    }
    for name in about.get("special", ()):
        if name in special_methods.COMPARISONS:
            if name not in ("__eq__", "__ne__"):
                methods[name] = _of_two(name)
        elif name in special_methods.ARITHMETIC:
            methods[name], methods[f"__r{name[2:]}"] = _of_two(name), _of_two(name, swapped=True)
        elif name in special_methods.OF_TWO:
            methods[name] = _of_two(name)
        elif name in special_methods.OF_ONE:
            methods[name] = _of_one(name)
    special = set(about.get("special", ()))
    # What has no __iter__ may still be a sequence; its own side knows.
    methods |= {"__iter__": _iterate} if special & {"__iter__", "__getitem__"} else {}
    methods |= {"__next__": _next, "__iter__": lambda self: self} if "__next__" in special else {}
    methods |= {"__len__": _length} if "__len__" in special else {}
    methods |= {"__str__": _as_text, "__repr__": _as_repr} if special & {"__str__", "__repr__"} else {}
    methods |= {"__call__": _call} if is_callable else {}
    methods.pop("__hash__", None)
    if {"__eq__", "__hash__"} <= special:
        methods["__hash__"] = lambda self: hash(self._connection.ask("special", (self,), name="__hash__"))
    base = RemoteFunction if is_callable and named else Remote
    return type(type_name, (base,), methods)


def read_signature(parameters: Any) -> inspect.Signature:
    """The signature that :func:`autograder.kernel.inspection.signature_of` has described."""
    kinds = list(inspect._ParameterKind)
    empty = inspect.Parameter.empty
    return inspect.Signature(
        [
            inspect.Parameter(
                name, kinds[kind], default=default[0] if default else empty,
                annotation=empty if annotation is None else annotation,
            )
            for name, kind, default, annotation in parameters
        ]
    )  # fmt: skip


def checked_description(about: Json) -> dict[str, Any]:
    """What a kernel says an object looks like, without what is not of the right kind."""
    if not isinstance(about, dict):
        return {}
    found: dict[str, Any] = {}
    for key in ("special", "like", "bases"):
        texts = about.get(key)
        if isinstance(texts, list) and len(texts) <= len(_SPECIAL) and all(isinstance(text, str) for text in texts):
            found[key] = [text[:200] for text in texts if key != "special" or text in _SPECIAL]
    found |= {key: about.get(key) is True for key in ("error", "coroutine")}
    return {**found, "type": about.get("type") if type(about.get("type")) is int else None}


def coroutine_of(connection: Connection, remote: Remote) -> Any:
    """A coroutine of this process that runs the student's to its end."""

    async def result() -> Any:
        return connection.ask("await", remote)

    return result()
