"""The landing page's demonstration: a wrong answer, what the real check says of it, and the answer put right."""

from __future__ import annotations

import contextlib
import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.testing import CheckFailed
from workbook.chapter01 import exercises

MARKER = re.compile(r"^% check demonstration$", re.MULTILINE)

WRONG = '''\
def softmax(x):
    """Return probabilities along the last axis of x."""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)'''
RIGHT = '''\
def softmax(x):
    """Return probabilities along the last axis of x."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)'''

_FIX = "Fix it: one sum for each row"


@dataclass(frozen=True)
class Verdict:
    """What a check said.

    Attributes:
        passed: whether the answer is right.
        text: what the check printed, or its message.
    """

    passed: bool
    text: str


def verdict_on(source: str) -> Verdict:
    """Run chapter 01's check of ``softmax`` on an answer."""
    names: dict[str, Any] = {"np": np}
    exec(source, names)
    return _verdict(exercises.softmax, names["softmax"])


def with_demonstration(text: str) -> str:
    """The page ``text`` with the demonstration in place of the line ``% check demonstration``."""
    return MARKER.sub(lambda _: demonstration(), text)


def demonstration() -> str:
    """A Markdown block with both answers and what the check says of each.

    Without scripts both are shown, one below the other; ``_static/scripts/check-demo.js`` shows one at a time.
    """
    wrong, right = (_state(source, verdict_on(source)) for source in (WRONG, RIGHT))
    return (
        '```{raw} html\n<div class="check-demo">\n'
        f'<div class="answer wrong">\n{wrong}\n</div>\n'
        f'<p class="act" hidden><button type="button" aria-controls="check-demo-right">{_FIX}</button></p>\n'
        f'<div class="answer right" id="check-demo-right" aria-live="polite">\n{right}\n</div>\n'
        "</div>\n```"
    )


def _verdict(check: Callable[[Any], None], answer: Any) -> Verdict:
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            check(answer)
    except CheckFailed as failure:
        return Verdict(False, "\n".join(failure._render_traceback_()))
    return Verdict(True, printed.getvalue().strip())


def _state(source: str, verdict: Verdict) -> str:
    told = "passed" if verdict.passed else "failed"
    code = "\n".join(_line(line, line not in WRONG.splitlines()) for line in source.splitlines())
    return (
        f'<pre class="source" tabindex="0"><code>{code}</code></pre>\n'
        f'<pre class="verdict {told}" tabindex="0"><code>{html.escape(verdict.text)}</code></pre>'
    )


def _line(line: str, changed: bool) -> str:
    text = html.escape(line)
    return f"<mark>{text}</mark>" if changed else text
