"""The README of a bundle: what a course's page for students says, as Markdown that any viewer shows.

The page ``book/for-students.md`` marks what belongs in it by comments, ``% README of the bundle: begin`` and ``end``:
both say the same. A course without such a page gets a few lines.
"""

from __future__ import annotations

import re

from autograder.course import Course

PAGE = "for-students.md"
_MARKED = re.compile(r"^% README of the bundle: begin$\n(.*?)^% README of the bundle: end$", re.M | re.S)
_COMMENT = re.compile(r"^%.*\n", re.M)
# Code, and links to what a bundle has not: other pages of the book, parts of the page that are not in the README.
_CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.M | re.S)
_ROLE = re.compile(r"\{\w+\}(?=`)")
_PAGE_LINK = re.compile(r"\[\]\(([\w./-]+)\.(?:md|html)\)")
_OTHER_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
_DEFINITION = re.compile(r"^(?P<term>\S.*)\n: (?P<text>.*)$", re.M)
_TITLE = "# {title}\n\nBegin with `{first}.ipynb`, once you have set up what it needs.\n\n"
_SHORT = """\
You need Python 3.11 or newer. In this folder:

    python -m venv .venv
    .venv/bin/pip install -r requirements.txt        (Windows: .venv\\Scripts\\pip)
    .venv/bin/jupyter lab

Before you hand in a notebook:

    .venv/bin/python -m autograder validate {first}.ipynb

With `--quick` it leaves out experiments. `python -m autograder progress` lists your points in all notebooks.
Hand in the `.ipynb` file under its original name. `python -m autograder doctor` shows what may be missing.
"""


def bundle_readme(course: Course, first: str) -> str:
    """The text of ``README.md`` in a bundle.

    Args:
        first: the name of the notebook to begin with.
    """
    page = course.root / "book" / PAGE
    marked = _MARKED.findall(page.read_text(encoding="utf-8")) if page.is_file() else []
    body = "\n\n".join(plain_markdown(part).strip() for part in marked) + "\n" if marked else _SHORT.format(first=first)
    return _TITLE.format(title=course.title, first=first) + body


def plain_markdown(text: str) -> str:
    """A page's text without what only the book can show: roles, comments, lists of definitions, links to other pages.

    Code is left as it is, but that IPython's is called Python's, which viewers know.
    """
    parts = _CODE.split(_ROLE.sub("", _DEFINITION.sub(r"- \g<term>: \g<text>", text)))
    # Every second part is code.
    parts[::2] = [_prose(part) for part in parts[::2]]
    return re.sub(r"^```ipython3$", "```python", "".join(parts), flags=re.M)


def _prose(text: str) -> str:
    linked = _PAGE_LINK.sub(r"the page *\1* of the book", _COMMENT.sub("", text))
    return _OTHER_LINK.sub(r"\1", linked)
