"""``python -m autograder``: all commands, or in a student bundle those that students need."""

from pathlib import Path

if Path(__file__).with_name("cli").is_dir():
    from autograder.cli import main
else:
    from autograder.student_cli import main

main()
