import itertools
import json
import re
import subprocess
import sys

import pytest

from autograder.testing.hint_display import Hints, NoHint, steps_text
from autograder.testing.hints import HintsError, StuckPlace, exercise_id, parse_hints
from tests.conftest import ROOT

TEXT = """\
# Hints

For authors.

## softmax

1. What happens if all scores grow
   by the same number?
2. $p_i = e^{x_i - m} / \\sum_k e^{x_k - m}$
3. Two lines.

- **I get nan.** An exponential overflowed.
- **Shapes do not fit.** A reduction drops
  its axis.

## TwoLayerNet

1. One?
2. Two.
3. Three.

- **x * x is wrong.** Because.
"""
number = itertools.count()


@pytest.fixture
def hint(tmp_path, monkeypatch):
    """The hints of a new package, in a notebook that nobody grades and outside of IPython."""
    name = f"hinted_{next(number)}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / name / "hints.md").write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("AUTOGRADER_HEADLESS", raising=False)
    return Hints(name)


def shown(capsys):
    return " ".join(capsys.readouterr().out.split())


def test_a_file_gives_steps_and_stuck_places_by_grade_id():
    found = parse_hints(TEXT)
    assert list(found) == ["softmax", "two-layer-net"]
    assert found["softmax"].steps == (
        "What happens if all scores grow by the same number?",
        "$p_i = e^{x_i - m} / \\sum_k e^{x_k - m}$",
        "Two lines.",
    )
    assert found["softmax"].stuck[1] == StuckPlace("Shapes do not fit", "A reduction drops its axis.")
    assert found["two-layer-net"].stuck[0].name == "x * x is wrong"


def test_line_ends_of_windows_make_no_difference():
    assert parse_hints(TEXT.replace("\n", "\r\n")) == parse_hints(TEXT)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3. Two lines.\n", "", r"softmax: the steps are \['1.', '2.'\]. Expected 1. 2. 3."),
        ("2. $p_i", "4. $p_i", "the steps are"),
        ("3. Two lines.\n", "- **Early.** A place.\n3. Two lines.\n", "before the places"),
        ("- **x * x is wrong.** Because.\n", "", "TwoLayerNet: there is no stuck place"),
        ("- **I get nan.** An", "- An", "'An exponential overflowed.' has no name"),
        ("## softmax\n", "## softmax\n\nSome words.\n", "'Some words.' is neither a step"),
        ("## TwoLayerNet", "## softmax", "softmax are there twice"),
    ],
)
def test_what_is_not_in_the_form_is_named(old, new, message):
    with pytest.raises(HintsError, match=message):
        parse_hints(TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("name", "grade_id"),
    [
        ("sigmoid_derivative", "sigmoid-derivative"),
        ("sigmoid-derivative", "sigmoid-derivative"),
        ("TwoLayerNet", "two-layer-net"),
        ("MLP", "mlp"),
        ("conv2d_loops", "conv2d-loops"),
    ],
)
def test_an_exercise_goes_by_its_grade_id_and_by_the_name_that_students_write(name, grade_id):
    assert exercise_id(name) == grade_id


def test_each_call_shows_one_step_more_and_the_last_stays(hint, capsys):
    counts = []
    for _ in range(4):
        hint("softmax")
        text = shown(capsys)
        counts.append([f"step {step} of 3" in text for step in (1, 2, 3)])
    assert counts == [[True, False, False], [True, True, False], [True, True, True], [True, True, True]]


def test_exercises_are_counted_apart(hint, capsys):
    hint("softmax")
    hint("softmax")
    shown(capsys)
    hint("TwoLayerNet")
    assert "step 2 of 3" not in shown(capsys)


def test_the_first_step_says_how_to_get_more(hint, capsys):
    hint("softmax")
    text = shown(capsys)
    assert 'Run `check.hint("softmax")` again for step 2.' in text
    assert '`check.hint("softmax", stuck="nan")` helps at a place' in text
    assert 'get stuck: "I get nan", "Shapes do not fit".' in text


def test_what_is_suggested_finds_the_place_also_behind_a_quotation_mark():
    for chapter in sorted((ROOT / "workbook").glob("chapter*/hints.md")):
        for hints in parse_hints(chapter.read_text()).values():
            (word,) = re.findall(r', stuck="([^"]+)"\)', steps_text(hints, [1]))
            assert hints.stuck[0] in hints.stuck_at(word), (hints.name, word)


def test_a_step_can_be_asked_for_alone(hint, capsys):
    hint("softmax", step=3)
    text = shown(capsys)
    assert "Two lines." in text
    assert "step 1 of 3" not in text
    hint("softmax")
    assert "step 1 of 3" in shown(capsys), "asking for one step does not move the count"


@pytest.mark.parametrize("part", ["nan", "NaN", "I get nan"])
def test_a_stuck_place_goes_by_a_part_of_its_name(hint, capsys, part):
    hint("softmax", stuck=part)
    assert shown(capsys) == "I get nan. An exponential overflowed."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"exercise": "sofmax"}, "no hints for 'sofmax'. Did you mean 'softmax'.*softmax, TwoLayerNet"),
        ({"exercise": "dropout"}, "no hints for 'dropout'. There are some for: softmax, TwoLayerNet"),
        ({"exercise": len}, 'Write the name of the exercise as a text, such as "softmax"'),
        ({"exercise": "softmax", "step": 4}, "no step 4. Expected 1, 2 or 3"),
        ({"exercise": "softmax", "stuck": "loop"}, '\'loop\' in it. They name: "I get nan", "Shapes do not fit"'),
        ({"exercise": "softmax", "stuck": 3}, "They name"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(hint, arguments, message):
    with pytest.raises(NoHint, match=message) as caught:
        hint(**arguments)
    assert " ".join(caught.value._render_traceback_()) == str(caught.value)


def test_a_file_that_is_not_there_is_named(hint, tmp_path):
    next(tmp_path.glob("*/hints.md")).unlink()
    with pytest.raises(NoHint, match=r"hints.md is missing. Download the course's bundle again"):
        hint("softmax")


def test_nothing_is_read_or_shown_while_a_notebook_is_graded(hint, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AUTOGRADER_HEADLESS", "1")
    next(tmp_path.glob("*/hints.md")).unlink()
    hint("softmax")
    hint("no such exercise")
    assert capsys.readouterr().out == ""


def test_a_notebook_gets_markdown_and_a_terminal_the_same_as_text(hint, tmp_path):
    code = (
        "import json, os, sys\n"
        "os.environ.pop('AUTOGRADER_HEADLESS', None)\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "from IPython.utils.capture import capture_output\n"
        "from autograder.testing.hint_display import Hints\n"
        "InteractiveShell.instance()\n"
        "with capture_output() as captured:\n"
        f"    Hints({hint._package!r})('softmax')\n"
        "print(json.dumps(captured.outputs[0].data))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": f"{tmp_path}:{':'.join(filter(None, sys.path))}", "HOME": str(tmp_path), "PATH": ""},
    )
    data = json.loads(done.stdout.splitlines()[-1])
    assert data["text/markdown"] == steps_text(parse_hints(TEXT)["softmax"], [1])
    assert data["text/plain"].startswith("softmax, step 1 of 3. What happens if all scores grow by the same number?")


def test_making_hints_imports_nothing_that_a_kernel_would_wait_for():
    code = "import sys; from autograder.testing.hint_display import Hints; Hints('x'); print('IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
