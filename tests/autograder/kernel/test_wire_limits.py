"""What comes over the wire is bounded for each message and for each test cell, whatever it is."""

import json
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.kernel.messages import from_buffers
from autograder.kernel.serialization import Decoder
from autograder.kernel.wire_limits import MAX_KEY_PARTS, MAX_TUPLE_KEYS, Allowance, WireError, for_a_test_cell


def unknown(kind, content):
    raise WireError(kind)


def decoded(tree, *buffers, of_cell=None):
    return Decoder(buffers, unknown, of_cell).decode(tree)


def tuples(number, parts=2):
    return [{"tuple": [index] * parts} for index in range(number)]


def test_few_tuples_may_be_keys_and_many_may_not():
    assert len(decoded({"set": tuples(MAX_TUPLE_KEYS)})) == MAX_TUPLE_KEYS
    with pytest.raises(WireError, match="tuples"):
        decoded({"set": tuples(MAX_TUPLE_KEYS + 1)})
    with pytest.raises(WireError, match="tuples"):
        decoded({"list": [{"set": tuples(600)}, {"dict": [[key, 0] for key in tuples(600)]}]})
    with pytest.raises(WireError, match="short"):
        decoded({"set": tuples(1, MAX_KEY_PARTS + 1)})
    with pytest.raises(WireError, match="short"):
        decoded({"set": [{"tuple": tuples(MAX_KEY_PARTS, 2)}]})


def test_pairs_that_collide_cost_little_time():
    # hash(-1) is hash(-2): of sixteen parts 65 536 tuples have one hash.
    keys = [{"tuple": [-1 - (number >> bit & 1) for bit in range(16)]} for number in range(MAX_TUPLE_KEYS)]
    assert len({hash(tuple(key["tuple"])) for key in keys}) == 1
    begin = time.process_time()
    assert len(decoded({"set": keys})) == MAX_TUPLE_KEYS
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("kind", ["<f16", ">f16", "<c32", "<c16", "<c8"])
def test_numbers_of_which_thousands_have_one_hash_are_no_keys(kind):
    with pytest.raises(WireError):
        decoded({"set": [{"scalar": [kind, [], 0]}]}, np.ones((), kind).tobytes())


@pytest.mark.parametrize("kind", ["<f8", "<f4", "<f2", "<i8", "<u1", "<U3"])
def test_numbers_and_texts_of_numpy_may_be_keys(kind):
    assert len(decoded({"dict": [[{"scalar": [kind, [], 0]}, 1]]}, np.ones((), kind).tobytes())) == 1


def test_a_buffer_counts_each_time_that_it_is_referred_to():
    with pytest.raises(WireError, match="bytes"):
        decoded({"list": [{"bytes": 0}] * 300}, bytes(1_000_000))
    with pytest.raises(WireError, match="bytes"):
        decoded({"list": [{"array": ["|u1", [1_000_000], 0]}] * 300}, bytes(1_000_000))


def test_a_tensor_arrives_no_larger_than_it_was_sent():
    with pytest.raises(WireError, match="dtype"):
        decoded({"tensor": [["|u1", [8], 0], "complex128"]}, bytes(8))
    assert decoded({"tensor": [["<f4", [2], 0], "bfloat16"]}, bytes(8)).dtype is torch.bfloat16


@pytest.mark.parametrize("kind", ["float99", "Tensor", "load", "__class__", "", "float16 ", 5, None, [], {}])
def test_an_unknown_dtype_is_a_wire_error(kind):
    with pytest.raises(WireError):
        decoded({"tensor": [["<f4", [2], 0], kind]}, bytes(8))


@pytest.mark.parametrize("shape", [[10**9, 0], [0, 10**9], [10**5, 0, 10**5], [0, 10**30]])
def test_an_empty_array_has_few_rows(shape):
    with pytest.raises(WireError):
        decoded({"array": ["<f8", shape, 0]}, b"")


def test_an_empty_array_may_have_some():
    assert decoded({"array": ["<f8", [0, 784], 0]}, b"").shape == (0, 784)


def test_what_many_messages_of_one_cell_bring_is_bounded_together():
    cell, messages = for_a_test_cell(), 0
    with pytest.raises(WireError, match="a test cell brings more bytes"):
        while True:
            decoded({"bytes": 0}, bytes(200_000_000), of_cell=cell)
            messages += 1
    assert 3 <= messages <= 10
    with pytest.raises(WireError):
        decoded({"bytes": 0}, b"", of_cell=cell)


def test_an_allowance_says_what_ran_out():
    allowance = Allowance(nodes=1, size=1, keys=1, tuple_keys=1)
    allowance.take(nodes=1, size=1, keys=1, tuple_keys=1)
    for name, word in (("nodes", "values"), ("size", "bytes"), ("keys", "keys"), ("tuple_keys", "tuples")):
        with pytest.raises(WireError, match=word):
            Allowance(**{"nodes": 1, "size": 1, "keys": 1, "tuple_keys": 1, name: 0}).take(**{name: 1})


KINDS = ["complex", "bytes", "array", "scalar", "tensor", "list", "tuple", "set", "dict", "slice", "ellipsis", "odd"]
DTYPES = ["<f8", "<f4", ">i2", "|u1", "|b1", "<c8", "<f16", "<U2", "<f3", "|O", "float32", "bfloat16", "qint8", "bits8"]
BUFFERS = (b"", bytes(8), bytes(range(64)), b"\xff" * 32)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 70)
    | st.integers(-(10**1300), 10**1300)
    | st.floats()
    | st.text(st.characters(), max_size=4)
    | st.sampled_from(DTYPES)
)
ARRAYS = st.tuples(st.sampled_from(DTYPES), st.lists(st.integers(0, 9), max_size=3), st.integers(0, 4)).map(list)
TREES = st.recursive(
    LEAVES | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(lambda kind, content: {kind: content}, st.sampled_from(KINDS), inner | st.lists(inner, max_size=3))
        | st.builds(lambda array, kind: {"tensor": [array, kind]}, ARRAYS, st.sampled_from(DTYPES))
    ),
    max_leaves=20,
)


def read(tree):
    """Decode a message as it would come; whatever it is, nothing else is raised than what stands for a bad message."""
    try:
        Decoder(BUFFERS, unknown, for_a_test_cell()).decode(from_buffers([json.dumps(tree).encode()])[0])
    except WireError:
        return


@given(TREES)
@settings(max_examples=300)
def test_any_tree_is_decoded_or_a_wire_error(tree):
    read(tree)


@given(st.binary(max_size=40))
@settings(max_examples=300)
def test_any_bytes_are_a_message_or_a_wire_error(content):
    try:
        from_buffers([content])
    except WireError:
        return


@pytest.mark.thorough
@given(TREES)
@settings(max_examples=10_000)
def test_any_of_very_many_trees_is_decoded_or_a_wire_error(tree):
    read(tree)
