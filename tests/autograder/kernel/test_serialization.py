"""What may cross between a grader and a student's kernel, and what a forged message can do: nothing."""

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.kernel.messages import from_buffers, to_buffers
from autograder.kernel.serialization import Decoder, Encoder
from autograder.kernel.wire_limits import MAX_DEPTH, WireError


def refused(value):
    raise WireError(f"a {type(value).__name__}")


def unknown(kind, content):
    raise WireError(kind)


def crossed(value):
    encoder = Encoder(refused)
    tree, buffers = from_buffers([bytes(part) for part in to_buffers(encoder.encode(value), encoder.buffers)])
    return Decoder(buffers, unknown).decode(tree)


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.complex_numbers()
)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_plain_data_arrives_as_it_was_sent(value):
    assert repr(crossed(value)) == repr(value)


@given(
    arrays.arrays(st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16"]), arrays.array_shapes(min_dims=0, min_side=0))
)
def test_arrays_keep_shape_dtype_and_bytes(array):
    got = crossed(array)
    assert (got.shape, got.dtype) == (array.shape, array.dtype)
    assert got.tobytes() == array.tobytes()
    got[...] = 0


def test_numbers_of_libraries_keep_their_type():
    assert type(crossed(np.float32(0.5))) is np.float32
    assert math.isnan(crossed(float("nan")))
    tensor = torch.tensor([[1.0, 2.0]], dtype=torch.bfloat16, requires_grad=True)
    got = crossed(tensor)
    assert got.dtype is torch.bfloat16 and not got.requires_grad and torch.equal(got, tensor.detach())


def test_subclasses_arrive_as_what_they_derive_from():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return True

        def __array__(self, *_):
            return np.zeros(2)

    class Yes(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    class Growing(list):
        def __iter__(self):
            return iter(range(10**9))

    assert type(crossed(np.arange(2.0).view(Liar))) is np.ndarray
    assert crossed(np.arange(2.0).view(Liar)).tolist() == [0, 1]
    assert type(crossed(Yes(3))) is int
    assert crossed(Growing([1, 2])) == [1, 2]


def test_values_without_end_are_refused():
    endless: list = []
    endless.append(endless)
    with pytest.raises(WireError, match="deep"):
        crossed(endless)
    with pytest.raises(WireError, match="MB"):
        crossed(np.broadcast_to(np.zeros(1), (10**9,)))
    with pytest.raises(WireError, match="bits"):
        crossed(1 << 10_000)
    with pytest.raises(WireError, match="values"):
        crossed([0] * 300_000)


def test_objects_are_refused():
    for value in (object(), np.array([object()]), lambda: 1):
        with pytest.raises(WireError):
            crossed(value)


@pytest.mark.parametrize("key", [1j, np.complex128(1j), np.complex64(1j), 2**61 - 1])
def test_keys_of_which_thousands_could_collide_are_refused(key):
    with pytest.raises(WireError, match="keys"):
        crossed({key: 1})
    with pytest.raises(WireError, match="keys"):
        crossed({(1, key): 1})


FORGED = [
    [],
    [1, 2],
    {"a": 1, "b": 2},
    {"array": ["<f8", [2], 0]},
    {"array": ["<f8", [-1], 0]},
    {"array": ["<f8", [10**9, 10**9], 0]},
    {"array": ["O", [1], 0]},
    {"array": ["<f8", [1], -1]},
    {"array": ["<f8", [1], 7]},
    {"array": ["<f8", ["1"], 0]},
    {"array": "x"},
    {"tensor": [["<f8", [1], 0], "load"]},
    {"tensor": [["<f8", [1], 0], "__class__"]},
    {"bytes": 5},
    {"complex": ["a"]},
    {"dict": [[{"list": []}, 1]]},
    {"dict": 3},
    {"list": 3},
    {"library": "os:system"},
    {"callback": [0, "f"]},
    {"pickle": "gASVAAAA"},
]


@pytest.mark.parametrize("tree", FORGED, ids=lambda t: json.dumps(t)[:40])
def test_a_forged_message_is_an_error_and_nothing_else(tree):
    with pytest.raises(WireError):
        Decoder([b"\0" * 8], unknown).decode(tree)


def test_deep_messages_are_an_error():
    with pytest.raises(WireError):
        from_buffers([b"[" * 200_000])
    tree = 1
    for _ in range(MAX_DEPTH + 1):
        tree = {"list": [tree]}
    with pytest.raises(WireError):
        Decoder([], unknown).decode(tree)
    with pytest.raises(WireError):
        from_buffers([])
