"""Records, values of Python's library and tables cross as data; what is forged is refused."""

import collections
import dataclasses
import datetime
import enum
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograder.kernel.messages import from_buffers, to_buffers
from autograder.kernel.serialization import Decoder, Encoder
from autograder.kernel.wire_limits import WireError

Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass(frozen=True)
class Card:
    rank: int
    suits: list


@dataclasses.dataclass
class WithMethod:
    rank: int

    def better(self):
        return self.rank + 1


@dataclasses.dataclass
class WithEquality:
    rank: int

    def __eq__(self, other):
        return True


class Colour(enum.Enum):
    RED = 1


class Liar(Fraction):
    def __eq__(self, other):
        return True


def refuse(*value):
    raise WireError(f"{value}")


def crossed(value):
    encoder = Encoder(refuse)
    tree, buffers = from_buffers(to_buffers(encoder.encode(value), encoder.buffers))
    return Decoder(buffers, refuse).decode(tree)


@pytest.mark.parametrize(
    "value",
    [
        range(1, 9, 2), Fraction(1, 3), Decimal("1.50"), datetime.date(2024, 2, 29), datetime.timedelta(1, 2, 3),
        datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC), datetime.time(1, 2), Path("a/b"), frozenset({1}),
        bytearray(b"x"), collections.deque([1], maxlen=2), collections.Counter("aab"), collections.OrderedDict(a=1),
        {1: 2}.keys(), {1: 2}.items(), np.datetime64("2024-01-01"), np.timedelta64(3, "h"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_of_pythons_library_arrives_as_one(value):
    assert type(crossed(value)) is type(value) and crossed(value) == value


def test_arrays_of_times_and_of_objects():
    times = np.array(["2024-01-01", "NaT"], dtype="M8[D]")
    assert np.array_equal(crossed(times), times, equal_nan=True) and crossed(times).dtype == times.dtype
    mixed = np.array([[1, "a"], [None, Point(1, 2)]], dtype=object)
    assert crossed(mixed).tolist() == mixed.tolist()


def test_records_keep_their_fields():
    assert crossed(Point(1, [2])) == (1, [2]) and crossed(Point(1, 2)).x == 1
    card = crossed(Card(3, ["hearts"]))
    assert dataclasses.asdict(card) == {"rank": 3, "suits": ["hearts"]} and card == crossed(Card(3, ["hearts"]))
    with pytest.raises(dataclasses.FrozenInstanceError):
        card.rank = 4


@pytest.mark.parametrize("value", [WithMethod(1), WithEquality(1), Colour.RED, Liar(1, 2)], ids=repr)
def test_what_has_code_of_its_own_stays_where_it_is(value):
    with pytest.raises(WireError):
        crossed(value)


@pytest.mark.parametrize(
    "tree",
    [
        {"record": ["A", ["x"], [1, 2], [], None]}, {"record": ["A", ["x", "x"], [1, 2], [], None]},
        {"record": ["class", ["x"], [1], [], None]}, {"record": ["A", ["__x"], [1], [], None]},
        {"record": ["A", ["x=1"], [1], ["dataclass"], None]}, {"record": ["A", ["x"], [1], ["slots"], None]},
        {"record": ["A", "x", [1], [], None]}, {"record": 3}, {"fraction": {"list": [1, 0]}}, {"fraction": 3},
        {"decimal": "9" * 2000}, {"time": "os system"}, {"range": {"list": []}}, {"objects": {"list": [1, 2]}},
        {"counter": 3}, {"deque": {"list": []}}, {"pandas_frame": 3},
        {"pandas_index": {"list": [1, {"list": ["x", 1]}]}},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_value_is_refused(tree):
    with pytest.raises(WireError):
        Decoder([], refuse).decode(tree)
