"""A test cell means over the wire what it means in a notebook: right answers pass, wrong ones fail, liars do, too."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.referee.examiner import Examiner
from tests.support.idioms import examined, outcomes, read_idioms
from tests.support.refereed import LocalChannel, execute_cell, failure_of
from tests.support.toy import meta

ANSWERS, CASES = read_idioms("idioms.txt")
BASICS, STACK = ANSWERS["basics"], ANSWERS["stack"]


@pytest.mark.parametrize("case", CASES)
def test_a_right_answer_passes(case):
    assert outcomes(*CASES[case]) == [None]


@pytest.mark.parametrize(
    "case",
    [
        "rebinds a name", "in place", "stdout", "namedtuple", "dataclass", "await", "seeds",
        "axes that a function returns", "the current figure", "half of a figure",
        "expressions",
    ],
)  # fmt: skip
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
        "assert double(3) == 6",
        "assert 6 == double(3)",
        "assert not double(3) != 6",
        "assert abs(double(3) - 6) < 1e-9",
        "assert double(3) - 6 == 0",
        "assert double(3) > 5",
        "assert 5 < double(3)",
        "assert double(3) in [6]",
        "assert 6 in double(3)",
        "assert double(3) + 1 == 7",
        "assert (double(3) % 4) == 2",
        "assert [double(3)] == [6]",
        "assert isinstance(double(3), float)",
        "import math\nassert math.isclose(double(3), 6)",
        "import numpy as np\nassert np.allclose(double(3), 6)",
        "import numpy as np\nnp.testing.assert_allclose(double(3), 6)",
        "import pytest\nassert double(3) == pytest.approx(6)",
        "assert {double(3)} == {6}",
        "assert double(3).real == 6",
        "import unittest\nunittest.TestCase().assertAlmostEqual(double(3), 6)",
        "assert max(double(3), 1) == 6",
    ],
)
def test_an_object_that_agrees_with_everything_earns_nothing(test):
    assert outcomes(BASICS, test) == [None] or "float" in test or ".real" in test or " in double" in test
    assert outcomes(BASICS, test, answer=LIAR) != [None]


def test_also_where_the_author_asks_for_a_class_with_operators():
    solution = STACK + "\ndef double(x): return 2 * x"
    tests = ("assert Stack([1]) == Stack([1])", "assert abs(double(3) - 6) < 1e-9 and double(3) == 6")
    assert outcomes(solution, *tests) == [None, None]
    assert outcomes(solution, *tests, answer=STACK + LIAR)[1] is not None


def test_a_student_cannot_choose_where_a_test_runs():
    _, cells = examined(BASICS, "assert double(1) == 2")
    cells[2].metadata["tags"] = ["in-kernel"]
    handed_in = cells[2].copy()
    cells[2].metadata["tags"] = []
    assert Examiner(new_notebook(cells=cells)).wants(handed_in)


def test_what_a_visible_test_defines_is_there_for_the_cells_after_it():
    about = {"grade": True, "locked": True, "points": 1}
    hidden = "\n### BEGIN HIDDEN TESTS\nsecret = 4711\n### END HIDDEN TESTS"
    first = "import math\nlimit = 3\ndef helper(x): return x + 1\nassert double(1) == 2" + hidden
    later = "later = math.floor(2.5) + limit + helper(1)\nsecret_too = 'secret' in globals()"
    cells = [
        new_code_cell(BASICS, metadata=meta("answer", solution=True)),
        new_code_cell(first, metadata=meta("test-1", **about)),
        new_code_cell(later + "\nsecret", metadata=meta("answer-2", solution=True)),
        new_code_cell("assert later == 7 and not secret_too", metadata=meta("test-2", **about)),
    ]
    names = {"__name__": "__main__"}
    examiner, channel = Examiner(new_notebook(cells=cells)), LocalChannel(names)
    execute_cell(BASICS, "answer", names)
    assert failure_of(examiner.examine(cells[1], channel)) is None
    execute_cell(later, "answer-2", names)
    assert failure_of(examiner.examine(cells[3], channel)) is None


def test_a_library_that_an_unlocked_cell_imports_is_the_referees_own():
    about = {"grade": True, "locked": True, "points": 1}
    cells = [
        new_code_cell("import math\nfrom statistics import *"),
        new_code_cell("def double(x): return 2 * x", metadata=meta("answer", solution=True)),
        new_code_cell("assert math.isclose(double(2), 4) and mean([1, 3]) == 2", metadata=meta("test-1", **about)),
    ]
    forged = "class math:\n    isclose = lambda *_: True\ndef mean(x): return 2\ndef double(x): return 0"
    for answer, passes in (("def double(x): return 2 * x", True), (forged, False)):
        names = {"__name__": "__main__"}
        execute_cell(answer, "answer", names)
        assert (
            failure_of(Examiner(new_notebook(cells=cells)).examine(cells[2], LocalChannel(names))) is None
        ) is passes


def test_a_figure_of_one_test_is_not_the_current_one_of_the_next():
    tests = ("plt.close('all')\ndraw([1])\nassert len(plt.get_fignums()) == 1", "assert plt.get_fignums() == []")
    assert outcomes(ANSWERS["drawing"], *tests) == [None, None]


def test_a_test_that_does_not_ask_for_the_current_figure_has_its_own():
    examiner, cells = examined(ANSWERS["drawing"], "fig = plt.figure()\nassert type(fig) is plt.Figure")
    names = {"__name__": "__main__"}
    execute_cell(ANSWERS["drawing"], "answer", names)
    assert failure_of(examiner.examine(cells[2], LocalChannel(names))) is None
    assert examiner.words["test-0"] == ()
