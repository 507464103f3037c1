"""How to write a test cell that the referee cannot serve, by what went wrong in it."""

from __future__ import annotations

import re

_IN_KERNEL = (
    'If only a kernel can run this cell, give it the tag in-kernel and set unserved = "in-kernel" under [grading] in '
    "course.toml; its points then rest on the student's word."
)
_BY_ERROR: tuple[tuple[str, str], ...] = (
    (
        r"not asked here|unsupported operand|not supported between|bad operand",
        "A student's object is compared or computed with plain data only where the test itself makes it with a class "
        "of the answer, such as Name(1). Write that, or look at an attribute or at what a method returns.",
    ),
    (
        r"cannot be handed to a student's function",
        "Hand over plain data or a function, or make the object in a locked cell with the tag student-side.",
    ),
    (
        r"cannot be sent to the check|may cross|cannot be read here",
        "Let the function return plain data, arrays or tables, or ask for a part of what it returns.",
    ),
    (r"is not available where tests run", ""),
    (r"ModuleNotFoundError|No module named", "Install it where submissions are graded, and add it to requirements."),
    (
        r"FileNotFoundError|No such file",
        "Put the file next to the notebook and name it in a cell that students get, or list it under data in "
        "course.toml. A file that the student's code writes is read by its whole relative name in the test cell, where "
        "it is text, a table, .npy or .png; read any other in a function in a locked cell with the tag student-side.",
    ),
    (
        r"is not defined",
        "No cell before it defines that name where it runs. What a test cell defines is not in the student's kernel: "
        "define it in a locked cell.",
    ),
)
_BY_LINE: tuple[tuple[str, str], ...] = (
    (r"\btype\(.*\)\s+is\b|\bid\(", "Compare classes with isinstance, or with type(x) == Name."),
    (
        r"\bpl?t?\.gc[af]\(|get_fignums",
        "A figure of another cell is closed at that cell's end. Draw in the test, or look at what a function returns.",
    ),
    (
        r"\bsympy\b|\bsp\.|\.equals\(",
        "Of SymPy's objects only expressions and finite sets come back as data: compare the parts of any other.",
    ),
    (r"\bpatch\b", "Bind the name itself in the test, as in helper = Mock(), or hand the replacement to the function."),
    (r"pickle|deepcopy|copy\.", "A student's object cannot be copied here. Make a second one."),
)


def advice(line: str, error: str) -> str:
    """What to write instead, with a space in front.

    Args:
        line: of the test cell, where it is known, else its source.
        error: the name and text of what went wrong.
    """
    for pattern, text in _BY_ERROR:
        if re.search(pattern, error):
            return f" {text}" if text else ""
    for pattern, text in _BY_LINE:
        if re.search(pattern, line):
            return f" {text}"
    return f" Correct the solution or the test. {_IN_KERNEL}"
