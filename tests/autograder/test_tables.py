import pytest

from autograder.errors import CourseError
from autograder.tables import read_table


def test_named_columns_are_read_in_any_order_without_blank_lines(tmp_path):
    (tmp_path / "t.csv").write_text("\ufeffb, a ,c\n2, 1 ,3\n\n5,4\n", encoding="utf-8")
    assert read_table(tmp_path / "t.csv", ("a", "b"), CourseError) == [
        (2, {"a": "1", "b": "2"}),
        (4, {"a": "4", "b": "5"}),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1: has the columns"),
        (b"a,c\n", "expected a, b"),
        (b"a,b\n1,2,3\n", "line 2: has more values"),
        (b'a,b\n"1,2\n', "line 2: unexpected end of data"),
        (b"a,b\n\xff,2\n", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(tmp_path, content, words):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(CourseError, match=words):
        read_table(tmp_path / "t.csv", ("a", "b"), CourseError)
