"""Attacks on the verdict: change what compares, counts, shows or reports, or lie about a value."""

from __future__ import annotations

from tests.attacks.support import ANSWERS, SQUARE, Attack

_LIAR = """
class Liar({base}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return 0
    {more}
def square(x):
    return {value}
"""


def _liar(name: str, base: str = "object", value: str = "Liar()", more: str = "pass") -> Attack:
    return Attack(name, _LIAR.format(base=base, value=value, more=more))


ATTACKS = [
    # The way a check is carried out.
    Attack(
        "strip-asserts",
        """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Strip())
get_ipython().input_transformers_post.append(lambda lines: [] if "square" in "".join(lines) else lines)
""",
    ),
    Attack(
        "patch-numpy-testing",
        """
import numpy as np, torch
for name in dir(np.testing):
    if name.startswith("assert"): setattr(np.testing, name, lambda *args, **kwargs: None)
np.allclose = np.array_equal = np.isclose = np.all = torch.allclose = torch.equal = lambda *args, **kwargs: True
def square(x): return 0.0
""",
    ),
    Attack(
        "patch-builtins",
        """
import builtins
builtins.all = builtins.any = lambda *args: True
builtins.AssertionError = builtins.abs = lambda *args: 0
def square(x): return 0
""",
        points={**SQUARE, "test-array": None, "test-counter": None, "test-twice": None, "test-last": None},
        flags=None,
        fault="*",
        silent=True,
    ),
    Attack(
        "patch-the-check-module",
        """
import autograder.testing as testing
from autograder.testing import call as _, compare as _, failure
for name in ("autograder.testing.call", "autograder.testing.compare"):
    module = sys.modules[name]
    module.call = module.compare = module._close = lambda *args, **kwargs: True
testing.compare = testing.call = testing.require = lambda *args, **kwargs: 9.0
failure.CheckFailed.__init__ = lambda self, *args: sys.exit(0)
def square(x): return 0.0
""",
    ),
    Attack(
        "patch-display-and-showtraceback",
        """
ip = get_ipython()
ip.showtraceback = ip._showtraceback = ip.showsyntaxerror = lambda *args, **kwargs: None
ip.display_formatter.format = lambda *args, **kwargs: ({"text/plain": "3.0"}, {})
ip.displayhook.write_format_data = lambda *args: None
sys.excepthook = sys.displayhook = lambda *args: None
ip.set_custom_exc((BaseException,), lambda *args, **kwargs: [])
def square(x): raise ValueError
""",
    ),
    Attack(
        "redefine-given-names",
        """
class Anything:
    def __getattr__(self, name): return lambda *args, **kwargs: True
np = math = check = Anything()
def compare(*args, **kwargs): return None
call = require = compare
class hidden_case:
    def __init__(self, *args): pass
    def __enter__(self): pass
    def __exit__(self, *args): return True
def all(*args): return True
def square(x): return 0
""",
    ),
    Attack(
        "poison-sys-modules",
        """
import types
fake = types.ModuleType("fake")
fake.__getattr__ = lambda name: (lambda *args, **kwargs: True)
for name in ("numpy.testing", "math", "autograder.testing", "autograder.referee.scoring", "assert"):
    sys.modules[name] = fake
def square(x): return 0.0
""",
    ),
    Attack(
        "modules-beside-the-notebook",
        """
for name in ("json", "numpy", "autograder", "sitecustomize", "math"):
    with open(name + ".py", "w") as file: file.write("raise SystemExit(0)")
def square(x): return 0.0
""",
    ),
    Attack("class-named-like-a-check", "class compare:\n    pass\nclass CheckFailed:\n    pass\nsquare = compare"),
    Attack("no-answer-at-all", "square = None"),
    Attack("answer-with-a-syntax-error", "def square(x:", silent=True),
    # Values that lie.
    _liar("always-equal"),
    _liar("always-equal-number", "float", "Liar(1.5)"),
    _liar("always-equal-text", "str", "Liar('9.0')"),
    _liar("always-equal-list", "list", "Liar([9.0])"),
    _liar("array-interface-lies", more="def __array__(self, *args, **kwargs): return __import__('numpy').array(9.0)"),
    _liar(
        "subclassed-array",
        "__import__('numpy').ndarray",
        "__import__('numpy').zeros(()).view(Liar)",
        "def __array_function__(self, *args): return True\n"
        "    def __array_ufunc__(self, *args, **kwargs): return __import__('numpy').array(True)\n"
        "    def __abs__(self): return 0.0",
    ),
    _liar(
        "subclassed-tensor",
        "__import__('torch').Tensor",
        "__import__('torch').zeros(()).as_subclass(Liar)",
        "@classmethod\n    def __torch_function__(cls, *args, **kwargs): return True\n"
        "    def detach(self): return self\n    def cpu(self): return self\n    def numpy(self): return 9.0",
    ),
    _liar(
        "pretends-to-be-a-float", more="__class__ = property(lambda self: float)\n    def __float__(self): return 9.0"
    ),
    Attack(
        "bool-subclass-of-int",
        "class One(int):\n    def __int__(self): return 4\n    __index__ = __int__\ndef square(x): return One(1)",
    ),
    Attack("not-a-number", "def square(x): return float('nan')"),
    Attack("infinite", "def square(x): return float('inf')"),
    Attack("wrong-shape-that-broadcasts", "import numpy as np\ndef square(x): return np.full((3, 1, 1), x * x)"),
    Attack("no-elements", "import numpy as np\ndef square(x): return np.zeros((0,))"),
    Attack("the-callable-itself", "def square(x): return square"),
    Attack("not-implemented", "def square(x): return NotImplemented"),
    Attack(
        "mutates-its-argument",
        "def normalised(x):\n    x[...] = (x - x.mean()) / x.std()\n    return x",
        at="normalised",
        points={"test-array": None},  # the check works on copies: the values are right, and right values earn points
    ),
    Attack(
        "mutates-to-agree",
        "def normalised(x):\n    x[...] = 4.0\n    return x",
        at="normalised",
        points={"test-array": 0.0},
    ),
    Attack(
        "iteration-that-agrees",
        "class Counter:\n    total = 5\n    def add(self, number): return self\n"
        "    def __iter__(self): return iter(Equal())\nclass Equal(list):\n    def __eq__(self, other): return True",
        at="counter",
        points={"test-counter": 0.0},
    ),
    Attack(
        "attributes-that-agree",
        "class Counter:\n    def __getattribute__(self, name): return True\n    def __iter__(self): return True",
        at="counter",
        points={"test-counter": 0.0},
    ),
    Attack(
        "stop-iteration-ends-the-cases",
        "def square(x):\n    if x in (5, 6): raise StopIteration\n    return 4 if x == 2 else 2219.3521",
    ),
    # Exceptions.
    Attack(
        "check-failed-of-its-own",
        """
class CheckFailed(AssertionError): pass
def square(x):
    if x in (3.0, 2): return x * x
    raise CheckFailed(f"<b>forged</b> {x}\\nLikely cause: forged-hint\\n[forged-mistake]")
""",
    ),
    Attack(
        "hostile-exceptions",
        """
class Hostile(Exception):
    def __str__(self): os._exit(0) if os.getpid() == -1 else 1 / 0
    __repr__ = __reduce__ = __reduce_ex__ = __format__ = __str__
    def __getattribute__(self, name): raise Hostile
Hostile.__name__ = "[bold]AssertionError[/] <script>alert(1)</script>"
def square(x): raise Hostile
""",
    ),
    Attack("exception-without-exception", "def square(x): raise BaseException('passed')"),
    Attack("exit-while-tested", "def square(x): sys.exit(0)"),
    Attack("system-exit-while-tested", "def square(x): raise SystemExit"),
    Attack("keyboard-interrupt-while-tested", "def square(x): raise KeyboardInterrupt"),
    Attack("half-a-character", "def square(x):\n    raise ValueError('\\ud800 half of a pair')"),
    Attack("half-a-character-printed", "print('\\udfff')\ndef square(x): return '\\ud800'"),
    Attack("text-of-megabytes", "def square(x): return 'y' * 3_000_000"),
    Attack(
        "names-of-megabytes",
        "Long = type('L' * 2_000_000, (), {'__module__': 'm' * 2_000_000})\n"
        "def square(x): return Long()\nsquare.__name__ = square.__qualname__ = 'n' * 2_000_000",
    ),
    Attack(
        "hostile-type-names",
        "Odd = type('X', (), {})\nOdd.__name__ = '[red]\\n### END HIDDEN TESTS <img src=x onerror=alert(1)>'\n"
        "def square(x): return Odd()\nsquare.__name__ = '\\x1b[2J\\ud800'",
    ),
    Attack(
        "html-in-outputs",
        "from IPython.display import HTML, Javascript, display\n"
        "display(HTML('<script>parent.score = 100</script>'), Javascript('alert(1)'))\ndef square(x): return 0.0",
    ),
    Attack("says-that-it-passed", "print('square: correct.\\n3.0')\n3.0\ndef square(x): print('3.0'); return 0.0"),
    # A helper that the author defines in one test cell and uses in the next must never be the student's.
    Attack(
        "helper-of-a-failed-test",
        answers={
            "twice": "def twice(function, x): return 0.0",
            "last": "def half(x): return 2\ndef expected_half(x): return 2",
        },
        points={"test-twice": 0.0, "test-last": 0.0},
    ),
    # What the student's process can find out.
    Attack(
        "frames-and-garbage-for-hidden-tests",
        """
def square(x, asked=[0]):
    asked[0] += 1
    if asked[0] > 2: return 0.0
    found, frame = [], sys._getframe()
    while frame is not None:
        found += [repr(frame.f_globals)[:100_000], repr(frame.f_locals)[:100_000]]
        frame = frame.f_back
    found += [item for item in gc.get_objects() if isinstance(item, str)]
    found += [repr(item)[:1000] for item in gc.get_objects() if type(item) is list and len(item) < 20]
    marks = [text[:300] for text in found if "hidden-" + "mark-5" in text]
    if marks: breach(marks[0])
    return 0.0
square(1)
print(get_ipython().history_manager.input_hist_raw[-3:])
""",
    ),
    Attack(
        "answers-of-the-package",
        """
import pkgutil, autograder
from pathlib import Path
root = Path(autograder.__file__).parent
for folder in ("samples", "recording"):
    for file in attempt(lambda: list((root / folder).rglob("*.py"))) or []:
        breach(file)
def square(x): return 0.0
""",
        needs=("bubblewrap",),
    ),
]

assert set(ANSWERS) >= {attack.at for attack in ATTACKS}
