"""Links that open a chapter in Colab or Binder, for whoever has published the student bundle on GitHub."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course import Course
from autograder.errors import CourseError
from autograder.notebook.released_cells import COLAB_SETUP

_GITHUB = re.compile(r"https://github\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?")
_BRANCH = re.compile(r"[\w./-]+")


@dataclass(frozen=True)
class Repository:
    """A GitHub repository whose top folder is what ``autograder release`` wrote.

    Attributes:
        owner: the account.
        name: the repository.
        branch: the branch, or a tag.
    """

    owner: str
    name: str
    branch: str = "main"


def course_repository(course: Course) -> Repository | None:
    """The repository that the ``_config.yml`` of a course names; None where it names none, or there is no such file.

    Raises:
        CourseError: as :func:`configured_repository` does.
    """
    path = course.root / "_config.yml"
    return configured_repository(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else None


def configured_repository(config: Mapping[str, Any]) -> Repository | None:
    """The repository that ``repository: {url, branch}`` in a parsed ``_config.yml`` names; None where there is no url.

    Raises:
        CourseError: if the url is not that of a GitHub repository, since Colab opens nothing else, or if the branch
            cannot be one.
    """
    setting = config.get("repository") or {}
    url, branch = str(setting.get("url") or ""), str(setting.get("branch") or "main")
    if not url:
        return None
    match = _GITHUB.fullmatch(url)
    if match is None:
        raise CourseError(
            f"_config.yml: repository.url is {url!r}. Expected https://github.com/OWNER/NAME, the repository "
            "that holds the student bundle; leave it empty for a book without launch links."
        )
    if not _BRANCH.fullmatch(branch):
        raise CourseError(f"_config.yml: repository.branch is {branch!r}. Expected the name of a branch, such as main.")
    return Repository(match["owner"], match["name"], branch)


def launch_links(repository: Repository, chapter: str) -> str:
    """Markdown links that open the student notebook of a chapter in Colab and in Binder."""
    where, file = f"{repository.owner}/{repository.name}", f"{chapter}.ipynb"
    colab = f"https://colab.research.google.com/github/{where}/blob/{repository.branch}/{file}"
    binder = f"https://mybinder.org/v2/gh/{where}/{repository.branch.replace('/', '%2F')}?labpath={file}"
    return f"[Open in Colab]({colab}), [open in Binder]({binder})."


def with_colab_setup(notebook: NotebookNode, repository: Repository) -> NotebookNode:
    """A copy of a student notebook with a cell after the title that fetches the rest of the bundle in Colab.

    Colab opens a notebook without the files next to it, and the notebook imports the helper package. Of the
    requirements, only those are installed that Colab has in no version. Elsewhere the cell does nothing. Binder needs
    no such cell: it copies the repository and installs its ``requirements.txt``.
    """
    address = f"https://github.com/{repository.owner}/{repository.name}.git"
    source = f"""\
# In Google Colab, this cell fetches the helper package and installs what is missing. Elsewhere it does nothing.
import sys

if "google.colab" in sys.modules:
    !git clone --quiet --depth 1 --branch {repository.branch} {address} /content/course
    %cd -q /content/course
    # What is there stays: Colab runs on the IPython that it has.
    !python -m autograder.missing_requirements requirements.txt > /content/missing.txt
    %pip install --quiet -r /content/missing.txt"""
    result = copy.deepcopy(notebook)
    result.cells.insert(1, new_code_cell(source, id=COLAB_SETUP))
    return result
