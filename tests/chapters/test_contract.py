"""Every chapter keeps the course's contract: names, signatures, points, metadata, hygiene."""

import ast
import re

import nbformat
import pytest

from autograder.notebook.cells import by_grade_id, cell_info, hidden_lines
from tests.conftest import ROOT
from tests.support.api import METHODS, SIGNATURES, WRITTEN

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
TEST_ID = re.compile(r"^test-(.+?)(?:-\d)?$")


def chapter(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def definitions(source):
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def assigned(source):
    return {
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def spelled(signature_text):
    """A signature as ast spells it, so that spaces and number formats do not matter."""
    return ast.unparse(ast.parse(f"def {signature_text}: ...").body[0].args)


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_are_clean(name):
    notebook = chapter(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


@pytest.mark.parametrize("name", NAMES)
def test_metadata_is_nbgraders_schema_3(name):
    cells = [cell for cell in chapter(name).cells if "nbgrader" in cell.metadata]
    assert {cell.metadata.nbgrader.schema_version for cell in cells} == {3}
    grade_ids = [cell_info(cell).grade_id for cell in cells]
    assert len(set(grade_ids)) == len(grade_ids)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("00")])
def test_a_chapter_has_100_points(name):
    assert sum(cell_info(cell).points for cell in chapter(name).cells) == 100


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_exercises_have_the_agreed_names_and_signatures(name):
    cells = by_grade_id(chapter(name))
    for grade_id, expected in SIGNATURES[name].items():
        if "(" not in expected:
            assert set(expected.split(", ")) <= assigned(cells[grade_id].source)
            continue
        wanted = expected.partition("(")[0]
        node = definitions(cells[grade_id].source)[wanted]
        if isinstance(node, ast.ClassDef):
            methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
            assert ast.unparse(methods["__init__"].args) == ", ".join(filter(None, ("self", spelled(expected))))
            for method in METHODS[name, grade_id]:
                assert ast.unparse(methods[method.partition("(")[0]].args) == spelled(method)
        else:
            assert ast.unparse(node.args) == spelled(expected)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_a_chapter_has_the_agreed_exercises_and_no_other(name):
    cells = [cell_info(cell) for cell in chapter(name).cells]
    assert {c.grade_id for c in cells if c.kind == "solution"} == set(SIGNATURES[name])
    assert {c.grade_id for c in cells if c.kind == "manual"} == set(WRITTEN[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_a_test_and_every_test_an_exercise(name):
    cells = [cell_info(cell) for cell in chapter(name).cells]
    exercises = {c.grade_id for c in cells if c.kind == "solution"}
    tested = {TEST_ID.match(c.grade_id)[1] for c in cells if c.kind == "test"}
    assert tested == exercises


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("00")])
def test_every_test_cell_has_a_visible_and_a_hidden_part(name):
    for cell in chapter(name).cells:
        if cell_info(cell).kind == "test":
            hidden = hidden_lines(cell.source)
            assert hidden, f"{cell_info(cell).grade_id} has no hidden test"
            assert cell.source.splitlines()[0].strip() not in hidden


@pytest.mark.parametrize("name", NAMES)
def test_written_questions_have_a_mark_scheme_that_adds_up(name):
    for cell in chapter(name).cells:
        if cell_info(cell).kind == "manual":
            _, _, scheme = cell.source.partition("BEGIN MARK SCHEME")
            points = [float(p) for p in re.findall(r"^- (\d+(?:\.\d+)?) points?:", scheme, re.MULTILINE)]
            assert sum(points) == cell_info(cell).points, f"{cell_info(cell).grade_id}: {points}"


@pytest.mark.parametrize("name", NAMES)
def test_figures_have_alternative_texts_and_captions(name):
    for cell in chapter(name).cells:
        if "plt.show()" in cell.source and cell_info(cell).kind == "other":
            about = cell.metadata.get("mystnb", {})
            assert len(about.get("image", {}).get("alt", "")) > 40, cell.id
            assert len(about.get("figure", {}).get("caption", "")) > 20, cell.id
            assert about["figure"].get("name", "").startswith("fig-"), cell.id


@pytest.mark.parametrize("name", NAMES)
def test_cells_fit_a_screen(name):
    for cell in chapter(name).cells:
        if cell.cell_type == "code" and cell_info(cell).kind in ("other", "given"):
            assert cell.source.count("\n") < 40, cell.id
