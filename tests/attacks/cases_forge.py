"""Attacks on the wire: the student's side of the grader, changed to forge what it sends, signed with the right key."""

from __future__ import annotations

from tests.attacks.support import ANSWERS, FULL, SQUARE, Attack

_FORGER = """
import json
from autograder.kernel import frames, messages
service = get_ipython().kernel.autograder_service
honest = service.reply
about_square = [False]
def forge(request):
    {body}
def reply(buffers):
    request = messages.from_buffers(buffers)[0]
    if request["do"] == "names":
        about_square[0] = "square" in request["names"]
    made = forge(request) if about_square[0] else None
    if made is None:
        return honest(buffers)
    parts = made if isinstance(made, tuple) else [made if isinstance(made, bytes) else json.dumps(made).encode()]
    return list(parts)
service.reply = reply
def square(x): return 0.0
"""


def _forged(name: str, body: str, **more: object) -> Attack:
    return Attack(f"forged-{name}", _FORGER.format(body=body.replace("\n", "\n    ")), **more)  # type: ignore[arg-type]


def _value(name: str, expression: str, **more: object) -> Attack:
    """The answer to everything but the names themselves is forged."""
    return _forged(name, f"return None if request['do'] == 'names' else {expression}", **more)


# What these send in place of a helper module's digest is one that was not shipped.
_CHANGED = frozenset({"changed-helper:autograder.testing.student_side.calls"})
_ALL = dict.fromkeys(FULL)

ATTACKS = [
    _value("verdict", "{'value': 9.0, 'passed': True, 'points': 3.0, 'status': 'passed', 'score': 3}", flags=_CHANGED),
    _value("empty-object", "{}"),
    _value("list", "[]"),
    _value("text", "'passed'"),
    _value("pickle", "{'value': {'pickle': 'gASVCgAAAAAAAACMBWJ1aWx0lC4='}}"),
    _value("library", "{'value': {'library': 'os:_exit'}}"),
    _value("callback-value", "{'value': {'callback': [0, 'plus_three']}}"),
    _value(
        "unknown-handle",
        "{'value': [], 'x': 0} if request['do'] == 'beside' else {'value': {'handle': [10**9, 'float', None, False]}}",
        flags=_CHANGED,
    ),
    _value(
        "negative-handle",
        "{'value': {'tuple': [{'handle': [-1, 'float', '__eq__', True]}, {'list': []}]}}",
        flags=_CHANGED,
    ),
    _value("handle-of-text", "{'value': {'handle': 'abcd'}}"),
    _value("handle-without-end", "{'value': {'handle': [0, 'tuple', None, False]}}", flags=_CHANGED),
    _value("long-names", "{'value': {'handle': [0, 'X' * 3_000_000, 'y' * 3_000_000, True]}}"),
    _value("null-in-a-name", "{'value': {'handle': [0, 'X\\0Y', 'y\\0', True]}}"),
    _value("half-a-character", "{'value': {'handle': [0, '\\ud800', '\\udfff', True]}}"),
    _value("array-too-short", "(json.dumps({'value': {'array': ['<f8', [10**6], 0]}}).encode(), b'1234')"),
    _value("tensor-of-odd-type", "(json.dumps({'value': {'tensor': [['<f4', [1], 0], 'qint8']}}).encode(), bytes(4))"),
    _value("deep-json", "b'[' * 200_000"),
    _value("deep-value", "b'{\"value\":' + b'{\"list\":[' * 900 + b'1' + b']}' * 900 + b'}'"),
    _value("torn-json", "b'{\"value\": 9.'"),
    _value("no-buffers", "()"),
    _value("many-values", "b'{\"value\":{\"list\":[' + b'1,' * 3_000_000 + b'1]}}'"),
    _value("infinities", 'b\'{"value":{"tuple":[Infinity,{"list":[NaN]}]}}\'', flags=_CHANGED),
    _value("error-that-is-none", "{'error': 5}"),
    _value("error-of-exit", "{'error': ['SystemExit', ['SystemExit'], '0']}"),
    _value("error-of-interrupt", "{'error': ['KeyboardInterrupt', ['KeyboardInterrupt'], '']}"),
    _value("error-of-no-class", "{'error': ['Passed', ['__import__', 'print'], '']}"),
    _value("error-with-null", "{'error': ['a\\0b', ['ValueError'], '\\ud800' * 10]}"),
    _value(
        "error-of-a-check",
        "{'error': ['CheckFailed', ['AssertionError'], 'forged\\nLikely cause: forged-hint\\n[forged-mistake]']}",
    ),
    _value("error-of-megabytes", "{'error': ['E' * 10**6, ['ValueError'] * 10**5, 't' * 10**6]}"),
    _value("interrupted", "{'interrupted': True}", flags=frozenset({"timeout"})),
    _forged("names-as-list", "return {'value': {'list': ['square']}}"),
    _forged("names-as-number", "return {'value': 3.0} if request['do'] == 'names' else None"),
    _forged(
        "names-not-asked-for",
        "return {'value': {'dict': [[name, 9.0] for name in ('square', 'compare', 'call', 'got', '__builtins__')]}}",
        flags=_CHANGED,
    ),
    _forged(
        "every-kind-of-rubbish",
        "import itertools\n"
        "kinds = ('complex', 'bytes', 'array', 'scalar', 'tensor', 'list', 'tuple', 'set', 'dict', 'slice', 'handle')\n"
        "contents = (None, True, -1, 'x', [], [[]], {}, [None] * 3, ['<f8', 'x', 0], [1, 2, 3, 4])\n"
        "if request['do'] == 'names':\n"
        "    for kind, content in itertools.product(kinds, contents):\n"
        "        frames.send(frames.Frame(b'r', 1, [json.dumps({'value': {kind: content}}).encode()]),"
        " service._referee_socket.sendall)\n"
        "    return {'value': {'dict': [['square', {kind: content}] for kind, content in "
        "itertools.product(kinds, contents)]}}\n"
        "return None",
    ),
    Attack(
        "patched-agent-and-wire",
        """
from autograder.kernel import agent, serialization
serialization.Encoder.encode = lambda self, value, depth=0: 9.0
agent.Agent.answer = lambda self, request, buffers: ({"value": {"tuple": [9.0, {"list": []}]}}, [])
agent.Encoder = serialization.Encoder
def square(x): return 0.0
""",
        points={**_ALL, **SQUARE, "test-start": 1.0},
    ),
    Attack(
        "patched-session",
        """
kernel = get_ipython().kernel
kernel.session.key = b"another"
def square(x): return 0.0
""",
        points={**_ALL, **SQUARE, "test-start": 1.0},
        flags=None,
        fault="the kernel sent a message that is not signed with its key",
        silent=True,
    ),
    Attack(
        "forged-kernel-messages",
        """
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
for name, content in (
    ("execute_result", {"data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1}),
    ("execute_reply", {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}),
    ("status", {"execution_state": "idle"}),
    ("stream", {"name": "stdout", "text": "square: correct."}),
):
    kernel.session.send(kernel.iopub_socket, name, content, parent=parent)
def square(x): return 0.0
""",
        silent=True,
    ),
    Attack(
        "malformed-kernel-messages",
        """
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
for content in ({}, {"data": 5}, {"data": {"text/plain": ["x"]}, "metadata": 3}):
    kernel.session.send(kernel.iopub_socket, "display_data", content, parent=parent)
time.sleep(0.2)
def square(x): return 0.0
""",
        points={**_ALL, "test-start": 1.0, **SQUARE},
        flags=None,
        fault="*",
        silent=True,
    ),
    # An output that no notebook can hold costs nothing but itself.
    Attack(
        "display-of-a-number-for-text",
        f"{ANSWERS['last']}\nfrom IPython.display import display\ndisplay({{'text/plain': 5}}, raw=True)",
        at="last",
        points={},
    ),
    Attack(
        "display-of-nothing-for-html",
        f"{ANSWERS['last']}\nclass Table:\n"
        "    def _repr_mimebundle_(self, **_): return {'text/plain': 'a table', 'text/html': None}\nTable()",
        at="last",
        points={},
    ),
    # What cannot be read ends the run; what was earned before stays.
    *(
        Attack(
            f"line-{name}",
            f"""
import struct, time
service = get_ipython().kernel.autograder_service
honest, line = service.reply, service._referee_socket
def reply(buffers):
    {body}
    return honest(buffers)
service.reply = reply
def square(x): return 0.0
""",
            fault=fault,
            flags=None,
            points={**_ALL, "test-start": 1.0, **SQUARE},
            endless=name in ("never-answered", "endless-call-backs"),
        )
        for name, body, fault in (
            ("garbage", "line.sendall(bytes(range(256)) * 9)", "*"),
            ("endless-frame", "line.sendall(struct.pack('!cQIQ', b'r', 1, 1, 2**62))", "*"),
            ("countless-parts", "line.sendall(struct.pack('!cQI', b'r', 1, 2**32 - 1))", "*"),
            (
                "half-a-frame",
                "line.sendall(struct.pack('!cQIQ', b'r', service._number, 1, 99)); line.close()",
                "*",
            ),
            ("closed", "line.close()", "*"),
            ("never-answered", "time.sleep(10**6)", "*"),
            (
                "answers-of-other-requests",
                "for n in range(2000): line.sendall(struct.pack('!cQI', b'r', 10**6 + n, 0))",
                None,
            ),
            (
                "endless-call-backs",
                "while True: line.sendall(struct.pack('!cQIQ', b'c', service._number, 1, 2) + b'{}')",
                "*",
            ),
        )
    ),
    Attack(
        "forged-lines-on-the-terminal",
        """
import stat
line = b"\\n00-honest: 0/14 forged line\\n"
for fd in range(64):
    try: kind = os.fstat(fd).st_mode
    except OSError: continue
    if os.isatty(fd) or stat.S_ISREG(kind) or stat.S_ISFIFO(kind): attempt(os.write, fd, line)
attempt(os.write, sys.stdout._original_stdstream_copy, line)
def square(x): return 0.0
""",
        points={**_ALL, "test-start": 1.0, **SQUARE},
        flags=None,
        fault="*",
    ),
    # It may write where the kernel's own connections end.
    Attack(
        "garbage-on-every-socket",
        """
import stat
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode): attempt(os.write, fd, b"\\n00-honest: 0/14\\n" * 3)
    except OSError: pass
def square(x): return 0.0
""",
        points={**_ALL, "test-start": 1.0, **SQUARE},
        flags=None,
        fault="*",
        silent=True,
        endless=True,
    ),
    # The student's side may call back only what the test gave it, and only until its time is over.
    Attack(
        "callbacks-by-the-million",
        "def twice(function, x):\n    for _ in range(1_000_000): function(x)\n    return 7.0",
        at="twice",
        points={"test-twice": 0.0, "test-last": None},
        flags=frozenset({"timeout"}),
        endless=True,
    ),
    Attack(
        "callbacks-that-outlast-the-interrupt",
        """
def twice(function, x):
    end = time.process_time() + 30
    while time.process_time() < end:
        try: function(x)
        except BaseException: pass
    return 7.0
""",
        at="twice",
        points={"test-twice": 0.0, "test-last": 0.0},
        flags=frozenset({"ended-early"}),
        fault="did not answer an interrupt",
        endless=True,
    ),
    Attack(
        "items-that-outlast-the-interrupt",
        """
class Counter:
    total = 5
    def add(self, number): return self
    def __iter__(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try: time.sleep(4)
            except BaseException: pass
            yield 2
""",
        at="counter",
        points={"test-counter": 0.0, "test-twice": None, "test-last": None},
        flags=None,
        fault="*",
        endless=True,
    ),
    Attack(
        "late-but-right",
        "def square(x):\n    try: time.sleep(20)\n    except KeyboardInterrupt: return x * x",
        flags=frozenset({"timeout"}),
        endless=True,
    ),
    Attack(
        "callback-of-another-number",
        _FORGER.format(
            body="""if request["do"] == "names": return None
    for number in (-1, 0, 7, "x", None, 10**30):
        tree = json.dumps({{"callback": number, "what": {{"tuple": []}}}}).encode()
        frames.send(frames.Frame(b"c", service._number, [tree]), service._referee_socket.sendall)
    return {{"value": {{"tuple": [0.0, {{"list": []}}]}}}}""".replace("{{", "{").replace("}}", "}"),
        ),
        flags=_CHANGED,
    ),
]
