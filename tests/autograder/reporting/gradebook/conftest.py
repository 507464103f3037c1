import pytest

from tests.support.gradebook import Book


@pytest.fixture
def book(tmp_path, toy_source, toy_student):
    return Book(tmp_path / "gradebook", toy_source, toy_student)
