"""Answer the notebooks of a student bundle with the authors' solutions, so that every check of it can be tried.

Use: python .ci/answer_bundle.py FOLDER
"""

import sys
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from authoring.sample_class import filled_in
from autograder.course import Course
from autograder.grading.source import prepare_source

course = Course(Path(__file__).resolve().parents[1])
for path in sorted(Path(sys.argv[1]).glob("*.ipynb")):
    student = nbformat.read(path, as_version=4)
    nbformat.write(filled_in(prepare_source(course, path.stem), student), path)
    print(f"answered {path}")
