"""``python -m authoring.recording NAME [--seeds 0,1,2] [--threads N]``: record one experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

import workbook.recorded
from authoring.recording.record import record
from autograder.course import Course


def main(
    name: Annotated[str, typer.Argument(help="a module of authoring.recording.experiments")],
    seeds: Annotated[str, typer.Option(help="numbers with commas between them")] = "0,1,2",
    threads: Annotated[int, typer.Option(help="threads for PyTorch")] = 1,
) -> None:
    """Run the experiment NAME at full scale and write its JSON into the helper package."""
    torch.set_num_threads(threads)
    folder = Path(workbook.recorded.__file__).parent
    record(Course(Path.cwd()), name, [int(seed) for seed in seeds.split(",")], folder / f"{name}.json")


if __name__ == "__main__":
    typer.run(main)
