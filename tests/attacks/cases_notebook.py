"""Attacks by the file itself: edited, torn, huge or odd notebooks."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.notebook.cells import by_grade_id, cell_info
from tests.attacks.support import FULL, SQUARE, Attack

_NOTHING = dict.fromkeys(FULL, 0.0)
_WRONG = "def square(x):\n    return 0.0"


def _edited(
    name: str, edit: Callable[[NotebookNode, dict[str, NotebookNode]], None], *flags: str, **more: object
) -> Attack:
    """The answer to ``square`` is wrong, and an edit of the notebook is to make up for it."""

    def make(notebook: NotebookNode) -> NotebookNode:
        cells = by_grade_id(notebook)
        cells["square"].source = _WRONG
        edit(notebook, cells)
        return notebook

    return Attack(
        name, make=make, flags=None if more.pop("any_flags", False) else frozenset(flags), silent=True, **more
    )  # type: ignore[arg-type]


def _file(name: str, content: Callable[[NotebookNode], NotebookNode | str | bytes], flag: str) -> Attack:
    return Attack(name, make=content, points=_NOTHING, flags=frozenset({flag}), fault="", silent=True)


def _set(path: str, value: object) -> Callable[[NotebookNode, dict[str, NotebookNode]], None]:
    """Set one field of the test cell, or of what is named before a colon."""

    def edit(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
        grade_id, _, keys = path.rpartition(":")
        place = cells[grade_id or "test-square"]
        *parents, last = keys.split(".")
        for key in parents:
            place = place[key]
        place[last] = value

    return edit


def _edit_points(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    cells["test-start"].metadata.nbgrader.points = 1_000
    cells["test-square"].metadata.nbgrader.points = 0


def _edit_locked(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    cells["test-square"].source = cells["test-square-plain"].source = "3.0"
    cells["setup"].source = "class np:\n    allclose = lambda *args: True\ncompare = call = print"


def _delete(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    notebook.cells = [
        c for c in notebook.cells if cell_info(c).grade_id not in ("test-square", "test-square-plain", "setup")
    ]


def _duplicate(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    first = copy.deepcopy(cells["test-square"])
    first.source = "pass"
    notebook.cells.insert(0, first)
    last = copy.deepcopy(cells["test-square"])
    last.source = "3.0"
    notebook.cells.append(last)


def _reorder(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    for grade_id in ("test-square", "test-square-plain"):
        notebook.cells.remove(cells[grade_id])
        notebook.cells.insert(0, cells[grade_id])


def _change_types(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    for grade_id in ("test-square", "square"):
        at = notebook.cells.index(cells[grade_id])
        cell = new_markdown_cell(cells[grade_id].source)
        cell.metadata = cells[grade_id].metadata
        notebook.cells[at] = cell


def _no_test_cells(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    for grade_id in ("test-square", "test-square-plain"):
        cells[grade_id].metadata.nbgrader.update(grade=False, locked=False, solution=True)
        cells[grade_id].source = "pass"


def _strangers(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    cell = new_code_cell("100.0")
    cell.metadata.nbgrader = {**cells["test-square"].metadata.nbgrader, "grade_id": "bonus", "points": 100}
    notebook.cells.append(cell)


def _test_cells_own_outputs(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    shown = {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1}
    for grade_id in ("test-square", "test-square-plain"):
        cells[grade_id].outputs, cells[grade_id].execution_count = [shown], 1


def _hidden_markers(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    cells["square"].source += "\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n### BEGIN SOLUTION"


def _kernel(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    notebook.metadata.kernelspec = {"name": "bash -c 'exit 0'", "language": "bash", "display_name": "<b>"}


def _same_ids(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    for cell in notebook.cells:
        cell.id = "../../etc/<script>" * 10


def _skip_tags(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    for cell in notebook.cells:
        if cell_info(cell).kind == "test":
            cell.metadata.tags = ["skip-execution", "raises-exception", "remove-cell"]


def _many_cells(notebook: NotebookNode, cells: dict[str, NotebookNode]) -> None:
    for number in range(300):
        cell = new_markdown_cell("x" * 1000)
        cell.metadata.nbgrader = {**cells["test-square"].metadata.nbgrader, "grade_id": f"stranger-{number}"}
        notebook.cells.append(cell)


def _large(notebook: NotebookNode) -> str:
    notebook.cells.append(new_markdown_cell("x" * 50_000_001))
    return json.dumps(notebook)


_ODD_METADATA = {"tags": [1, "a", "a"], "jupyter": 5, "name": [], "collapsed": "x", "execution": 1, "authors": 3}


def _not_of_the_schema() -> NotebookNode:
    odd = {"cell_type": "markdown", "id": "!" * 90, "metadata": None, "source": {"a": 1}, "attachments": [2], "x": 3}
    return NotebookNode(odd)


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def _with_wrong_answer(notebook: NotebookNode) -> NotebookNode:
    by_grade_id(notebook)["square"].source = _WRONG
    return notebook


ATTACKS = [
    _edited("edited-points", _edit_points, "points-changed:test-start", "points-changed:test-square", points=SQUARE),
    _edited(
        "edited-locked-cells",
        _edit_locked,
        "edited-locked-cell:setup",
        "edited-locked-cell:test-square",
        "edited-locked-cell:test-square-plain",
    ),
    _edited(
        "deleted-cells",
        _delete,
        "missing-cell:setup",
        "missing-cell:test-square",
        "missing-cell:test-square-plain",
    ),
    _edited(
        "duplicated-cells",
        _duplicate,
        any_flags=True,
        points={**SQUARE},
    ),
    _edited("reordered-cells", _reorder, "reordered-cells"),
    _edited("wrong-cell-types", _change_types, "cell-type-changed:test-square", "cell-type-changed:square"),
    _edited("tests-made-answers", _no_test_cells, any_flags=True),
    _edited("cells-of-its-own-with-points", _strangers, "unknown-cell:bonus"),
    _edited("outputs-of-its-own", _test_cells_own_outputs),
    _edited("markers-in-the-answer", _hidden_markers),
    _edited("another-kernel", _kernel, "kernel-changed:bash"),
    _edited("ids-that-are-paths", _same_ids),
    _edited("tags-on-tests", _skip_tags),
    _edited("many-strangers", _many_cells, any_flags=True),
    _edited("points-not-a-number", _set("metadata.nbgrader.points", float("nan")), "points-changed:test-square"),
    _edited(
        "points-in-words",
        _set("metadata.nbgrader.points", "many"),
        any_flags=True,
    ),
    _edited("points-beyond-any-size", _set("metadata.nbgrader.points", 10**400), any_flags=True),
    _edited("grade-id-as-list", _set("metadata.nbgrader.grade_id", ["test-square"]), any_flags=True),
    _edited("metadata-as-text", _set("metadata", "x"), any_flags=True),
    _edited(
        "ids-as-lists",
        _set("id", [1]),
        any_flags=True,
    ),
    _edited(
        "tags-as-number",
        _set("square:metadata.tags", 5),
        any_flags=True,
        points={**SQUARE},
    ),
    _edited(
        "execution-as-text",
        _set("square:metadata.execution", "x"),
        any_flags=True,
    ),
    _edited(
        "half-a-character-in-an-answer",
        lambda n, c: c["square"].update(source=_WRONG + "  # \ud800"),
        any_flags=True,
        points={**dict.fromkeys(FULL), **SQUARE, "test-start": 1.0},
        fault="*",
    ),
    _edited("half-a-character-in-a-text", lambda n, c: n.cells.append(new_markdown_cell("\udcff")), any_flags=True),
    _edited(
        "half-a-character-in-a-kernel", lambda n, c: n.metadata.update(kernelspec={"name": "\ud800"}), any_flags=True
    ),
    _edited("half-a-character-in-a-name", _set("metadata.nbgrader.grade_id", "\ud800"), any_flags=True),
    _edited("name-of-megabytes", lambda n, c: n.metadata.update(kernelspec={"name": "x" * 2_000_000}), any_flags=True),
    _edited("null-in-the-answer", lambda n, c: c["square"].update(source=_WRONG + "\x00"), any_flags=True),
    _edited(
        "deep-metadata",
        lambda n, c: n.cells[0].metadata.update(json.loads('{"a":' * 250 + "1" + "}" * 250)),
        any_flags=True,
        points=dict.fromkeys(FULL),
        fault="*",
    ),
    _edited("attachments-as-number", lambda n, c: n.cells[-1].update(attachments=1)),
    _edited("attachments-as-text", lambda n, c: n.cells[-1].update(attachments={"a.png": {"image/png": 1}, "b": "x"})),
    _edited("attachments-of-code", _set("attachments", 1)),
    _edited("a-cell-not-of-the-schema", lambda n, c: n.cells.append(_not_of_the_schema())),
    _edited("metadata-not-of-the-schema", lambda n, c: [cell.metadata.update(_ODD_METADATA) for cell in n.cells]),
    _edited("a-notebook-not-of-the-schema", lambda n, c: n.metadata.update(_ODD_METADATA), any_flags=True),
    _edited("megabytes-of-nested-metadata", lambda n, c: n.cells[0].metadata.update(x=[_nested(100)] * 500)),
    _edited("megabytes-of-nested-metadata-of-the-notebook", lambda n, c: n.metadata.update(x=[_nested(100)] * 500)),
    Attack(
        "an-integer-of-5000-digits",
        make=lambda n: json.dumps(_with_wrong_answer(n)).replace('"deletable": false', '"deletable": ' + "9" * 5000),
        silent=True,
    ),
    _file("millions-of-values", lambda n: json.dumps(n)[:-1] + ', "x": [' + "{}," * 2_000_000 + "{}]}", "unreadable"),
    _file("thousands-of-cells", lambda n: json.dumps({**n, "cells": n.cells + n.cells[-1:] * 3_000}), "unreadable"),
    _file("empty-file", lambda n: "", "unreadable"),
    _file("truncated-json", lambda n: json.dumps(n)[:-400], "unreadable"),
    _file("no-json", lambda n: b"\x80\x04\x95 pickle", "unreadable"),
    _file("empty-object", lambda n: "{}", "unreadable"),
    _file("just-null", lambda n: "null", "unreadable"),
    _file("no-cells", lambda n: json.dumps({**n, "cells": []}), "wrong-notebook"),
    _file("cells-of-text", lambda n: json.dumps({**n, "cells": "square"}), "unreadable"),
    _file("cells-of-numbers", lambda n: json.dumps({**n, "cells": [1, 2]}), "unreadable"),
    _file("wrong-nbformat", lambda n: json.dumps({**n, "nbformat": 99}), "unreadable"),
    _file("nbformat-as-list", lambda n: json.dumps({**n, "nbformat": [4]}), "unreadable"),
    _file("nbformat-three-of-nothing", lambda n: json.dumps({"nbformat": 3, "worksheets": 7}), "unreadable"),
    _file("deep-json", lambda n: "[" * 100_000, "unreadable"),
    _file("fifty-megabytes", _large, "unreadable"),
    _file("an-archive", lambda n: b"PK\x03\x04" + bytes(100), "unreadable"),
    _file("another-chapter", lambda n: json.dumps({**n, "cells": n.cells[-1:]}), "wrong-notebook"),
]
