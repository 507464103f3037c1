"""What of a cell with magics is left when it runs outside IPython."""

import pytest

from autograder.notebook.magics import UnservedMagic, python_source


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("assert f(1) == 2", "assert f(1) == 2"),
        ("%time 1\nassert f(1)", "1\nassert f(1)\n"),
        ("\n\n%matplotlib inline\nimport x\n!pip install y", "\n\npass\nimport x\npass\n"),
        ("%%time\nx = f(2)", "\nx = f(2)"),
        ("%%timeit -n 10 -r 3\nf(2)", "\nf(2)"),
        ("%%capture out\nprint(1)", "\nprint(1)"),
        ("%timeit -n 10 f(3)", "f(3)\n"),
        ("if True:\n    %time y = f(3)\n    !ls\nz = 1", "if True:\n    y = f(3)\n    pass\nz = 1\n"),
        ("%%bash\nls", "\n"),
        ("a = await f()", "a = await f()"),
        ("f?", "pass\n"),
        ("%load_ext autoreload\n%autoreload 2", "pass\npass\n"),
    ],
)
def test_what_runs_stays_and_keeps_its_line(source, python):
    assert python_source(source) == python


@pytest.mark.parametrize("source", ["%run other.py", "files = !ls", "%%unheard\nx", "x = %sql SELECT 1"])
def test_what_only_a_kernel_can_do_is_refused_with_a_sentence(source):
    with pytest.raises(UnservedMagic, match="is not available where tests run"):
        python_source(source)


def test_what_is_no_python_is_a_syntax_error():
    with pytest.raises(SyntaxError):
        python_source("def f(:")
