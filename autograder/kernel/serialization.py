"""Plain values as JSON and raw buffers, in both directions between a grader and a student's kernel. Never pickle.

A value becomes a tree of JSON objects and a list of binary buffers. ``None``, bool, int, float, str stand for
themselves; everything else is an object with one key that says what it is (the table ``_READERS``).
Whoever decodes trusts nothing: types come from a fixed list, and size and nesting are bounded.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.kernel import library_values, records
from autograder.kernel.wire_limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_EMPTY_ROWS,
    MAX_INT_BITS,
    MAX_NODES,
    Allowance,
    WireError,
    require_keys,
)

_DTYPE = re.compile(r"[<>|=]?(?:[biufc]\d{1,2}|U\d{1,6}|[mM]8(?:\[\d{0,4}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)\Z")

_NODES_OF_AN_OBJECT = 20
# What reading a forged value raises. Not every exception: the one that interrupts a check is among them.
_OF_BAD_CONTENT = (
    TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RuntimeError, SystemError, MemoryError,
    BufferError,
)  # fmt: skip

Json = Any
Buffer = bytes | bytearray | memoryview


@dataclass
class Encoder:
    """Turns values into JSON and buffers.

    Args:
        other: encodes what is not plain data, for example as a handle; it raises :class:`WireError` to refuse.
        class_of: how to refer to the class of a namedtuple or dataclass, so that it can come back as one; default: not.
        tracked: whether tensors say that they need gradients.
    """

    other: Callable[[Any], Json]
    class_of: Callable[[Any], Json] = lambda _: None
    tracked: bool = False
    buffers: list[Buffer] = field(default_factory=list)
    _nodes: int = 0
    _bytes: int = 0

    def encode(self, value: Any, depth: int = 0) -> Json:
        """The JSON that stands for ``value``.

        Raises:
            WireError: if it is too large or nested too deeply, which a value that contains itself always is.
        """
        self._count(depth)
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            # Before float: np.float64 is a float, too.
            return {"scalar": self._array(np.asarray(value))} if _DTYPE.match(value.dtype.str) else self.other(value)
        if isinstance(value, int):
            return _bounded_int(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, str):
            text = str.__str__(value)
            self._weigh(4 * len(text))
            return text
        return self._encode_object(value, depth)

    def _encode_object(self, value: Any, depth: int) -> Json:
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, bytes):
            return {"bytes": self._buffer(bytes(value))}
        if isinstance(value, np.ndarray) and _DTYPE.match(value.dtype.str):
            return {"array": self._array(np.asarray(value))}
        if records.is_record(value):
            name, fields, values, flags = records.taken_apart(value)
            return {
                "record": [name, fields, [self.encode(v, depth + 1) for v in values], flags, self.class_of(type(value))]
            }
        reduced = library_values.reduced(value)
        if reduced is not None:
            return {reduced[0]: self.encode(reduced[1], depth + 1)}
        for kind, name in ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "set")):
            if isinstance(value, kind):
                items: Any = kind.__iter__  # a subclass may have another
                return {name: [self.encode(item, depth + 1) for item in items(value)]}
        if isinstance(value, dict):
            pairs = dict.items(value)
            return {"dict": [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in pairs]}
        if isinstance(value, slice):
            return {"slice": [self.encode(part, depth + 1) for part in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"ellipsis": True}
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor) and value.layout is torch.strided:
            tree = self._tensor(value.detach().cpu(), torch)
            tree["tensor"] += [True] if self.tracked and value.requires_grad else []
            return tree
        return self.other(value)

    def _tensor(self, tensor: Any, torch: Any) -> Json:
        kind = str(tensor.dtype).removeprefix("torch.")
        if tensor.dtype is torch.bfloat16:
            tensor = tensor.float()
        return {"tensor": [self._array(tensor.resolve_conj().resolve_neg().numpy()), kind]}

    def _array(self, array: NDArray[Any]) -> Json:
        self._weigh(array.nbytes)
        data = np.ascontiguousarray(array)
        view = data.reshape(-1).view(np.uint8) if data.size else np.empty(0, np.uint8)
        return [array.dtype.str, list(array.shape), self._buffer(view.data, counted=True)]

    def _buffer(self, data: Buffer, counted: bool = False) -> int:
        if not counted:
            self._weigh(len(data))
        self.buffers.append(data)
        return len(self.buffers) - 1

    def _count(self, depth: int) -> None:
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise WireError(f"nested more than {MAX_DEPTH} deep")
        if self._nodes > MAX_NODES:
            raise WireError(f"more than {MAX_NODES} values")

    def _weigh(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MAX_BYTES:
            raise WireError(f"more than {MAX_BYTES // 1_000_000} MB")


@dataclass
class Decoder:
    """Turns JSON and buffers back into values; the other side is not trusted.

    Args:
        buffers: the binary parts of the message.
        other: decodes objects with a key that is not plain data, by key and content.
        record: makes a namedtuple or dataclass of its class as :class:`Encoder` refers to it and its values by name; it
            returns None to leave that to :mod:`autograder.kernel.records`.
        of_cell: what all messages of a test cell may still bring; default: only this message is bounded.
    """

    buffers: Sequence[Buffer]
    other: Callable[[str, Json], Any]
    of_cell: Allowance | None = None
    record: Callable[[records.Shape, Mapping[str, Any], Json], Any] = lambda *_: None
    _of_message: Allowance = field(default_factory=Allowance)

    def decode(self, tree: Json, depth: int = 0) -> Any:
        """The value that ``tree`` stands for.

        Raises:
            WireError: if the message is not well formed or breaks a limit.
        """
        if depth > MAX_DEPTH:
            raise WireError("a value is nested too deeply")
        self._of_message.take_value()
        if self.of_cell is not None:
            self.of_cell.take_value()
        if tree is None or isinstance(tree, bool | float):
            return tree
        if isinstance(tree, str):
            self._take(size=len(tree))
            return tree
        if isinstance(tree, int):
            return _bounded_int(tree)
        if not isinstance(tree, dict) or len(tree) != 1:
            raise WireError("a value is not well formed")
        (kind, content), *_ = tree.items()
        try:
            read = _READERS.get(kind)
            return read(self, content, depth + 1) if read is not None else self._other(kind, content)
        except WireError:
            raise
        except _OF_BAD_CONTENT as error:
            raise WireError(f"a value of kind {kind[:20]!r} is not well formed") from error

    def _restored(self, kind: str, content: Json, depth: int) -> Any:
        self._take(nodes=_NODES_OF_AN_OBJECT)
        return library_values.restored(kind, self.decode(content, depth))

    def _record(self, content: Json, depth: int) -> Any:
        name, fields, values, flags, kind = content
        self._take(nodes=_NODES_OF_AN_OBJECT)
        shape = records.Shape.checked(name, fields, flags)
        named = dict(zip(shape.fields, self._items(values, depth), strict=True))
        made = self.record(shape, named, kind)
        return records.built(shape, named) if made is None else made

    def _items(self, content: Json, depth: int) -> list[Any]:
        if not isinstance(content, list):
            raise WireError("a container is not well formed")
        return [self.decode(item, depth) for item in content]

    def _dict(self, content: Json, depth: int) -> dict[Any, Any]:
        pairs = [self._items(pair, depth) for pair in content]
        return dict(zip(self._keys([key for key, _ in pairs]), (value for _, value in pairs), strict=True))

    def _keys(self, values: list[Any]) -> list[Any]:
        """The values, which are about to be compared with one another."""
        self._take(keys=len(values), tuple_keys=require_keys(values))
        return values

    def _other(self, kind: str, content: Json) -> Any:
        # Each becomes an object of a class of its own.
        self._take(nodes=_NODES_OF_AN_OBJECT)
        return self.other(kind, content)

    def _buffer(self, index: Json) -> Buffer:
        """A buffer of the message; one that is referred to twice counts twice, since it is copied."""
        if type(index) is not int or not 0 <= index < len(self.buffers):
            raise WireError("a message lacks one of its parts")
        data = self.buffers[index]
        self._take(size=len(data))
        return data

    def _take(self, **amounts: int) -> None:
        self._of_message.take(**amounts)
        if self.of_cell is not None:
            self.of_cell.take(**amounts)

    def _array(self, content: Json) -> NDArray[Any]:
        kind, shape, index = content
        if not _DTYPE.match(kind) or not all(type(size) is int and size >= 0 for size in shape):
            raise WireError("an array is not well formed")
        dtype, data = np.dtype(kind), self._buffer(index)
        if math.prod(shape) * dtype.itemsize != len(data):
            raise WireError("an array does not have the size that it says")
        if math.prod(max(size, 1) for size in shape) > max(MAX_EMPTY_ROWS, len(data)):
            raise WireError("an empty array has too many rows or columns")
        # A copy, since whoever gets it may write into it.
        return np.frombuffer(data, dtype).reshape(shape).copy()

    def _tensor(self, content: Json) -> Any:
        import torch

        array, kind, *tracked = content
        dtype = getattr(torch, kind, None) if kind.isidentifier() else None
        if not isinstance(dtype, torch.dtype):
            raise WireError("a tensor has no known dtype")
        tensor = torch.from_numpy(self._array(array))
        # Any other conversion could make it many times as large.
        if tensor.dtype is not dtype and (dtype, tensor.dtype) != (torch.bfloat16, torch.float32):
            raise WireError("a tensor has another dtype than its array")
        return tensor.to(dtype).requires_grad_(tracked == [True])


# What a value's only key says that it is, and how its content is read.
_READERS: dict[str, Callable[[Decoder, Json, int], Any]] = {
    "complex": lambda _, content, __: complex(float(content[0]), float(content[1])),
    "bytes": lambda decoder, content, _: bytes(decoder._buffer(content)),
    "array": lambda decoder, content, _: decoder._array(content),
    "scalar": lambda decoder, content, _: decoder._array(content)[()],
    "tensor": lambda decoder, content, _: decoder._tensor(content),
    "list": Decoder._items,
    "tuple": lambda decoder, content, depth: tuple(decoder._items(content, depth)),
    "set": lambda decoder, content, depth: set(decoder._keys(decoder._items(content, depth))),
    "dict": Decoder._dict,
    "slice": lambda decoder, content, depth: slice(*decoder._items(content, depth)),
    "ellipsis": lambda *_: Ellipsis,
    "record": Decoder._record,
    **{
        kind: lambda decoder, content, depth, kind=kind: decoder._restored(kind, content, depth)  # type: ignore[misc]
        for kind in library_values.KINDS
    },
}


def _bounded_int(value: int) -> int:
    number = int.__int__(value)
    if number.bit_length() > MAX_INT_BITS:
        raise WireError(f"an integer of more than {MAX_INT_BITS} bits")
    return number
