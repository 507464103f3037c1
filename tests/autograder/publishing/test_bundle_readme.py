import re

import pytest

from autograder.course import Course
from autograder.publishing.bundle_readme import bundle_readme, plain_markdown
from tests.conftest import ROOT
from tests.support.toy import NAME, toy_course

PAGE = """# For students

Not this.

% README of the bundle: begin

## Set up

Press {kbd}`Enter`, see [](notation.md), [the set](#other) and [a site](https://example.org/).

```ipython3
%pip install x  # [a](b.md)
```

% README of the bundle: end

Nor this.

% README of the bundle: begin
`NameError`
: Run the cell
  above.
% README of the bundle: end
"""


def test_the_marked_parts_of_the_page_for_students_are_the_readme(tmp_path):
    course = toy_course(tmp_path / "course")
    (course.root / "book").mkdir()
    (course.root / "book" / "for-students.md").write_text(PAGE)
    assert bundle_readme(course, NAME) == (
        f"# course\n\nBegin with `{NAME}.ipynb`, once you have set up what it needs.\n\n"
        "## Set up\n\nPress `Enter`, see the page *notation* of the book, the set and [a site](https://example.org/).\n\n"
        "```python\n%pip install x  # [a](b.md)\n```\n\n"
        "- `NameError`: Run the cell\n  above.\n"
    )


def test_a_course_without_such_a_page_says_how_to_begin(tmp_path):
    text = bundle_readme(toy_course(tmp_path / "course"), NAME)
    assert "pip install -r requirements.txt" in text and f"validate {NAME}.ipynb" in text


@pytest.mark.parametrize(
    "word", ["download.pytorch.org/whl/cpu", "VS Code", "Google Colab", "torchvision::nms", "doctor"]
)
def test_the_readme_of_this_course_has_what_its_page_says_about_installing(word):
    page = (ROOT / "book" / "for-students.md").read_text()
    readme = bundle_readme(Course(ROOT), "00_start_here")
    assert word in page and word in readme


def test_nothing_in_the_readme_of_this_course_needs_the_book_to_be_shown():
    readme = bundle_readme(Course(ROOT), "00_start_here")
    prose = re.sub(r"```.*?```", "", readme, flags=re.DOTALL)
    assert re.findall(r"^[%:].*|\{\w+\}`|\]\([^h].*?\)", prose, re.MULTILINE) == []
    # What pip is told is there line for line.
    commands = re.findall(r"^.*pip install .*$", (ROOT / "book" / "for-students.md").read_text(), re.MULTILINE)
    assert [line for line in commands if line not in readme] == []


def test_code_in_a_line_is_left_alone():
    assert plain_markdown("a `[x](y.md)` b") == "a `[x](y.md)` b"
