import pytest

from autograder.errors import CourseError
from autograder.wrong_answers import load_wrong_answers

TWO = """\
# %% grade_id="a" mistake="slip" fails=["test-a", "test-b"]
x = 1


def f():
    return x


# %% grade_id="b-c" mistake="other-slip" fails=["test-c"]
y = 2
"""


@pytest.fixture
def read(tmp_path):
    def written(text):
        (tmp_path / "01_toy.py").write_text(text)
        return load_wrong_answers(tmp_path, "01_toy")

    return written


def test_answers_are_read_in_order_with_their_source(read):
    first, second = read(TWO)
    assert (first.grade_id, first.mistake, first.fails) == ("a", "slip", ("test-a", "test-b"))
    assert first.source == "x = 1\n\n\ndef f():\n    return x\n"
    assert (second.grade_id, second.source) == ("b-c", "y = 2\n")


@pytest.mark.parametrize(
    "header",
    [
        '# %% mistake="slip" fails=["test-a"]',
        '# %% grade_id="a" fails=["test-a"]',
        '# %% grade_id="a" mistake="slip"',
        '# %% grade_id="a" mistake="slip" fails=[]',
        '# %% grade_id="a" mistake="a slip" fails=["test-a"]',
        '# %% grade_id="a" mistake="slip" fails="test-a"',
    ],
)
def test_a_header_that_does_not_say_all_is_refused(read, header):
    with pytest.raises(CourseError, match="'x = 1' does not say which answer it is"):
        read(f"{header}\nx = 1\n")


def test_text_cells_are_no_answers(read):
    assert len(read(f"# %% [markdown]\n# A word on these.\n\n{TWO}")) == 2


def test_a_chapter_without_a_file_has_none(tmp_path):
    assert load_wrong_answers(tmp_path, "99_nothing") == []
