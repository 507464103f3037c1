"""Wheels are what installers take, and their names change with their content."""

import io
import zipfile

from autograder.publishing.lite.wheels import course_wheel, installed_wheel, package_of


def listed(wheel):
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        return set(archive.namelist())


def test_a_courses_modules_are_packed_with_what_an_installer_reads():
    wheel = course_wheel("my-course", {"kit/__init__.py": b"", "kit/plot.py": b"x = 1\n"})
    name = wheel.file.removesuffix("-py3-none-any.whl")
    about = {f"{name}.dist-info/{file}" for file in ("METADATA", "WHEEL", "RECORD")}
    assert name.startswith("my_course-0.post")
    assert listed(wheel) == {"kit/__init__.py", "kit/plot.py", *about}


def test_a_browser_that_keeps_files_fetches_a_changed_course_again():
    first, same, other = (course_wheel("c", {"kit.py": source}) for source in (b"x = 1", b"x = 1", b"x = 2"))
    assert first == same
    assert first.file != other.file


def test_an_installed_package_of_pure_python_is_packed_as_it_is():
    wheel = installed_wheel("comm")
    assert "comm/__init__.py" in listed(wheel)
    assert not any("__pycache__" in path for path in listed(wheel))


def test_what_is_compiled_needs_others_or_is_not_there_is_not_packed():
    assert [installed_wheel(module) for module in ("numpy", "IPython", "no_such_module")] == [None, None, None]
    assert package_of("sklearn") == "scikit-learn"
