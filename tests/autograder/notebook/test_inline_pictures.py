"""Pictures that tools write into the lines of a text."""

import json

from autograder.notebook.inline_pictures import attached
from autograder.notebook.parse_notebook import parse_notebook
from autograder.reporting.markup import prose

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEUlEQVR42mP8z4APMOGVHbHSAEEsARPXn8vBAAAAAElFTkSuQmCC"
ADDRESS = f"data:image/png;base64,{PIXEL}"


def test_a_picture_pasted_in_colab_becomes_an_attachment():
    text, pictures = attached(f"See: ![image.png]({ADDRESS}) there.", {})
    assert text == "See: ![image.png](attachment:inline-1.png) there."
    assert pictures == {"inline-1.png": {"image/png": PIXEL}}


def test_elements_and_definitions_are_pictures_too():
    text, pictures = attached(f"<img width=5 src='{ADDRESS}' alt='x'/>\n![b][image1]\n\n[image1]: <{ADDRESS}>\n", {})
    assert text.split() == ["![](attachment:inline-1.png)", "![b](attachment:inline-2.png)"]
    assert len(pictures) == 2


def test_attachments_that_are_there_keep_their_names():
    _, pictures = attached(f"![]({ADDRESS})", {"inline-2.png": {"image/png": "aGk="}, "x": {}})
    assert list(pictures) == ["inline-2.png", "x", "inline-3.png"]


def test_a_text_without_pictures_stays_as_it_is():
    for text in ("![x](attachment:x.png)", "`data:image/png`", "[a]: <b>\n![a]"):
        assert attached(text, {}) == (text, {})


def test_the_picture_is_shown_however_long_its_address():
    large = {"cell_type": "markdown", "metadata": {}, "source": f"![x]({ADDRESS}) " + "é" * 50 + f" ![y]({ADDRESS})"}
    content = json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": [large]}).encode()
    cell = parse_notebook(content, "x").cells[0]
    assert str(prose(cell.source, cell.attachments)).count("<img src=") == 2 and len(cell.source) < 200
