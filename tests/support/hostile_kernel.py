"""A student's kernel whose helper code was changed: it answers what the forger wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autograder.kernel.agent import Agent
from autograder.kernel.serialization import Decoder
from tests.support.chapter_run import ChapterRun, Outcome
from tests.support.refereed import LocalChannel

Forged = Mapping[str, Callable[..., Any]]


class HostileAgent(Agent):
    """Answers like an honest one, but for some functions of the helper package.

    Args:
        names: the student's.
        call_back: as for an honest one.
        forged: what runs in the place of a helper function, by its name.
    """

    def __init__(self, names: Mapping[str, Any], call_back: Callable[..., Any], forged: Forged) -> None:
        super().__init__(names, call_back)
        self.forged = forged

    def _do_beside(self, request: Mapping[str, Any], decoder: Decoder) -> Any:
        function = self.forged.get(request["name"].partition(":")[2])
        if function is None:
            return super()._do_beside(request, decoder)
        args, kwargs = decoder.decode(request["what"])
        return function(*args, **kwargs)


class HostileChannel(LocalChannel):
    """A channel to such a kernel, which holds the same names as an honest one."""

    def __init__(self, names: dict[str, Any], forged: Forged) -> None:
        super().__init__(names)
        self._agent = HostileAgent(names, self._call_back, forged)


@contextmanager
def hostile(run: ChapterRun, forged: Forged) -> Iterator[None]:
    """Within the block, answers of this chapter are judged in a kernel that forges."""
    honest, run.channel = run.channel, HostileChannel(run.names, forged)
    try:
        yield
    finally:
        run.channel = honest


def judge_forged(run: ChapterRun, grade_id: str, source: str, forged: Forged) -> Outcome:
    """What the test cells make of an answer whose kernel forges."""
    with hostile(run, forged):
        return run.judge(grade_id, source, training=True)
