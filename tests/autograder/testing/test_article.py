"""The kind of a value is named with the article that one would say."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pytest

from autograder.testing.article import class_with_article


class UserList:
    pass


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, "an int"),
        (1.0, "a float"),
        ({}, "a dict"),
        (np.zeros(2), "an ndarray"),
        (np.uint8(1), "a uint8"),
        (OrderedDict(), "an OrderedDict"),
        (UserList(), "a UserList"),
        (type("_", (), {})(), "a _"),
    ],
)
def test_the_article_is_the_one_that_is_spoken(value, kind):
    assert class_with_article(value) == kind
