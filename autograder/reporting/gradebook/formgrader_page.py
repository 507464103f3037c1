"""Formgrader's page of a submission: the mark scheme below each answer, and formulas without the network.

``nbgrader_config.py`` in a gradebook's folder calls :func:`configure`. The template that it names extends
nbgrader's own, both for formgrader and for ``nbgrader generate_feedback``, which has the same configuration: there, it
changes only where MathJax comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.errors import GradebookError
from autograder.reporting.markup import prose
from autograder.reporting.rubric import mark_schemes

SCHEMES = "mark_schemes.json"
_TEMPLATE = Path(__file__).with_name("formgrader_templates") / "with_mark_schemes.html.j2"
_MATHJAX = "sphinx-mathjax-offline"
# What nbconvert's macro ``mathjax`` begins and ends with; a template cannot put another in its place.
_FROM_NETWORK = re.compile("<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)


def configure(config: Any, folder: Path) -> None:
    """Set what formgrader's pages need.

    Args:
        config: nbgrader's configuration.
        folder: of the gradebook.
    """

    def mark_scheme(grade_id: str, assignment: str) -> str:
        return prose(_kept(folder).get(assignment, {}).get(grade_id, ""))

    config.HTMLExporter.template_file = str(_TEMPLATE)
    config.HTMLExporter.filters = {
        "mark_scheme": mark_scheme,
        "mathjax_script": lambda _: mathjax_script(),
        "without_network": without_network,
    }


def schemes_text(folder: Path, sources: Mapping[str, NotebookNode]) -> str:
    """The file of mark schemes: of these chapters, and of others as the folder holds them already."""
    found = {name: mark_schemes(source) for name, source in sources.items()}
    return json.dumps({**_kept(folder), **found}, indent=1, ensure_ascii=False) + "\n"


def _kept(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / SCHEMES
    kept: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return kept


def without_network(header: str, mathjax: str) -> str:
    """The head of a page with ``mathjax`` in place of what loads MathJax from another host.

    Raises:
        GradebookError: if the page loads it in a way that is not known here.
    """
    changed, count = _FROM_NETWORK.subn(lambda _: mathjax, header)
    if not count:
        raise GradebookError(
            "the installed nbconvert loads MathJax in another way than expected. Install the version in "
            "requirements.txt, or delete the line with `configure` in nbgrader_config.py: pages then need the network."
        )
    return changed


def mathjax_script() -> str:
    """MathJax with fonts, in one script.

    Raises:
        GradebookError: if the package that holds it is not installed.
    """
    try:
        files = distribution(_MATHJAX)
    except PackageNotFoundError as error:
        raise GradebookError(
            f"formgrader shows formulas with the package {_MATHJAX}: pip install {_MATHJAX}"
        ) from error
    return Path(str(files.locate_file(f"{_MATHJAX}/static/mathjax/tex-svg.js"))).read_text(encoding="utf-8")
