"""Files as editors of all systems save them."""

import json

import pytest

from autograder.errors import NotebookError
from autograder.notebook.decode import conflict_line, decoded
from autograder.notebook.parse_notebook import parse_notebook

TEXT = "Zoë: “π” 🙂"


def as_text(source=TEXT, **cell):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source, **cell}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, ensure_ascii=False)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_a_notebook_is_read_in_any_encoding_of_unicode(encoding):
    assert parse_notebook(as_text().encode(encoding), "x").cells[0].source == TEXT


def test_utf_16_of_either_order_is_told_by_its_mark():
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert decoded(mark + as_text().encode(encoding)).text == as_text()


def test_single_bytes_of_windows_are_read_as_windows_means_them():
    content = as_text("größer – 5 €").encode()
    content = content.replace("–".encode(), b"\x96").replace("€".encode(), b"\x80")
    assert parse_notebook(content, "x").cells[0].source == "größer – 5 €"
    assert decoded(content).encoding == "windows-1252"
    assert parse_notebook(as_text("Zoë naïve").encode("cp1252"), "x").cells[0].source == "Zoë naïve"


def test_half_a_character_of_utf_16_is_refused_in_words():
    with pytest.raises(NotebookError, match="cannot be read"):
        parse_notebook(b"\xff\xfe" + as_text().encode("utf-16-le")[:-1], "x")


@pytest.mark.parametrize("source", ["a\r\nb", "a\rb", ["a\r\n", "b"], ["a\n", "b"]])
def test_line_ends_are_line_feeds(source):
    assert parse_notebook(as_text(source).encode(), "x").cells[0].source == "a\nb"


def test_conflict_markers_are_named_as_such():
    head, tail = as_text().split('"cells"')
    merged = f'{head}\n<<<<<<< HEAD\n"cells"{tail}\n=======\n"cells"{tail}\n>>>>>>> 1a2b3c\n'
    with pytest.raises(NotebookError, match=r"conflict markers, the first in line 2.*choose one"):
        parse_notebook(merged.encode(), "x")


def test_a_row_of_equals_signs_is_no_conflict():
    assert conflict_line("Title\n=======\n") is None
    assert conflict_line(">>>>>>> quoted\n") is None
    assert conflict_line("<<<<<<< a\nx\n>>>>>>> b") == 1


def test_an_id_that_colab_keeps_among_the_metadata_is_the_cells():
    assert parse_notebook(as_text(metadata={"id": "double"}).encode(), "x").cells[0].id == "double"
