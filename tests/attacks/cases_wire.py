"""Attacks by what is sent to the referee: values that cost it memory or time, and messages that are not well formed."""

from __future__ import annotations

from tests.attacks.support import FULL, SQUARE, Attack

_COUNTER = {"test-counter": 0.0}

_ANSWERED = """
from autograder.kernel import agent
honest, asked = agent.Agent.answer, []
def answer(self, request, buffers):
    if request["do"] in ("beside", "call") and "square" in globals():
        asked.append(request)
        return TREE, BUFFERS
    return honest(self, request, buffers)
agent.Agent.answer = answer
def square(x): return 0.0
"""
"""Puts a forged answer in place of what any call returns."""

# Pairs of integers whose tuples have one hash: the second undoes what the first has done to it.
_PAIRS = """
P1, P2, P5, M = 11400714785074694791, 14029467366897019727, 2870177450012600261, 2**64 - 1
inverse, pairs, first = pow(P2, -1, 2**64), [], 0
while len(pairs) < 3_000:
    first += 1
    state = (P5 + first * P2) & M
    state = ((state << 31 | state >> 33) * P1) & M
    second = ((12345 - state) * inverse) & M
    second -= 2**64 if second > 2**63 else 0
    if abs(second) < 2**60 and second != -1: pairs.append((first, second))
if len({hash(pair) for pair in pairs}) > 1: breach("the pairs do not collide: this attack is none")
"""


def _answer(name: str, tree: str, buffers: str = "[]", before: str = "") -> Attack:
    source = before + _ANSWERED.replace("TREE", '{"value": ' + tree + "}").replace("BUFFERS", buffers)
    # Every call from here on is answered so.
    after = dict.fromkeys(list(FULL)[1:], 0.0)
    return Attack(name, source, points={**after, "test-counter": 0.0}, flags=frozenset())


ATTACKS = [
    Attack(
        "iterates-over-large-items",
        "class Counter:\n    total = 5\n"
        "    def add(self, number): self.total = number if number == 4711 else 5; return self\n"
        "    def __iter__(self):\n        big = bytes(250_000_000)\n        for _ in range(60): yield big",
        at="counter",
        points=_COUNTER,
    ),
    Attack(
        "iterates-over-large-arrays",
        "import numpy as np\nclass Counter:\n    total = 5\n    def add(self, number): return self\n"
        "    def __iter__(self): return iter([np.zeros(25_000_000)] * 40)",
        at="counter",
        points=_COUNTER,
    ),
    Attack(
        "broadcast-to-many-times-its-size",
        "import numpy as np\ndef normalised(x):\n"
        "    return (x - x.mean()) / x.std() if x.ndim == 2 else np.zeros((200_000_000, 1), np.uint8)",
        at="normalised",
        points={"test-array": 0.0},
    ),
    Attack(
        "an-empty-array-of-a-billion-rows",
        "import numpy as np\ndef normalised(x): return np.empty((10**9, 0))",
        at="normalised",
        points={"test-array": 0.0},
    ),
    _answer(
        "one-buffer-sent-ten-thousand-times",
        '{"list": [{"bytes": 0}] * 10_000}',
        "[bytes(30_000_000)]",
    ),
    _answer(
        "a-tensor-that-grows-sixteenfold",
        '{"tensor": [["|u1", [50_000_000], 0], "complex128"]}',
        "[bytes(50_000_000)]",
    ),
    _answer("tuples-that-collide", '{"set": [{"tuple": list(pair)} for pair in pairs]}', before=_PAIRS),
    _answer("keys-that-are-tuples-that-collide", '{"dict": [[{"tuple": list(p)}, 0] for p in pairs]}', before=_PAIRS),
    _answer(
        "long-doubles-that-collide",
        '{"set": [{"scalar": ["<f16", [], n]} for n in range(2_000)]}',
        "[np.ldexp(np.longdouble(1 + n), 2000).tobytes() for n in range(2_000)]",
        before="import numpy as np\n",
    ),
    _answer("an-unknown-dtype", '{"tensor": [["<f4", [1], 0], "float99"]}', "[bytes(4)]"),
    _answer("a-dtype-that-is-a-number", '{"tensor": [["<f4", [1], 0], 5]}', "[bytes(4)]"),
    _answer("an-array-of-a-kind-that-numpy-lacks", '{"array": ["<f3", [1], 0]}', "[bytes(3)]"),
    _answer("thousands-of-objects", '{"list": [{"handle": [0, f"C{n}", f"f{n}", True]} for n in range(12_000)]}'),
    Attack(
        "a-group-of-errors",
        "def square(x): raise ExceptionGroup('several', [ValueError('one'), TypeError('another')])",
    ),
    Attack(
        "a-group-of-errors-that-are-none",
        "class Odd(BaseExceptionGroup): pass\ndef square(x): raise Odd('several', [KeyboardInterrupt()])",
    ),
    Attack(
        "an-error-with-a-name-that-is-none",
        "def square(x): raise type('a' + chr(0xd800), (Exception,), {})('x')",
    ),
    Attack(
        "a-message-about-a-hundred-megabytes",
        "import numpy as np\ndef square(x): return bytes(100_000_000)",
    ),
    Attack("leaves-by-exit", "exit()"),
    Attack("leaves-by-the-name-of-exit", "exit"),
    Attack("leaves-by-quit-and-keeps-the-kernel", "quit(keep_kernel=True)"),
    Attack("asks-the-shell-to-exit", "get_ipython().ask_exit()"),
    Attack("sets-the-shells-flag", "get_ipython().exit_now = True\ndef square(x): return 0.0"),
    Attack("leaves-by-exit-while-tested", "def square(x): exit()"),
    Attack("stops-the-event-loop", "import asyncio\nasyncio.get_event_loop().stop()\ndef square(x): return 0.0"),
    Attack(
        "stops-the-event-loop-while-tested",
        "import asyncio\nloop = asyncio.get_event_loop()\ndef square(x):\n    loop.stop()\n    return 0.0",
    ),
    Attack(
        "leaves-a-little-later",
        "import asyncio\nfor tenths in range(20): asyncio.get_event_loop().call_later(tenths / 10, exit)\n"
        "def square(x): return 0.0",
    ),
    Attack("raises-what-interrupts", "raise KeyboardInterrupt"),
    Attack("raises-what-interrupts-while-tested", "def square(x): raise KeyboardInterrupt", flags=None, points=SQUARE),
]
