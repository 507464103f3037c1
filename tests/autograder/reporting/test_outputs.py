import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.reporting.outputs import MAX_LINES, MAX_PICTURES, Budget, Display, clean
from tests.autograder.reporting.test_pictures import encoded


def shown(*outputs, display=None):
    cell = new_code_cell("", outputs=list(outputs))
    return "".join((display or Display()).outputs(cell, "double"))


def data(**kinds):
    return new_output("display_data", data={key.replace("__", "/"): value for key, value in kinds.items()})


def test_streams_that_follow_each_other_are_one_text():
    text = shown(new_output("stream", text="a\n"), new_output("stream", name="stderr", text="b\n"))
    assert text == '<pre tabindex="0">a\nb</pre>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        (" 10%\r 50%\r100%\nnext", "100%\nnext"),
        ("done\r\n", "done\n"),
        ("a\x00\x07b\x1b]", "ab"),
    ],
)
def test_text_is_what_a_terminal_would_show(text, expected):
    assert clean(text).replace("]", "") == expected


def test_long_output_is_cut_with_a_note():
    text = shown(new_output("stream", text="line\n" * (MAX_LINES + 100)))
    assert text.count("line") == MAX_LINES
    assert "more characters" in text


def test_an_error_is_its_name_text_and_line_without_the_traceback():
    trace = ["\x1b[31mCell\x1b[0m In[3], line 2", "File /usr/lib/python3/site-packages/numpy/x.py:9, in f()"]
    text = shown(new_output("error", ename="ValueError", evalue="bad: /tmp/work-1/a/x.csv", traceback=trace))
    assert "Line 2 of this cell: ValueError: bad: …/x.csv" in text
    assert "numpy" not in text


def test_a_cell_that_python_cannot_read_is_named_without_the_file_that_ipython_invents():
    error = {"ename": "SyntaxError", "evalue": "invalid syntax (893554595.py, line 2)"}
    text = shown(new_output("error", **error, traceback=["  Cell In[3], line 2", "    retrun 1", "    ^"]))
    assert "Line 2 of this cell: SyntaxError: invalid syntax<" in text
    assert "SyntaxError: invalid syntax (line 2 of this cell)<" in shown(new_output("error", **error, traceback=[]))


def test_a_picture_is_preferred_to_its_text():
    text = shown(data(image__png=encoded(), text__plain="<Figure size 640x480>"))
    assert text.startswith('<img class="figure" src="data:image/png;base64,')
    assert "Figure size" not in text
    assert "made by the code of double" in text


def test_a_table_is_preferred_to_its_text():
    text = shown(data(text__html="<table><tr><td>1</td></tr></table><script>x</script>", text__plain="1"))
    assert text == '<div class="html" tabindex="0"><table><tbody><tr><td>1</td></tr></tbody></table></div>'


def test_a_folder_named_in_a_table_is_taken_out():
    assert "…/x" in shown(data(text__html="<p>/home/ta/course/x</p>"))


def test_what_needs_a_script_is_named_and_its_text_shown():
    kinds = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "IntSlider(value=3)"}
    text = shown(new_output("display_data", data=kinds))
    assert "IntSlider(value=3)" in text
    assert "needs a script: application/vnd.jupyter.widget-view+json" in text
    assert "application/javascript" in shown(data(application__javascript="alert(1)"))


def test_latex_is_drawn():
    assert '<svg class="tex' in shown(data(text__latex="$\\displaystyle x^2$", text__plain="x**2"))


def test_a_page_holds_only_so_many_pictures():
    display = Display()
    text = shown(*[data(image__png=encoded())] * (MAX_PICTURES + 3), display=display)
    assert text.count("<img") == MAX_PICTURES
    assert text.count("no room for more") == 3
    assert not Budget(pictures=5, characters=10).spend("x" * 11)


@pytest.mark.parametrize("output", [{"output_type": "display_data", "data": 3}, {"output_type": "?"}, 7, "text", None])
def test_an_output_of_no_known_form_is_passed_over(output):
    cell = new_code_cell("")
    cell["outputs"] = [output]
    assert Display().outputs(cell, "double") == []


def test_data_of_the_wrong_type_are_shown_as_text():
    cell = new_code_cell("")
    cell["outputs"] = [{"output_type": "display_data", "data": {"text/plain": {"k": 1}}}]
    assert "&#39;k&#39;: 1" in Display().outputs(cell, "double")[0]
