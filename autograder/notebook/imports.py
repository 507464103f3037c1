"""Which modules the cells of a notebook import."""

from __future__ import annotations

import ast

from nbformat import NotebookNode


def imported_modules(notebook: NotebookNode) -> tuple[str, ...]:
    """The modules that the code of a notebook imports, in the order in which it does.

    ``from a import b`` gives ``a`` and ``a.b``, which need not be a module. A cell that is not plain Python gives none.
    """
    found: dict[str, None] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
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
