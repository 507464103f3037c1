"""A student's objects from the grader's side: what they can do, and what they cannot."""

import numpy as np
import pytest
import torch

from autograder.kernel.wire_limits import WireError
from autograder.referee.connection import Connection
from autograder.referee.library_paths import library_path
from autograder.referee.remote import Remote
from autograder.testing import student_side
from autograder.testing.connection import connected
from tests.support.refereed import LocalChannel

STUDENT = """
import numpy as np, torch

def double(x):
    return 2 * x

def apply(f, x):
    return f(x)

class Counter:
    step = 2
    def __init__(self, start=0):
        self.value = start
        self.array = np.arange(3.0)
    def increase(self):
        self.value += self.step
        return self
    def __getitem__(self, index):
        return ("item", index)
    def __len__(self):
        return 4
    def __iter__(self):
        yield from (1, Counter(5))

class Odd(ValueError):
    def __init__(self, text):
        super().__init__(text)

def fails(kind):
    raise {"odd": Odd("too odd"), "exit": SystemExit(3), "key": KeyError("k"), "base": GeneratorExit("g"),
           "unicode": UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")}[kind]

def draw(rng):
    return rng.random(2)

def drawn(generator):
    return torch.rand(2, generator=generator)

def changed(x):
    x[0] = 99
    return x

def warns(x):
    return np.log(x)

big = np.zeros((10**6, 50))
network = torch.nn.Linear(2, 1)
"""


@pytest.fixture
def student():
    names = {}
    exec(compile(STUDENT, "<ipython-input-student>", "exec"), names)
    connection = Connection(LocalChannel(names))

    def get(name):
        return connection.names([name])[name]

    get.connection = connection
    return get


def test_a_function_takes_and_gives_plain_data(student):
    double = student("double")
    assert isinstance(double, Remote) and callable(double) and double.__name__ == "double"
    assert double(3) == 6
    assert double("ab") == "abab"
    assert np.array_equal(double(np.arange(3)), [0, 2, 4])
    assert torch.equal(double(torch.ones(2)), 2 * torch.ones(2))


def test_an_object_stays_where_it_is(student):
    counter = student("Counter")(start=1)
    assert type(counter).__name__ == "Counter"
    assert counter.value == 1
    assert counter.increase().value == 3
    assert counter.array.tolist() == [0, 1, 2]
    assert counter[1:2] == ("item", slice(1, 2))
    assert len(counter) == 4
    first, second = counter
    assert (first, second.value) == (1, 5)
    with pytest.raises(AttributeError):
        _ = counter.missing
    assert not hasattr(counter, "__array__")


def test_an_argument_is_a_copy(student):
    mine = np.zeros(2)
    assert student("changed")(mine)[0] == 99
    assert mine[0] == 0


def test_library_functions_go_by_name_and_own_functions_are_called_back(student):
    apply = student("apply")
    assert apply(np.tanh, 0.5) == np.tanh(0.5)
    assert apply(torch.relu, torch.tensor([-1.0])).item() == 0
    assert apply(lambda x: x + 1, 4) == 5
    with pytest.raises(ZeroDivisionError):
        apply(lambda x: 1 / 0, 4)


def test_generators_go_by_their_state(student):
    rng, generator = np.random.default_rng(3), torch.Generator().manual_seed(4)
    assert np.array_equal(student("draw")(rng), np.random.default_rng(3).random(2))
    assert np.array_equal(student("draw")(np.random.Generator(np.random.MT19937(1))),
                          np.random.Generator(np.random.MT19937(1)).random(2))  # fmt: skip
    assert torch.equal(student("drawn")(generator), torch.rand(2, generator=torch.Generator().manual_seed(4)))


@pytest.mark.parametrize(
    ("kind", "error", "name"),
    [
        ("odd", ValueError, "Odd"),
        ("exit", SystemExit, "SystemExit"),
        ("key", KeyError, "KeyError"),
        ("unicode", UnicodeDecodeError, "UnicodeDecodeError"),
    ],
)
def test_an_exception_keeps_its_name_and_its_kind(student, kind, error, name):
    with pytest.raises(error) as raised:
        student("fails")(kind)
    assert type(raised.value).__name__ == name
    assert isinstance(str(raised.value), str)


def test_an_exception_beyond_exceptions_is_an_ordinary_one_here(student):
    with pytest.raises(RuntimeError):
        student("fails")("base")


def test_a_value_that_is_too_large_says_so(student):
    with pytest.raises(ValueError, match="MB"):
        student("big")


def test_things_beside_the_student_are_made_there(student):
    with connected(student.connection):
        network = student("network")
        optimizer = student_side.torch.optim.SGD(network.parameters(), lr=0.1)
        assert isinstance(optimizer, Remote)
        assert student_side.state_arrays(network)["weight"].shape == (1, 2)
        value, warned, _ = student_side.recorded_call(student("warns"), np.array([0.0]))
        assert np.isneginf(value[0]) and "divide" in warned[0]
        assert student_side.recorded_call(len, [1])[0] == 1
    assert student_side.torch is torch


def test_a_module_of_the_graders_does_not_cross(student):
    with pytest.raises(WireError):
        student("double")(object())


@pytest.mark.parametrize(
    ("value", "path"),
    [(np.tanh, "numpy:tanh"), (np.float64, "numpy:float64"), (torch.relu, "torch:relu"), (len, "builtins:len"),
     (torch.float32, "torch:float32"), (open, None), (lambda x: x, None), (3, None)],
)  # fmt: skip
def test_only_libraries_are_named(value, path):
    assert library_path(value) == path


class Forging:
    """A channel whose other side answers what it likes."""

    def __init__(self, answer, buffers=()):
        self.answer, self.buffers = answer, list(buffers)

    def request(self, content, buffers, on_callback):
        return self.answer, self.buffers


@pytest.mark.parametrize(
    "answer",
    [
        3, {}, [], {"value": {"handle": ["0", "A", None, True]}}, {"value": {"handle": [0]}}, {"error": 3},
        {"value": {"library": "os:system"}}, {"value": {"callback": [0, "f"]}}, {"error": ["A", ["int"], "t"]},
        {"error": ["A", ["BaseException"], "t"]}, {"error": [{}, [3], None, []]}, {"error": ["A", ["int"], "t", []]},
        {"error": ["A", ["OSError"], "t", 5]},
        {"value": {"numpy_generator": {}}},
    ],
)  # fmt: skip
def test_a_forged_answer_is_an_error_and_nothing_else(answer):
    with pytest.raises((WireError, RuntimeError)):
        Connection(Forging(answer)).ask("getattr", 1, name="x")


def test_a_handles_name_is_a_short_text():
    remote = Connection(Forging({"value": {"handle": [0, "A" * 10**6, "f" * 10**6, True]}})).ask("getattr", 1, name="x")
    assert len(type(remote).__name__) == len(remote.__name__) == 100
