"""A test cell means over the wire what it means in a notebook: right answers pass, wrong ones fail, liars gain nothing."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.referee.examiner import Examiner
from tests.support.refereed import LocalChannel, execute_cell, failure_of
from tests.support.toy import meta

STACK = """
class Stack:
    '''Last in, first out.'''
    def __init__(self, items=()): self.items = list(items)
    def push(self, x): self.items.append(x); return self
    def __len__(self): return len(self.items)
    def __eq__(self, other): return isinstance(other, Stack) and self.items == other.items
    def __add__(self, other): return Stack(self.items + other.items)
    def __mul__(self, n): return Stack(self.items * n)
    __rmul__ = __mul__
    def __contains__(self, x): return x in self.items
    def __getitem__(self, at): return self.items[at]
    def __setitem__(self, at, value): self.items[at] = value
    def __lt__(self, other): return len(self) < len(other)
    def __repr__(self): return f"Stack({self.items})"
    def __iadd__(self, other): self.items += other.items; return self
    def __bool__(self): return bool(self.items)
    def __hash__(self): return hash(tuple(self.items))
    def __enter__(self): return self
    def __exit__(self, *error): self.items.clear()
"""
BASICS = """
import collections, dataclasses, enum, fractions
value = 3
def double(x):
    '''Twice x.'''
    return 2 * x
def shout(text):
    print(text.upper())
def ask():
    return int(input("How many? ")) + 1
def count():
    n = 0
    while True:
        yield n
        n += 1
def square(n): return n ** 2
def sum_of_squares(n): return sum(square(i) for i in range(1, n + 1))
def roll(): 
    import random
    return random.randint(1, 6)
def draw():
    import numpy
    return numpy.random.rand(2)
def sort_in_place(items): items.sort()
def scale(table, factor):
    for key in table: table[key] *= factor
class EmptyError(ValueError):
    def __init__(self, text, code=7):
        super().__init__(text)
        self.code = code
def pop(items):
    if not items: raise EmptyError("nothing there", 9)
    return items.pop()
def retry(function):
    try: return function()
    except KeyError: return "caught"
async def fetch(x):
    import asyncio
    await asyncio.sleep(0)
    return x + 1
Point = collections.namedtuple("Point", "x y")
def move(p): return Point(p.x + 1, p.y)
@dataclasses.dataclass
class Card:
    rank: int
    suit: str = "hearts"
def next_card(card): return Card(card.rank + 1, card.suit)
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
def favourite(): return Colour.RED
def half(x): return fractions.Fraction(x, 2)
def identity(f): return f
"""
CASES = {
    "rebinds a name": (BASICS, "value = value + 1\nassert value == 4"),
    "takes a function away and puts it back": (
        BASICS,
        "kept = square\ndel square\ntry:\n    sum_of_squares(2)\nexcept NameError:\n    pass\nelse:\n    raise AssertionError\n"
        "finally:\n    square = kept\nassert sum_of_squares(2) == 5",
    ),
    "puts a spy in the place of a helper": (
        BASICS,
        "calls = []\nkept = square\ndef square(n):\n    calls.append(n)\n    return 0\nsum_of_squares(3)\nsquare = kept\n"
        "assert calls == [1, 2, 3]",
    ),
    "a mock": (
        BASICS,
        "from unittest.mock import Mock\nkept, square = square, Mock(return_value=2)\nassert sum_of_squares(3) == 6\n"
        "assert square.call_count == 3\nsquare = kept",
    ),
    "augments": (BASICS, "value += 2\nassert value == 5"),
    "line magic": (BASICS, "%matplotlib inline\n%time y = double(2)\n!ls\nassert y == 4"),
    "cell magic": (BASICS, "%%time\nassert double(2) == 4"),
    "await": (BASICS, "assert await fetch(1) == 2\nimport asyncio\nassert await asyncio.gather(fetch(1), fetch(2)) == [2, 3]"),
    "asyncio.run": (BASICS, "import asyncio\nasyncio.get_event_loop_policy()\ncoroutine = fetch(4)\nassert asyncio.iscoroutine(coroutine)\nassert await coroutine == 5"),
    "display": (BASICS, "display(double(2))\nfrom IPython.display import display as show\nshow(1)"),
    "get_ipython": (BASICS, "colab = 'google.colab' in str(get_ipython())\nassert not colab and double(1) == 2"),
    "next": (BASICS, "g = count()\nassert [next(g), next(g)] == [0, 1]\nassert iter(g) is g"),
    "islice": (BASICS, "import itertools\nassert list(itertools.islice(count(), 3)) == [0, 1, 2]"),
    "generator is one": (BASICS, "import types, inspect\nassert isinstance(count(), types.GeneratorType)\nassert inspect.isgeneratorfunction(count)"),
    "namedtuple": (BASICS, "p = move(Point(1, y=2))\nassert p.x == 2 and p == (2, 2) and isinstance(p, Point)\nassert p._asdict() == {'x': 2, 'y': 2}\nassert move(p).x == 3"),
    "dataclass": (BASICS, "import dataclasses\nc = next_card(Card(3))\nassert c == Card(4, 'hearts') and c.rank == 4\nassert dataclasses.asdict(c) == {'rank': 4, 'suit': 'hearts'}\nassert isinstance(c, Card) and c != Card(5)"),
    "enum": (BASICS, "assert favourite() is Colour.RED and favourite() == Colour.RED != Colour.BLUE\nassert Colour.RED.value == 1 and len(Colour) == 2"),
    "fraction": (BASICS, "from fractions import Fraction\nassert half(3) == Fraction(3, 2)"),
    "own exception": (BASICS, "try:\n    pop([])\nexcept EmptyError as error:\n    assert error.code == 9 and str(error) == 'nothing there'\nelse:\n    raise AssertionError\nassert issubclass(EmptyError, ValueError)"),
    "pytest.raises": (BASICS, "import pytest\nwith pytest.raises(EmptyError, match='nothing'):\n    pop([])\nwith pytest.raises(TypeError) as caught:\n    double(None)\nassert 'unsupported' in str(caught.value)"),
    "an exception handed in": (BASICS, "def missing():\n    raise KeyError('k')\nassert retry(missing) == 'caught'"),
    "stdout": (BASICS, "import io, contextlib\nb = io.StringIO()\nwith contextlib.redirect_stdout(b):\n    shout('a')\n    print('b')\nassert b.getvalue() == 'A\\nb\\n'"),
    "stdout by hand": (BASICS, "import io, sys\nkept, sys.stdout = sys.stdout, io.StringIO()\nshout('a')\ntext, sys.stdout = sys.stdout.getvalue(), kept\nassert text == 'A\\n'"),
    "capture_output": (BASICS, "from IPython.utils.capture import capture_output\nwith capture_output() as c:\n    shout('a')\nassert c.stdout == 'A\\n'"),
    "input": (BASICS, "from unittest import mock\nwith mock.patch('builtins.input', lambda prompt: '4'):\n    assert ask() == 5"),
    "input from a list": (BASICS, "import builtins\nkept = builtins.input\nanswers = iter(['1', '2'])\nbuiltins.input = lambda _: next(answers)\nassert [ask(), ask()] == [2, 3]\nbuiltins.input = kept"),
    "print replaced": (BASICS, "from unittest.mock import patch\nwith patch('builtins.print') as p:\n    shout('a')\np.assert_called_once_with('A')"),
    "seeds": (BASICS, "import random, numpy as np\nrandom.seed(3)\na = roll()\nrandom.seed(3)\nassert a == random.randint(1, 6)\nnp.random.seed(1)\nb = draw()\nnp.random.seed(1)\nassert (b == np.random.rand(2)).all()"),
    "docstring": (BASICS, "assert double.__doc__ == 'Twice x.' and double.__name__ == 'double'"),
    "signature": (BASICS, "import inspect\nassert list(inspect.signature(double).parameters) == ['x']\nassert inspect.signature(pop).parameters['items'].default is inspect.Parameter.empty"),
    "source": (BASICS, "import inspect\nassert 'for i in' in inspect.getsource(sum_of_squares)"),
    "code": (BASICS, "assert 'Point' in move.__code__.co_names and double.__code__.co_argcount == 1"),
    "kinds": (BASICS, "import types, inspect\nassert callable(double) and isinstance(double, types.FunctionType) and inspect.isfunction(double)\nassert inspect.isclass(Card) and not inspect.isclass(double)\nassert type(value).__name__ == 'int'"),
    "globals": (BASICS, "assert 'double' in globals() and 'triple' not in globals()\nassert globals()['value'] == 3\nassert eval('double(2)') == 4"),
    "try a name": (BASICS, "try:\n    triple\nexcept NameError:\n    pass\nelse:\n    raise AssertionError"),
    "in place": (BASICS, "x = [3, 1, 2]\nsort_in_place(x)\nassert x == [1, 2, 3]\nt = {'a': 2}\nscale(t, 3)\nassert t == {'a': 6}"),
    "a function comes back": (BASICS, "def mine(): return 5\nassert identity(mine) is mine and identity(mine)() == 5"),
    "same object": (BASICS, "assert identity(double) is double and double == double and double != square"),
    "shadows a builtin": ("def sum(items):\n    return 42\ndef max(*_): return 7", "assert sum([1, 2]) == 42 and max(1) == 7"),
    "a library the answer imports": ("import math\nimport statistics as st\ndef area(r): return math.pi * r ** 2", "assert abs(area(1) - math.pi) < 1e-9 and st.mean([1, 3]) == 2"),
    "dunders": (STACK, "s = Stack()\ns.push(1)\nt = Stack([1])\nassert s == t and s != Stack([2]) and len(s) == 1 and s\nassert len(s + t) == 2 and (s * 3).items == [1, 1, 1] and (2 * s).items == [1, 1]\nassert 1 in s and 2 not in s\nassert s[0] == 1\ns[0] = 5\nassert s[0] == 5 and s.items == [5]\nassert Stack() < s and not Stack() and sorted([s, Stack()])[0] == Stack()"),
    "texts": (STACK, "s = Stack([1])\nassert str(s) == 'Stack([1])' == repr(s) and f'{s}' == 'Stack([1])'"),
    "in-place operator": (STACK, "s = kept = Stack([1])\ns += Stack([2])\nassert s is kept and s.items == [1, 2]"),
    "hash and set": (STACK, "assert len({Stack([1]), Stack([1]), Stack([2])}) == 2"),
    "context manager": (STACK, "with Stack([1]) as s:\n    assert len(s) == 1\nassert len(s) == 0"),
    "isinstance": (STACK, "s = Stack()\nassert isinstance(s, Stack) and isinstance(s, (int, Stack)) and type(s) == Stack\nassert not isinstance(3, Stack) and issubclass(Stack, object) and type(s).__name__ == 'Stack'"),
    "attributes": (STACK, "s = Stack()\ns.items = [1, 2]\nassert len(s) == 2 and hasattr(s, 'push') and not hasattr(s, 'pull')\nassert getattr(s, 'items') == [1, 2]\ns.extra = 3\ndel s.extra\nassert not hasattr(s, 'extra') and Stack.__doc__ == 'Last in, first out.'"),
    "plain operand": (STACK, "assert not (Stack([1]) == [1]) and Stack([1]) != 3"),
}  # fmt: skip


def examined(solution, *tests, given=""):
    """What each test cell makes of an answer, over the wire."""
    about = {"grade": True, "locked": True, "points": 1}
    cells = [new_code_cell(given, metadata=meta("setup", locked=True))]
    cells += [new_code_cell(solution, metadata=meta("answer", solution=True))]
    cells += [new_code_cell(test, metadata=meta(f"test-{at}", **about)) for at, test in enumerate(tests)]
    examiner = Examiner(new_notebook(cells=cells))
    return examiner, cells


def outcomes(solution, *tests, answer=None, given=""):
    examiner, cells = examined(solution, *tests, given=given)
    names = {"__name__": "__main__"}
    execute_cell(given, "setup", names)
    execute_cell(solution if answer is None else answer, "answer", names)
    channel = LocalChannel(names)
    return [failure_of(examiner.examine(cell, channel)) for cell in cells[2:]]


@pytest.mark.parametrize("case", CASES)
def test_a_right_answer_passes(case):
    assert outcomes(*CASES[case]) == [None]


@pytest.mark.parametrize("case", ["rebinds a name", "in place", "stdout", "namedtuple", "dataclass", "await", "seeds"])
def test_a_missing_answer_does_not(case):
    assert outcomes(*CASES[case], answer="pass") != [None]


def test_what_a_test_leaves_behind_is_there_for_the_next():
    first = "import math as m\ngot = double(3)\ndef close(a, b): return abs(a - b) < 1e-9\nvalue = 10\nmade = Card(1)"
    assert outcomes(BASICS, first, "assert close(got, 6) and value == 10 and m.pi > 3\nassert made.rank == 1") == [
        None,
        None,
    ]


def test_what_a_failed_test_would_have_left_is_not_taken_from_the_student():
    tests = ("assert double(1) == 3\nexpected = 6", "assert double(3) == expected")
    forged = "def double(x): return 0\nexpected = 0"
    failed = outcomes(BASICS, *tests, answer=forged)
    assert "AssertionError" in str(failed[0]) and "'expected' is not defined" in str(failed[1])


def test_a_name_that_a_test_binds_is_not_read_from_a_submission():
    test = "try:\n    got = double(4711)\nexcept Exception:\n    pass\nassert got == 9422"
    assert outcomes(BASICS, test) == [None]
    assert outcomes(BASICS, test, answer="got = 9422\ndef double(x): raise ValueError") != [None]


LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __mod__ = __pow__ = __sub__
    def __abs__(self): return 0.0
    def __contains__(self, other): return True
    def __float__(self): return 0.0
    def __iter__(self): return iter([Liar()])
    def __len__(self): return 1
    def __getitem__(self, index): return Liar()
    def __getattr__(self, name): return Liar()
    def __call__(self, *args): return Liar()
    def __bool__(self): return True
    __class__ = property(lambda self: float)
def double(x): return Liar()
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert double(3) == 6", "assert 6 == double(3)", "assert not double(3) != 6", "assert abs(double(3) - 6) < 1e-9",
        "assert double(3) - 6 == 0", "assert double(3) > 5", "assert 5 < double(3)", "assert double(3) in [6]",
        "assert 6 in double(3)", "assert double(3) + 1 == 7", "assert (double(3) % 4) == 2", "assert [double(3)] == [6]",
        "assert isinstance(double(3), float)", "import math\nassert math.isclose(double(3), 6)",
        "import numpy as np\nassert np.allclose(double(3), 6)", "import numpy as np\nnp.testing.assert_allclose(double(3), 6)",
        "import pytest\nassert double(3) == pytest.approx(6)", "assert {double(3)} == {6}", "assert double(3).real == 6",
        "import unittest\nunittest.TestCase().assertAlmostEqual(double(3), 6)", "assert max(double(3), 1) == 6",
    ],
)  # fmt: skip
def test_an_object_that_agrees_with_everything_earns_nothing(test):
    assert outcomes(BASICS, test) == [None] or "float" in test or ".real" in test or " in double" in test
    assert outcomes(BASICS, test, answer=LIAR) != [None]


def test_also_where_the_author_asks_for_a_class_with_operators():
    solution = STACK + "\ndef double(x): return 2 * x"
    tests = ("assert Stack([1]) == Stack([1])", "assert abs(double(3) - 6) < 1e-9 and double(3) == 6")
    assert outcomes(solution, *tests) == [None, None]
    assert outcomes(solution, *tests, answer=STACK + LIAR)[1] is not None


def test_a_student_cannot_choose_where_a_test_runs():
    examiner, cells = examined(BASICS, "assert double(1) == 2")
    cells[2].metadata["tags"] = ["in-kernel"]
    handed_in = cells[2].copy()
    cells[2].metadata["tags"] = []
    assert Examiner(new_notebook(cells=cells)).wants(handed_in)
