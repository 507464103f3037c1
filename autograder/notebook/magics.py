"""A cell's source as plain Python, for whoever reads or runs it outside IPython.

What a magic would time, profile or capture is kept as the code that it is; a magic that changes the notebook's own
surroundings (``%matplotlib``, ``%load_ext``, ``!pip``) becomes nothing. Lines keep their numbers.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

# Magics whose argument is code that runs; what is before it are options.
_RUN = frozenset({"time", "timeit", "prun", "memit", "mprun"})
# Cell magics whose body is not Python.
_OTHER = frozenset(
    {"bash", "sh", "script", "cmd", "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "writefile",
     "perl", "ruby", "R", "sql", "system", "sx", "!", "file", "cython"}
)  # fmt: skip
# Line magics that give a test cell nothing to go on with when they are left out.
_WITHOUT_EFFECT = frozenset(
    {"matplotlib", "load_ext", "reload_ext", "unload_ext", "autoreload", "aimport", "config", "pip", "conda", "mamba",
     "uv", "precision", "pylab", "colors", "xmode", "pdb", "warning", "watermark", "capture", "doctest_mode",
     "automagic", "pprint", "who", "whos", "pinfo", "pinfo2", "psource", "page", "history", "logstart", "logstop",
     "nbagg", "env", "tensorboard", "lsmagic", "magic", "quickref", "system", "sx", "ls", "pwd", "set_env", "tb"}
)  # fmt: skip
_CELL_MAGIC = re.compile(r"\s*%%(\S+)[ \t]*(.*)")
_OPTIONS = re.compile(r"(?:-[A-Za-z]\s*\d*(?:\s+|$)|--\S+(?:\s+|$))*")


class UnservedMagic(SyntaxError):
    """Raised for a magic that only a kernel can run."""


@lru_cache(maxsize=512)
def python_source(source: str) -> str:
    """The Python that a cell's source comes to.

    Raises:
        UnservedMagic: if a magic does what only a kernel can do, such as ``%run`` or ``files = !ls``.
        SyntaxError: if the rest is not Python.
    """
    if _is_python(source):
        return source
    magic = _CELL_MAGIC.match(source)
    if magic is not None:
        _, _, body = source.lstrip().partition("\n")
        above = "\n" * (source.count("\n", 0, len(source) - len(source.lstrip())) + 1)
        return above + _of_cell_magic(magic[1], magic[2], body)
    # Late: it takes a while, and most notebooks do without.
    from IPython.core.inputtransformer2 import TransformerManager

    blank = "\n" * source.count("\n", 0, len(source) - len(source.lstrip()))
    # IPython drops the blank lines at the top.
    return _without_magics(blank + TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]


def python_source_or_none(source: str) -> str | None:
    """As :func:`python_source`; None where there is none."""
    try:
        return python_source(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _of_cell_magic(name: str, line: str, body: str) -> str:
    if name in _RUN or name == "capture":
        first = _OPTIONS.sub("", line, count=1).strip() if name in _RUN else ""
        return python_source(f"{first}\n{body}" if first else body)
    if name in _OTHER:
        return ""
    raise UnservedMagic(f"the magic %%{name} is not available where tests run. Write its body as plain Python.")


def _without_magics(text: str) -> str:
    """IPython's translation of a cell, with what each magic runs in the place of the call that stands for it."""
    tree, lines = ast.parse(text), text.split("\n")
    statements = {id(node.value): node for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        called = _magic_call(node)
        if called is None:
            continue
        method, name, rest = called
        statement = statements.get(id(node))
        if statement is None:
            raise UnservedMagic(
                f"the value of a magic or a shell command ({name or rest}) is not available where tests run. Write "
                "what it does as plain Python."
            )
        at = statement.lineno - 1
        indent = lines[at][: statement.col_offset]
        lines[at : statement.end_lineno] = [
            indent + _of_line_magic(method, name, rest), *[""] * ((statement.end_lineno or at + 1) - at - 1)
        ]  # fmt: skip
    return "\n".join(lines)


def _of_line_magic(method: str, name: str, rest: str) -> str:
    if method == "system" or name in _WITHOUT_EFFECT:
        return "pass"
    if name in _RUN:
        return _OPTIONS.sub("", rest, count=1).strip() or "pass"
    raise UnservedMagic(f"the magic %{name} is not available where tests run. Write what it does as plain Python.")


def _magic_call(node: ast.AST) -> tuple[str, str, str] | None:
    """Method, name and rest of a call that IPython's translation makes; None for anything else."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    owner, method = node.func.value, node.func.attr
    if not (isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "get_ipython"):
        return None
    texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "" for a in node.args]
    if method in ("system", "getoutput"):
        return method, "", texts[0] if texts else ""
    if method == "run_line_magic" and texts:
        return method, texts[0], texts[1] if len(texts) > 1 else ""
    return None
