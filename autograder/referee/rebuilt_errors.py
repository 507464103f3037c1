"""What a student's code raised, as an exception of the referee's own."""

from __future__ import annotations

import builtins
from typing import Any

from autograder.kernel.serialization import Json
from autograder.referee.library_paths import exception_at

MAX_TEXT = 4000


def one_line(text: str) -> str:
    """A student's text in one line: in lines of its own it could pass for the hint of a check."""
    return " ".join(text.splitlines())


def rebuilt(described: Json, own: type[Exception] | None = None, instance: Any = None) -> Exception | SystemExit:
    """An exception of the same name and text; its class derives from the nearest one that is known here.

    Args:
        described: name, classes from which it derives, text and notes, as the student's kernel tells them.
        own: the class that stands for the student's own.
        instance: the object itself, for attributes that the student's class has given it.
    """
    try:
        name, bases, text, notes, *_ = described
        known = [exception_at(base) for base in bases if isinstance(base, str)]
        base: Any = own or next(k for k in known if k is not None)
        message = one_line(str(text)[:MAX_TEXT])
        origin = [one_line(str(note)[:MAX_TEXT]) for note in notes[-3:]]
        if issubclass(base, StopIteration | StopAsyncIteration) or name == "CheckFailed":
            # The first would end a loop of the test as if all was well; the second is for the author's checks alone.
            base, name = RuntimeError, f"{name} of the student's"
        elif issubclass(base, ExceptionGroup):
            # What is in the group does not cross, and there is no empty one.
            base = Exception
        kind: Any = type(
            one_line(str(name)[:100]) or "Error", (base,), {"__str__": lambda _: message, **_asking(instance)}
        )
        # Some exceptions cannot be made from a text alone.
        error: Exception | SystemExit = kind.__new__(kind)
        if not isinstance(error, OSError | UnicodeError | SystemExit):
            error.args = (message,)
    except (TypeError, ValueError, StopIteration):
        return RuntimeError("the student's kernel reported an error that is not well formed")
    for note in origin:
        error.add_note(note)
    return error


def _asking(instance: Any) -> dict[str, Any]:
    """A way to the attributes of an exception that is in the student's kernel."""
    if instance is None:
        return {}

    def attribute(_: Any, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(instance, name)

    return {"__getattr__": attribute}


def local_exception(name: str, bases: Json) -> type[Exception]:
    """A class to catch a student's own exceptions with."""
    known = [exception_at(base.removeprefix("builtins:")) for base in bases if isinstance(base, str)]
    base = next((k for k in known if k is not None and issubclass(k, Exception)), Exception)
    if issubclass(base, StopIteration | StopAsyncIteration | ExceptionGroup):
        base = RuntimeError
    return type(name.replace("CheckFailed", "CheckFailed of the student's"), (base,), {"__module__": "__main__"})


def described(error: BaseException) -> list[Any]:
    """What a function of the referee's has raised, for the student's kernel: built-in classes and text."""
    bases = [kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind]
    return [bases, str(error)[:MAX_TEXT]]
