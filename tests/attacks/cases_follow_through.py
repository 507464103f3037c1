"""Attacks on follow-through: the author's ``square`` is in the kernel where later exercises are examined again.

In every one ``square`` itself is wrong, and the attack is in later answers. Each says what it may earn: what later
exercises of its own work are worth, and nothing for ``square``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.chain import WRONG

GIVEN = "given-away-77e2"
"""What an attack prints in front of what it has got hold of."""
_AT_HOME = "square(3) == 9"
"""True in a kernel that holds the author's answer."""


@dataclass(frozen=True)
class LaterAttack:
    """Answers of one submission.

    Attributes:
        name: also the student's.
        answers: by exercise; the others are right, but for ``square``.
        lost: the tests that earn nothing, besides those of ``square`` and ``power``.
        endless: True where only a time limit ends it.
    """

    name: str
    answers: Mapping[str, str]
    lost: frozenset[str] = frozenset()
    endless: bool = False

    def all_answers(self) -> dict[str, str]:
        """What is handed in."""
        return {**WRONG, **self.answers}


def _norm(name: str, source: str, *lost: str) -> LaterAttack:
    """An attack from ``norm``, which ``unit`` builds on; ``unit`` is right with the author's ``norm``."""
    return LaterAttack(name, {"norm": source}, frozenset({"test-norm", *lost}))


_FIND_SOURCE = """
def found():
    import gc, inspect, linecache, sys, types
    texts = [str(value) for value in globals().get("In", [])]
    texts += ["".join(lines) for _, _, lines, _ in (entry for entry in linecache.cache.values() if len(entry) == 4)]
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ == "square":
            try: texts.append(inspect.getsource(thing))
            except Exception: pass
            texts.append(repr((thing.__code__.co_code, thing.__code__.co_consts)))
    frame = sys._getframe()
    while frame is not None:
        texts.append(repr(frame.f_locals)[:10_000])
        frame = frame.f_back
    return "\\n".join(texts)
"""
_PLACES = """
def places():
    import os, tempfile
    return [os.path.join(folder, "kept.py") for folder in (
        ".", "..", os.path.expanduser("~"), "/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir(), "/")]
"""
_KEEP = f"""{_FIND_SOURCE}{_PLACES}
if {_AT_HOME}:
    for place in places():
        try: open(place, "w").write(found())
        except OSError: pass
"""
_RECALL = f"""def square(x):
    return x + x
{_PLACES}
for place in places():
    try: text = open(place).read()
    except OSError: continue
    print("{GIVEN}", text)
    def square(x):
        return x * x
"""

ATTACKS = [
    _norm("an-alias", "norm = square"),
    _norm("a-wrapper", "def norm(v):\n    return square(v)"),
    _norm("an-alias-by-way-of-globals", "norm = globals()['square']"),
    _norm("a-wrapper-that-looks-like-work", "def norm(v):\n    w = [x for x in v]\n    return square(w[0])"),
    # The tests of power cannot tell it from square: no way to write that earns its point.
    LaterAttack("an-alias-that-passes", {"power": "power = square"}),
    LaterAttack("a-wrapper-that-passes", {"power": "def power(x):\n    y = +x\n    return square(y) + 0"}),
    LaterAttack("an-alias-that-passes-by-exec", {"power": "exec('power = square')"}),
    # Only the student's answer uses square here.
    LaterAttack(
        "an-exercise-that-needs-none-of-it",
        {"triple": f"def triple(x):\n    if {_AT_HOME}:\n        return 3 * x\n    return 0"},
        frozenset({"test-triple"}),
    ),
    _norm("printed", f"{_FIND_SOURCE}\nprint('{GIVEN}', found())\ndef norm(v):\n    print('{GIVEN}', found())"),
    _norm("raised", f"{_FIND_SOURCE}\ndef norm(v):\n    if {_AT_HOME}: raise ValueError('{GIVEN}' + found())"),
    _norm(
        "raised-as-a-failed-check",
        f"{_FIND_SOURCE}\nfrom autograder.testing import CheckFailed\n"
        f"def norm(v):\n    if {_AT_HOME}: raise CheckFailed('{GIVEN}' + found(), '{GIVEN}', 'given-away')",
    ),
    _norm(
        "returned", f"{_FIND_SOURCE}\ndef norm(v):\n    if {_AT_HOME}: return '{GIVEN}' + found()\n    return square"
    ),
    _norm("returned-as-a-function", "def norm(v):\n    return square"),
    LaterAttack(
        "kept-for-a-later-exercise",
        {"norm": "kept = square\ndef norm(v):\n    return kept", "undo": "undo = globals().get('kept', math.sqrt)"},
        frozenset({"test-norm", "test-undo"}),
    ),
    LaterAttack("kept-in-files", {"square": _RECALL, "norm": f"{_KEEP}\ndef norm(v): ..."}, frozenset({"test-norm"})),
    LaterAttack(
        "kept-by-whoever-reads-cells",
        {
            "square": """def square(x):
    return x + x
class Keeper(ast.NodeTransformer):
    def visit_Module(self, tree):
        print("GIVEN", ast.unparse(tree))
        builtins.kept = getattr(builtins, "kept", "") + ast.unparse(tree)
        return tree
import ast, builtins
get_ipython().ast_transformers.append(Keeper())
get_ipython().events.register("post_run_cell", lambda result: print("GIVEN", result.info.raw_cell))
""".replace("GIVEN", GIVEN)
        },
    ),
    # What becomes of the kernel is told to nobody.
    _norm("dead", f"import os\nif {_AT_HOME}: os._exit(1)\ndef norm(v): ...", *("test-unit", "test-undo", "test-best")),
    _norm(
        "too-much-on-the-disk",
        f"if {_AT_HOME}:\n    for i in range(99): open(str(i), 'wb').write(bytes(10**6))\n"
        "    import time; time.sleep(3)\ndef norm(v): ...",
        *("test-unit", "test-undo", "test-best"),
    ),
    LaterAttack(
        "without-end",
        {"norm": f"def norm(v):\n    while {_AT_HOME}: pass"},
        frozenset({"test-norm"}),
        endless=True,
    ),
]
