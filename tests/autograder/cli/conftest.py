"""Commands in the process of the test: what starts no kernel need not wait for another Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from autograder.cli import main


class Done(NamedTuple):
    """How a command ended: exit status, output, and error output on one line without frames."""

    status: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command with its arguments, started in the folder ``cwd``."""

    def run(*arguments: object, cwd: Path) -> Done:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        status = ended.value.code or 0
        assert isinstance(status, int)
        return Done(status, output.out, " ".join(output.err.replace("│", " ").split()))

    return run
