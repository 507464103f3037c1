"""``python -m autograder``: all commands, or in a student bundle those that students need."""

from importlib.util import find_spec

if find_spec("autograder.cli") is not None:
    from autograder.cli import main
else:
    from autograder.student_cli import main

main()
