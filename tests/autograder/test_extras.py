"""A command that lacks an extra says which."""

import sys
from importlib.metadata import PackageNotFoundError

import pytest

from autograder import extras
from autograder.cli.app import main
from autograder.errors import AutograderError
from autograder.extras import missing_extras_named


def advice(monkeypatch, module, *arguments, installed=True):
    def version(name):
        if not installed:
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(extras, "version", version)
    with pytest.raises(AutograderError) as caught, missing_extras_named(arguments):
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    return str(caught.value)


@pytest.mark.parametrize(
    ("module", "arguments", "extra"),
    [
        ("nbgrader.api", ["grade", "--jobs", "2", "folder"], "grade"),
        ("yaml", ["release"], "grade"),
        ("yaml", ["book", "--pdf"], "book"),
        ("sqlalchemy", ["demo"], "book"),
        ("sphinx.application", ["book"], "book"),
        ("distributed", ["grade", "x", "--scheduler", "tcp://h:1"], "cluster"),
        ("torch", ["doctor"], "course"),
    ],
)
def test_the_extra_and_the_command_that_installs_it_are_named(monkeypatch, module, arguments, extra):
    message = advice(monkeypatch, module, *arguments)
    assert message.startswith(
        f'`autograder {arguments[0]}` needs the extra {extra}: pip install "deep-learning-workbook[{extra}]"'
    )
    assert module.partition(".")[0] in message


def test_in_a_bundle_the_file_of_requirements_is_named(monkeypatch):
    message = advice(monkeypatch, "torch", "validate", "a.ipynb", installed=False)
    assert message == "`autograder validate` needs the package of the module torch: pip install -r requirements.txt"


@pytest.mark.parametrize("name", ["workbook.chapter05", "autograder.nothing", None])
def test_a_module_of_no_extra_is_a_fault_as_it_was(name):
    with pytest.raises(ModuleNotFoundError) as caught, missing_extras_named(["grade"]):
        raise ModuleNotFoundError("no such module", name=name)
    assert caught.value.name == name


def test_commands_end_with_the_advice_and_status_2(monkeypatch, capsys):
    def without_nbgrader():
        raise ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")

    monkeypatch.setattr("autograder.cli.app.app", without_nbgrader)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["autograder", "grade", "x"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "needs the extra grade" in capsys.readouterr().err
