"""What ``--help`` says."""

import re

import pytest
from typer.testing import CliRunner

import autograder.cli
from autograder.cli.app import app

COMMANDS = {command.name or command.callback.__name__: command.callback for command in app.registered_commands}
assert len(COMMANDS) == len(set(autograder.cli.__all__) - {"main"})


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_has_every_word_of_the_description(name):
    shown = CliRunner().invoke(app, [name.replace("_", "-"), "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    words = re.sub(r"[`*]", "", COMMANDS[name].__doc__).split()
    assert " ".join(words) in " ".join(shown.output.split())
