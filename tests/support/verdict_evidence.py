"""What the verdict of each test cell rests on, besides the values that the student's functions return.

``python -m tests.support.verdict_evidence`` prints the rows of the table in ``book/how-this-is-built.md``.
"""

from __future__ import annotations

from tests.support.chapter_run import ChapterRun

READ = {
    "state_arrays": "weights",
    "gradient_arrays": "gradients",
    "outputs": "outputs of networks",
    "described_item": "items",
    "described_batch": "batches",
    "length": "lengths",
    "figure_content": "the lines of a figure",
    "graph_content": "a graph",
    "arguments_after": "arguments after the call",
    "differentiated": "gradients by autograd",
}
"""Values that the referee has read and judges itself, by the helper function that reads them."""

WORD = {
    "ForwardPasses": "the mode of each forward pass, and whether gradients were tracked",
    "PassesThroughAnyNetwork": "how many forward passes there were, and with which layers",
    "TrainingSteps": "how many training steps there were",
    "call_for_warnings": "warnings of NumPy",
    "count_lines": "how many lines were run: no Python loop",
    "names_in": "the names in the code",
    "library_uses": "the libraries in the code",
    "AffineTransform": "which kind of image the transform was given",
}
"""What is noted next to the student's code and could be forged there. It may cost points, and earns none alone."""

_SILENT = {
    *("array_loader", "build_expression", "load_arrays", "recorded_call", "rewired", "set_arrays", "set_gradients"),
    *("set_parameters", "take_step", "tensor", "with_numbers", "write_files"),
}
"""Helpers that make something, call something or convert a value; what comes back is a value."""


def evidence(run: ChapterRun) -> dict[str, tuple[str, str]]:
    """For each test cell that rests on more than returned values: what is read, and what is the student's word.

    Raises:
        KeyError: if a test cell uses a helper that is in none of the tables above.
    """
    found = {}
    for test, asked in run.asked.items():
        helpers = {name.partition(".")[0] for name in asked} - _SILENT
        unknown = helpers - READ.keys() - WORD.keys()
        if unknown:
            raise KeyError(f"{test} uses {', '.join(sorted(unknown))}; say in {__name__} what it observes.")
        if helpers:
            found[test] = tuple("; ".join(table[n] for n in table if n in helpers) or "none" for table in (READ, WORD))
    return found  # type: ignore[return-value]


def table_rows(chapter: str, run: ChapterRun) -> list[str]:
    """The rows of the table for one chapter."""
    return [f"| {chapter[:2]} | `{test}` | {read} | {word} |" for test, (read, word) in evidence(run).items()]


if __name__ == "__main__":
    from autograder.course import Course
    from autograder.grading.source import prepare_source
    from tests.conftest import ROOT

    for name in sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")):
        print("\n".join(table_rows(name, ChapterRun(prepare_source(Course(ROOT), name)))), flush=True)
