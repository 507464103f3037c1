"""What a student's kernel may send costs the grader little time and memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from autograder.kernel.messages import from_buffers
from autograder.kernel.serialization import Buffer, Decoder
from autograder.kernel.wire_limits import WireError

_EQUAL_HASHES = 2**61 - 1


def refuse(kind: str, content: Any) -> Any:
    raise WireError("an object of an unknown kind")


def decoded(tree: Any, *buffers: Buffer) -> Any:
    return Decoder(buffers, refuse).decode(tree)


@pytest.mark.parametrize(
    "member",
    [lambda i: i * _EQUAL_HASHES, lambda i: {"complex": [-1000003.0 * i, float(i)]}],
    ids=["integers", "complex"],
)
def test_keys_that_can_be_made_to_collide_are_refused(member: Callable[[int], Any]):
    with pytest.raises(WireError, match="keys of another kind"):
        decoded({"set": [member(i) for i in range(20)]})


def test_json_of_many_small_objects_is_refused_before_it_is_built():
    message = b'{"value":{"list":[' + b"{}," * 2_000_000 + b"{}]}}"
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decoded(from_buffers([message])[0]["value"])
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


ODD: list[tuple[Any, tuple[Buffer, ...]]] = [
    ({"array": ["<U1", [1], 0]}, (b"\xff\xff\xff\x7f",)),
    ({"scalar": ["<U1", [], 0]}, (b"\xff\xff\xff\x7f",)),
    ({"tensor": [["<f4", [1], 0], "qint8"]}, (bytes(4),)),
    ({"tensor": [["<f4", [1], 0], "bits8"]}, (bytes(4),)),
    ({"tensor": [["<f4", [1], 0], "save"]}, (bytes(4),)),
    ({"array": ["<f3", [0], 0]}, (b"",)),
    ({"array": [7, [1], 0]}, (b"",)),
    ({"array": ["<f8", [1] * 70, 0]}, (bytes(8),)),
    ({"array": ["<f8", [0, 10**30], 0]}, (b"",)),
    ({"array": ["<f8", [-1, -1], 0]}, (bytes(8),)),
    ({"array": ["<f8", [True], 0]}, (bytes(8),)),
    ({"array": ["|O", [1], 0]}, (bytes(8),)),
    ({"bytes": 3}, ()),
    ({"complex": ["1", []]}, ()),
    ({"set": [{"list": []}]}, ()),
    ({"dict": [[1]]}, ()),
    ({"list": {"0": 1}}, ()),
    ({"pickle": "x"}, ()),
    ({"list": [], "tuple": []}, ()),
    (10**2000, ()),
]


@pytest.mark.parametrize(("tree", "buffers"), ODD, ids=lambda value: str(value)[:40])
def test_malformed_values_raise_one_kind_of_error_or_are_harmless(tree: Any, buffers: tuple[Buffer, ...]):
    try:
        value = decoded(tree, *buffers)
    except WireError:
        return
    # An array may hold characters that are none; it is data all the same.
    assert tree in ({"array": ["<U1", [1], 0]},) and value.shape == (1,)


@pytest.mark.parametrize(
    "message", [[], [b""], [b"["], [b"[" * 100_000], [b"9" * 5000], [b"\xff"], [b"{'a': 1}"]], ids=range(7)
)
def test_malformed_messages_raise_one_kind_of_error(message: list[bytes]):
    with pytest.raises(WireError):
        from_buffers(message)
