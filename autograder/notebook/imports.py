"""Which modules the cells of a notebook import."""

from __future__ import annotations

import ast
from collections.abc import Collection

from nbformat import NotebookNode


def imported_modules(notebook: NotebookNode, skipped: Collection[int] = ()) -> tuple[str, ...]:
    """The modules that the code of a notebook imports, in the order in which it does.

    ``from a import b`` gives ``a`` and ``a.b``, which need not be a module. A cell that is not plain Python gives none.

    Args:
        skipped: indices of cells that do not count.
    """
    found: dict[str, None] = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or index in skipped:
            continue
        try:
            tree = ast.parse(cell.source)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= dict.fromkeys(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= dict.fromkeys([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return tuple(found)
