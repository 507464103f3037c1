"""What is said about a returned value of the wrong form."""

import numpy as np
import pytest

from autograder.testing import CheckFailed, arrays, entries, instance, network, numbers, scalar, unpacked

READERS = {
    "unpacked": lambda got: unpacked(got, 2, "f(x)", "a pair"),
    "entries": lambda got: entries(got, ["name"], "f(x)"),
    "arrays": lambda got: arrays(got, "f(x)"),
    "scalar": lambda got: scalar(got, "f(x)"),
    "numbers": lambda got: numbers(got, "f(x)"),
    "network": lambda got: network(got, "f(x)"),
    "instance": lambda got: instance(got, "f(x)", "a model", "train"),
}


@pytest.mark.parametrize("reader", READERS)
def test_none_is_a_forgotten_return(reader):
    with pytest.raises(CheckFailed, match=r"f\(x\) is None; expected") as failure:
        READERS[reader](None)
    assert failure.value.mistake == "no-return"


@pytest.mark.parametrize("reader", READERS)
def test_a_value_of_another_form_is_named_by_its_type(reader):
    with pytest.raises(CheckFailed, match=r"f\(x\) is an object; expected"):
        READERS[reader](object())


@pytest.mark.parametrize(
    ("reader", "got", "message"),
    [
        ("unpacked", (1, 2, 3), "has 3 part"),
        ("entries", {"nmae": 1}, "has no entry 'name'"),
        ("arrays", [[[1.0], [2.0, 3.0]]], "something else than arrays"),
        ("numbers", [1.0, [2.0]], "entry 1 of .* is a list; expected a number"),
        ("numbers", "12", "is a str; expected a list"),
        ("scalar", np.array([1j, 2]), "is an ndarray; expected a number"),
    ],
)
def test_a_wrong_part_is_named(reader, got, message):
    with pytest.raises(CheckFailed, match=message):
        READERS[reader](got)


def test_right_forms_pass():
    assert unpacked([1, 2], 2, "f(x)", "a pair") == [1, 2]
    assert entries({"name": 1}, ["name"], "f(x)") == {"name": 1}
    assert [part.shape for part in arrays(([1, 2], np.eye(2)), "f(x)")] == [(2,), (2, 2)]
    assert numbers(np.array([1, 2]), "f(x)").tolist() == [1.0, 2.0]
    assert scalar(np.float32(0.5), "f(x)") == 0.5
