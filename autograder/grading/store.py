"""A results folder: one JSON file and one executed notebook for each submission, written whole or not at all.

``submissions/<student>/<assignment>.json``, ``executed/<student>/<assignment>.ipynb``, and ``results.json`` with what
counts of all runs into this folder. Only the process that runs a batch writes; what is in the folder when it is killed
counts when it is started again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.errors import ResultsError
from autograder.files import file_name, write_atomically
from autograder.grading.grade_submission import GradedSubmission
from autograder.printable import printable
from autograder.results import SubmissionResult, batch_from_json, batch_to_json, from_json, to_json


class ResultsFolder:
    """The results of a term on disk.

    Args:
        root: the folder; created when something is written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def result_path(self, student: str, assignment: str) -> Path:
        """Where one submission's result is kept."""
        return self.root / "submissions" / file_name(student) / f"{file_name(assignment)}.json"

    def notebook_path(self, student: str, assignment: str) -> Path:
        """Where one submission's executed notebook is kept. It holds hidden tests: for instructors only."""
        return self.root / "executed" / file_name(student) / f"{file_name(assignment)}.ipynb"

    def finished(self, student: str, assignment: str, key: str) -> SubmissionResult | None:
        """The result of an earlier run that was made from the same things, or None."""
        result = _result(self.result_path(student, assignment))
        return result if result is not None and result.digest == key else None

    def write(self, graded: GradedSubmission) -> None:
        """Keep one result; the notebook goes first, so that a result never lacks its notebook.

        Raises:
            ResultsError: if the disk is full or cannot be written; what was written before stays.
            Exception: whatever nbformat raises for a notebook that is not one; nothing is written then.
        """
        student, assignment = graded.result.student, graded.result.assignment
        notebook = self.notebook_path(student, assignment)
        if graded.notebook is not None:
            _write(notebook, printable(nbformat.writes(graded.notebook), lines=True))
        else:
            # That of an earlier run is not this result's.
            notebook.unlink(missing_ok=True)
        _write(self.result_path(student, assignment), _dump(to_json(graded.result)))

    def write_batch(self, results: list[SubmissionResult], without_notebook: Sequence[str] = ()) -> Path:
        """Write ``results.json`` with these results and no others, and return its path.

        See :func:`autograder.results.batch_to_json`; what stays of earlier runs, the caller puts among ``results``.
        """
        path = self.root / "results.json"
        _write(path, _dump(batch_to_json(results, without_notebook)))
        return path

    def earlier(self) -> list[SubmissionResult]:
        """What earlier runs left: the results in ``results.json`` of which the submission's own file is still there.

        Where ``results.json`` cannot be read, all files of submissions that can.
        """
        if not (self.root / "results.json").is_file():
            return []
        try:
            results = self.read_batch()
        except ResultsError:
            found = [_result(path) for path in sorted(self.root.glob("submissions/*/*.json"))]
            return [result for result in found if result is not None]
        return [result for result in results if self.result_path(result.student, result.assignment).is_file()]

    def read_batch(self) -> list[SubmissionResult]:
        """The results that count, of all runs into this folder.

        Raises:
            ResultsError: if there are none, or they are damaged or of another version.
        """
        path = self.root / "results.json"
        if not path.is_file():
            raise ResultsError(f"{self.root} holds no results.json. Expected the folder that `autograder grade` wrote.")
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            results = batch_from_json(data)
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise ResultsError(
                f"{path} is damaged ({error}). Run `autograder grade` again; finished work is kept."
            ) from error
        if not results:
            raise ResultsError(f"{path} holds no submission. Run `autograder grade` on a folder that holds some.")
        return results

    def read_notebook(self, result: SubmissionResult) -> NotebookNode | None:
        """The executed notebook of a result, or None where nothing was executed."""
        path = self.notebook_path(result.student, result.assignment)
        return nbformat.read(path, as_version=4) if path.is_file() else None


def _result(path: Path) -> SubmissionResult | None:
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, AttributeError, RecursionError, ResultsError):
        # Whatever is in that file, it is not a result; grading again writes one.
        return None


def _write(path: Path, text: str) -> None:
    try:
        write_atomically(path, text)
    except OSError as error:
        raise ResultsError(
            f"{path} cannot be written: {error.strerror}. Make room, or name another folder with --out, and run the "
            "command again; finished work is kept."
        ) from error


def _dump(data: object) -> str:
    return printable(json.dumps(data, indent=1, ensure_ascii=False) + "\n", lines=True)
