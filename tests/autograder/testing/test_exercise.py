import itertools
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.testing import Case, CheckFailed, Exercise, ForbiddenLoop, ForbiddenNames, ReferenceMissing, hidden_case
from autograder.testing.answers import NOTHING, decode, encode, key, live_answers
from autograder.testing.connection import connected
from autograder.testing.record import differences, main

REFERENCE = """
import numpy as np

def mean(x, axis=None):
    return np.mean(x, axis=axis)

def mean_mistakes(x, axis=None):
    return [
        ("sum", lambda: np.sum(x, axis=axis)),
        ("axis-ignored", lambda: np.mean(x)),
        ("one-row-only", lambda: np.mean(x[:1], axis=axis)),
        ("one-row-only", lambda: np.mean(x[-1:], axis=axis)),
    ]
"""
EXERCISES = """
import numpy as np
from autograder.testing import Case, Exercise

mean = Exercise(
    "mean",
    __package__ + ".reference:mean",
    [Case("mean(x)", lambda: [np.arange(6.0).reshape(2, 3) ** 2]),
     Case("mean(x, axis=0)", lambda: [np.arange(6.0).reshape(2, 3) ** 2], {"axis": 0})],
    {"sum": "divide.", "axis-ignored": "use axis.", "one-row-only": "use all rows."},
    summary="two cases",
)
"""
number = itertools.count()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A new course package with a reference and one declared exercise; nothing is recorded yet."""
    name = f"recorded_course_{next(number)}"
    (tmp_path / name).mkdir()
    for module, text in {"__init__": "", "reference": REFERENCE, "exercises": EXERCISES}.items():
        (tmp_path / name / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    # A module that is written twice in a second, in the same length, would be taken from the bytecode of the first.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delenv("AUTOGRADER_HEADLESS", raising=False)
    return tmp_path / name


def declared(package):
    return __import__(f"{package.name}.exercises", fromlist=["mean"]).mean


def without_reference(package):
    (package / "reference.py").unlink()
    return declared(package)


def mean(x, axis=None):
    return x.mean(axis=axis)


def failure(check, *args, **kwargs):
    with pytest.raises(CheckFailed) as caught:
        check(*args, **kwargs)
    return caught.value


# --- recorded, live, neither ---


def test_recorded_values_check_and_name_without_the_reference(package, capsys):
    assert main([f"{package.name}.exercises"]) == 0
    sys.modules.pop(f"{package.name}.reference")
    exercise = without_reference(package)
    exercise(mean)
    assert "mean: correct for 2 visible cases (two cases)." in capsys.readouterr().out
    assert failure(exercise, lambda x, axis=None: x.sum(axis=axis)).mistake == "sum"
    assert failure(exercise, lambda x, axis=None: x.mean()).mistake == "axis-ignored"
    assert failure(exercise, lambda x, axis=None: x[-1:].mean(axis=axis)).mistake == "one-row-only"
    assert failure(exercise, lambda x, axis=None: x.mean(axis=axis) + 1).mistake is None


def test_a_recorded_value_is_used_before_the_reference(package):
    main([f"{package.name}.exercises"])
    (package / "reference.py").write_text("raise RuntimeError('not to be imported')")
    sys.modules.pop(f"{package.name}.reference")
    declared(package)(mean)


def test_the_reference_is_used_where_nothing_is_recorded(package):
    exercise = declared(package)
    exercise(mean)
    assert failure(exercise, lambda x, axis=None: x.sum(axis=axis)).hint == "divide."


def test_the_values_of_a_package_of_references_are_recorded_next_to_it(package):
    (package / "reference").mkdir()
    (package / "reference" / "__init__.py").touch()
    (package / "reference.py").rename(package / "reference" / "means.py")
    (package / "exercises.py").write_text(EXERCISES.replace(".reference:mean", ".reference.means:mean"))
    assert main([f"{package.name}.exercises"]) == 0
    assert all(
        name.startswith("reference.means:mean ") for name in json.loads((package / "recorded_values.json").read_text())
    )
    shutil.rmtree(package / "reference")
    sys.modules.pop(f"{package.name}.reference.means")
    declared(package)(mean)


def test_a_changed_case_does_not_get_the_value_of_the_old_one(package):
    main([f"{package.name}.exercises"])
    changed = EXERCISES.replace("np.arange(6.0).reshape(2, 3) ** 2], {", "np.arange(6.0).reshape(2, 3) ** 3], {")
    (package / "exercises.py").write_text(changed)
    for module in ("reference", "exercises"):
        sys.modules.pop(f"{package.name}.{module}")
    with pytest.raises(ReferenceMissing, match=r"mean\(x, axis=0\) cannot be checked.*testing\.record"):
        without_reference(package)(mean)


def test_a_grading_kernel_with_neither_says_so_and_goes_on(package, capsys, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_HEADLESS", "1")
    without_reference(package)(lambda x, axis=None: 1 / 0)
    assert capsys.readouterr().out == "mean: not checked while grading\n"


def test_the_referee_never_passes_what_it_cannot_check(package, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_HEADLESS", "1")
    exercise = without_reference(package)
    with connected(object()), pytest.raises(ReferenceMissing):
        exercise(mean)


def test_a_hidden_case_never_passes_unchecked(package, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_HEADLESS", "1")
    exercise = without_reference(package)
    with pytest.raises(ReferenceMissing), hidden_case("one row"):
        exercise.check(mean, np.ones((1, 3)))


def test_a_notebook_with_neither_is_told_what_is_missing(package):
    with pytest.raises(
        ReferenceMissing,
        match=rf"no recorded value.*{package.name}\.reference, which computes right values, is not installed",
    ):
        without_reference(package)(mean)


def test_a_library_that_the_reference_lacks_is_not_taken_for_a_missing_reference(package):
    (package / "reference.py").write_text("import no_such_library")
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        declared(package)(mean)


def test_declaring_loads_neither_reference_nor_torch(package):
    code = f"import sys, {package.name}.exercises; print({{'torch', '{package.name}.reference'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.stdout == "set()\n", done.stderr


# --- other inputs, forms, rules ---


@given(arrays(np.float64, (3, 2), elements=st.floats(-100, 100, width=32)), st.sampled_from([0, 1, None]))
def test_other_inputs_are_compared_with_the_reference(x, axis):
    exercise = Exercise("mean", "numpy:mean")
    exercise.check(lambda x, axis: np.sum(x, axis=axis) / np.size(x) * np.size(np.sum(x, axis=axis)), x, axis=axis)
    assert failure(exercise.check, lambda x, axis: np.mean(x, axis=axis) + 1, x, axis=axis).message.startswith("mean")


def test_a_mistake_that_gives_the_right_value_or_none_is_not_recognised(package):
    declared(package)
    (wrong,) = live_answers(f"{package.name}.reference:mean", [np.zeros((2, 3))], {}).wrong["sum"]
    assert wrong() is NOTHING
    (package / "reference.py").write_text("def f(x): return 1.0\ndef f_mistakes(x): return [('m', lambda: [][0])]")
    sys.modules.pop(f"{package.name}.reference")
    exercise = Exercise("f", f"{package.name}.reference:f", mistakes={"m": "hint"})
    assert failure(exercise.check, lambda x: np.nan, 0.0).mistake != "m"


def test_one_part_of_a_tuple_is_compared():
    exercise = Exercise("both", "builtins:abs", part=1)
    exercise.check(lambda x: (0, abs(x)), -2.0)
    assert "is a float; expected a tuple" in failure(exercise.check, lambda x: abs(x), -2.0).message
    assert "has 1 part(s)" in failure(exercise.check, lambda x: (abs(x),), -2.0).message


def test_the_form_is_looked_at_before_the_value():
    def form(got, what, *args):
        raise CheckFailed(f"{what} of {args} has a form of its own", None, "form")

    exercise = Exercise("f", "builtins:abs", [Case("f(-2)", [-2.0])], form=form)
    assert failure(exercise, lambda x: 3.0).message == "f(-2) of (-2.0,) has a form of its own"


def test_rules_follow_the_cases_and_further_checks_the_rules(capsys):
    seen = []
    rule = ForbiddenNames(["add", "dot"], "compute it yourself.")
    exercise = Exercise("f", "builtins:abs", [Case("f(-2)", [-2.0])], forbidden=[rule], also=[seen.append])

    def answer(x):
        return np.add(x, -2 * x)

    caught = failure(exercise, answer)
    assert (caught.mistake, seen) == ("forbidden-name", [])
    assert "f uses add" in caught.message
    assert capsys.readouterr().out == ""
    exercise(abs)
    assert seen == [abs]


def test_a_loop_is_counted():
    rule = ForbiddenLoop("rows", Case("3 rows", [np.ones(3)]), Case("9 rows", lambda: [np.ones(9)]), "Use np.sum.")

    def loops(x):
        total = 0.0
        for value in x:
            total += value
        return total

    caught = failure(rule.check, loops, "total")
    assert caught.mistake == "loop-over-rows" and caught.hint.endswith("Use np.sum.")
    assert "lines of Python for 3 rows" in caught.message
    rule.check(lambda x: x.sum(), "total")


# --- the file ---


@given(
    st.sampled_from([np.float64, np.float32, np.int64, np.bool_]).flatmap(
        lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    )
)
def test_what_is_recorded_reads_back_to_the_same_bits(x):
    back = decode(json.loads(json.dumps(encode(x))))
    assert (back.dtype, back.shape) == (x.dtype, x.shape)
    np.testing.assert_array_equal(back, x)


@pytest.mark.parametrize(
    "other",
    [[np.ones((3, 2))], [np.ones((2, 3), np.float32)], [np.ones(6)], [np.ones((2, 3)), 1], [[1.0]], [None], ["1"]],
    ids=str,
)
def test_other_inputs_have_another_key(other):
    assert key("a.b:f", other, {}) != key("a.b:f", [np.ones((2, 3))], {})
    assert key("a.b:f", other, {}) != key("a.b:f", other, {"axis": 0})


def test_last_bits_do_not_change_the_key():
    assert key("a.b:f", [1.1], {"x": {"y": np.array([0.3])}}) == key(
        "a.b:f", [1.1], {"x": {"y": np.array([0.1 + 0.2])}}
    )


@pytest.mark.parametrize(("value", "words"), [(1j, "complex"), (np.zeros(5000), "Make the case smaller")])
def test_a_value_that_cannot_be_recorded_is_refused(value, words):
    with pytest.raises((TypeError, ValueError), match=words):
        encode(value)


def test_an_input_that_is_no_data_is_refused():
    with pytest.raises(TypeError, match="argument of type builtin_function_or_method"):
        key("a.b:f", [len], {})


def test_right_values_keep_every_digit_and_wrong_ones_enough_to_be_recognised(package):
    (package / "exercises.py").write_text(EXERCISES.replace("** 2", "** 2 / 7"))
    main([f"{package.name}.exercises"])
    _, averaged = json.loads((package / "recorded_values.json").read_text()).values()
    assert averaged["right"]["values"] == list((np.arange(6.0).reshape(2, 3) ** 2 / 7).mean(axis=0))
    assert averaged["wrong"]["sum"][0]["values"] == [1.28571429, 2.42857143, 4.14285714]


def test_the_check_reports_what_is_missing_left_over_and_different(package, capsys):
    modules = [f"{package.name}.exercises"]
    assert main([*modules, "--check"]) == 1
    assert capsys.readouterr().out.count("is missing") == 2
    main(modules)
    assert main([*modules, "--check"]) == 0
    file = package / "recorded_values.json"
    recorded = json.loads(file.read_text())
    first, second = recorded
    recorded[first]["wrong"]["sum"][0]["values"][0] += 1e-6
    recorded["reference:mean 0000"] = recorded.pop(second)
    file.write_text(json.dumps(recorded))
    lines = differences([declared(package)])
    assert [line.split(": ")[1] for line in lines] == [
        f"{second} is missing",
        "reference:mean 0000 is left over",
        f"{first} differs",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"sum": "divide.", ', "", "mean: sum must have a hint"),
        ("np.arange(6.0).reshape(2, 3) ** 2]),", "np.random.default_rng().random((2, 3))]),", "Seed its generator"),
        ("__package__ + ", '"numpy:mean" or ', "is not package.module:function"),
    ],
)
def test_what_cannot_be_recorded_is_said(package, old, new, words):
    assert old in EXERCISES
    (package / "exercises.py").write_text(EXERCISES.replace(old, new))
    with pytest.raises(ValueError, match=words):
        main([f"{package.name}.exercises"])


def test_recording_needs_the_reference(package):
    (package / "reference.py").unlink()
    with pytest.raises(ReferenceMissing, match="recording needs it"):
        main([f"{package.name}.exercises"])
