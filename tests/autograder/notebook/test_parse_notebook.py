"""Whatever is in a file, it is read as a notebook that every later step can work with, or refused in words."""

import copy
import json
import random

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import NotebookError
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.json_shape import json_shape
from autograder.notebook.parse_notebook import parse_notebook
from autograder.notebook.personal_edition import named_students, personal_edition
from autograder.notebook.reconcile import reconcile
from tests.support.toy import KERNELSPEC, meta, toy_notebook


def submission():
    """A notebook as plain JSON, with a value in every field that a file may have."""
    tags = {"tags": ["a"], "jupyter": {"source_hidden": True}, "execution": {"iopub.status.busy": "x"}, "name": "n"}
    output = {"output_type": "stream", "name": "stdout", "text": ["x"]}
    code = {"cell_type": "code", "id": "a", "source": ["x = 1\n", "x"], "outputs": [output], "execution_count": 1}
    text = {"cell_type": "markdown", "id": "b", "source": "t", "attachments": {"a.png": {"image/png": "aGk="}}}
    cells = [
        {**code, "metadata": {**meta("double", solution=True), **tags, "collapsed": True, "scrolled": "auto"}},
        {**text, "metadata": {**meta("written-why", grade=True, solution=True, points=2), "format": "x"}},
        {"cell_type": "raw", "id": "c", "source": "r", "metadata": {}},
    ]
    about = {"kernelspec": dict(KERNELSPEC), "language_info": {"name": "python"}, "title": "x", "authors": [{}]}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}


def old_submission():
    cells = [{"cell_type": "code", "language": "python", "input": ["x"], "outputs": [], "metadata": {}, "collapsed": 0}]
    cells += [{"cell_type": "heading", "level": 1, "source": "t", "metadata": {}}]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def places(value, path=()):
    """Every place in a JSON value."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    result = copy.copy(value)
    result[path[0]] = replaced(value[path[0]], path[1:], new)
    return result


SOURCE = toy_notebook()
JUNK = [b"", b"\xff", b'"', b"[", b"{}", b"9" * 40, b"\\"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
MUTATED = st.sampled_from([submission(), old_submission()]).flatmap(
    lambda data: st.builds(replaced, st.just(data), st.sampled_from(list(places(data))), JSON)
)


def read(content):
    """Read a file and take it as far as it gets without a kernel; returns False where it is refused."""
    try:
        notebook = parse_notebook(content, "x.ipynb")
    except NotebookError:
        return False
    nbformat.validate(notebook)
    assert all(cell_info(cell).points >= 0 for cell in notebook.cells)
    named_students(notebook)
    reconciled = reconcile(personal_edition(notebook, "ada"), SOURCE).notebook
    nbformat.validate(reconciled)
    nbformat.writes(reconciled).encode("utf-8", "surrogatepass")
    assert list(by_grade_id(reconciled)) and len({cell.id for cell in reconciled.cells}) == len(reconciled.cells)
    return True


def as_file(data):
    return json.dumps(data).encode()


def damaged(seed):
    """The file with some of its bytes changed."""
    chance = random.Random(seed)
    content = bytearray(as_file(chance.choice([submission(), old_submission()])))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        content[at : at + chance.choice([0, 1, 1, 9])] = chance.choice(JUNK)
    return bytes(content)


@given(MUTATED)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_notebook_with_any_value_in_any_place_is_read_or_refused(data):
    read(as_file(data))


@given(st.integers(0, 10**9))
@settings(max_examples=150)
def test_a_damaged_file_is_read_or_refused(seed):
    read(damaged(seed))


@pytest.mark.thorough
@given(MUTATED, st.integers(0, 10**9))
@settings(max_examples=3_000, suppress_health_check=[HealthCheck.too_slow])
def test_any_file_is_read_or_refused(data, seed):
    read(as_file(data))
    read(damaged(seed))


def test_the_notebook_itself_is_read():
    assert read(as_file(submission())) and read(as_file(old_submission()))


@pytest.mark.parametrize(
    "field",
    [
        {"attachments": 1},
        {"attachments": [1]},
        {"attachments": {"a": 1}},
        {"attachments": {"a": {"image/png": {"b": 1}}}},
        {"id": 5},
        {"id": "a b"},
        {"metadata": "x"},
        {"metadata": {"tags": ["a", "a"]}},
        {"metadata": {"jupyter": 1}},
        {"source": {"a": 1}},
        {"surprise": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_a_field_of_the_wrong_kind_is_left_out_and_the_cell_stays(field, kind):
    data = submission()
    data["cells"].append({"cell_type": kind, "id": "z", "source": "last", "metadata": {}, **field})
    assert read(as_file(data))
    cell = parse_notebook(as_file(data), "x").cells[-1]
    assert cell.cell_type == kind and ("source" in field or cell.source == "last")


def test_what_is_right_stays():
    code, text, _ = parse_notebook(as_file(submission()), "x").cells
    assert (code.id, code.source, code.outputs) == ("a", "x = 1\nx", [])
    assert code.metadata.tags == ["a"] and code.metadata.nbgrader.grade_id == "double"
    assert text.attachments == {"a.png": {"image/png": "aGk="}}


def test_a_byte_order_mark_is_passed_over():
    assert read(b"\xef\xbb\xbf" + as_file(submission()))


def test_an_integer_of_any_length_is_read():
    content = as_file(submission()).replace(b'"points": 2', b'"points": ' + b"9" * 5_000)
    assert b"9999" in content and read(content)


def nested(depth):
    return b"[" * depth + b"]" * depth


LARGE = {
    "values": b'{"x": [' + b"{}," * 2_000_000 + b"{}]}",
    "depth": b'{"x": ' + nested(100_000) + b"}",
    "depth-that-never-ends": b"[" * 2_000_000,
    "quotation-marks": b'{"x": "' + rb"\"" * 2_000_000,
    "cells": as_file({**submission(), "cells": submission()["cells"] * 2_000}),
    "old-cells": as_file({**old_submission(), "x": [0] * 60_000}),
}


@pytest.mark.parametrize("content", LARGE.values(), ids=LARGE)
def test_a_file_that_would_cost_too_much_is_refused_with_its_size(content):
    with pytest.raises(NotebookError, match=r"expected|complete"):
        parse_notebook(content, "x.ipynb")


def test_metadata_that_are_too_large_are_left_out_but_for_those_that_count():
    data = submission()
    data["cells"][0]["metadata"]["x"] = [[0] * 1_000] * 100
    data["metadata"]["widgets"] = ["x" * 1_000] * 1_000
    notebook = parse_notebook(as_file(data), "x")
    assert notebook.cells[0].metadata == {"nbgrader": submission()["cells"][0]["metadata"]["nbgrader"]}
    assert set(notebook.metadata) == {"kernelspec"}


@given(JSON)
def test_the_shape_of_json_is_found_without_reading_it(value):
    def depth(item):
        parts = [*item.values()] if isinstance(item, dict) else item if isinstance(item, list) else None
        return 0 if parts is None else 1 + max(map(depth, parts), default=0)

    def values(item):
        parts = [*item, *item.values()] if isinstance(item, dict) else item if isinstance(item, list) else []
        return 1 + sum(map(values, parts))

    shape = json_shape(json.dumps(value).encode())
    assert shape.depth == depth(value)
    assert values(value) <= shape.values <= 2 * values(value) + 1
