"""nbgrader's pages with what `nbgrader_config.py` of a gradebook sets."""

import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions import formgrader

from autograder.errors import GradebookError
from autograder.reporting.gradebook.course_folder import notebook_path
from autograder.reporting.gradebook.formgrader_page import configure, without_network
from tests.support.graded import result
from tests.support.toy import NAME


def test_nbgraders_feedback_page_shows_formulas_without_the_network_and_no_mark_scheme(book):
    book.write(result("ada"))
    config = HTMLExporter().config
    configure(config, book.folder)
    config.HTMLExporter.template_name = "feedback"
    config.HTMLExporter.extra_template_basedirs = [str(Path(formgrader.__file__).with_name("templates"))]
    config.HTMLExporter.extra_template_paths = [
        str(Path(formgrader.__file__).parent / "static/node_modules/bootstrap/dist/css")
    ]
    notebook = nbformat.read(notebook_path(book.folder, "ada", NAME), as_version=4)
    for cell in notebook.cells:
        # What nbgrader reads from the database.
        cell.metadata.setdefault("nbgrader", {}).update(score=1, comment="Since $x^2$.")
    about = {"notebook": NAME, "score": 8, "max_score": 10, "student": "ada", "late_penalty": 0}
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook, {"nbgrader": about})
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=[\"']?(?:https?:)?//[^>]*>", page) == []
    assert "cdnjs" not in page
    assert 'inlineMath: [["$", "$"]' in page and len(page) > 1_000_000
    assert "mark-scheme" not in page


def test_another_nbconvert_that_loads_mathjax_otherwise_is_refused():
    with pytest.raises(GradebookError, match="loads MathJax in another way"):
        without_network('<script src="https://elsewhere.example/mathjax.js"></script>', "<script></script>")
