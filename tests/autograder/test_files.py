from autograder.files import file_name

CYRILLIC = "Преображенская-Вознесенская Александра"


def test_long_names_that_begin_alike_have_files_of_their_own():
    names = [CYRILLIC, f"{CYRILLIC} (2)", "x" * 300 + "a", "x" * 300 + "b"]
    assert len({file_name(name) for name in names}) == len(names)
    assert max(len(file_name(name)) for name in names) <= 200


def test_a_name_made_like_a_shortened_one_has_a_file_of_its_own():
    shortened = file_name("x" * 300)
    assert file_name(shortened) != shortened
