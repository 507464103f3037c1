"""``python -m tests.machines``: what the checks say of every chapter's answers where arithmetic rounds differently.

No verdict and no named mistake may hang on the last bits of a sum. Libraries choose their code by the processor; the
variables below make them choose as on another one. Each such machine judges all solutions, stubs and wrong answers,
and the last one does so, and grades whole notebooks, beside busy loops.

With names of machines as arguments, only those are tried. Exits with 1 where one of them disagrees.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.busy import busy_loops

ROOT = Path(__file__).resolve().parents[1]
_ANSWERS = ("tests/chapters/test_answers.py", "tests/workbook", "tests/autograder/testing")
_WHOLE = ("tests/chapters/test_answers.py", "tests/chapters/test_graded_notebooks.py")
_BUSY_LOOPS = 12
# As `make test` does: tests/conftest.py decides what comes first.
PARALLEL = ("-n", "logical", "--dist", "loadgroup", "--no-loadscope-reorder")
# What NumPy, PyTorch, oneDNN and MKL use of an x86 processor with AVX2 and without AVX-512.
_AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
}
_OLD = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "NPY_DISABLE_CPU_FEATURES": f"{_AVX2['NPY_DISABLE_CPU_FEATURES']} X86_V3",
}


@dataclass(frozen=True)
class Machine:
    """A machine to imitate.

    Attributes:
        name: what the report calls it.
        environment: variables for the test processes.
        needs: processor flags without which it cannot be imitated.
        tests: what is run there.
        busy: True where loops keep all cores busy while the tests run.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    tests: Sequence[str] = _ANSWERS
    busy: bool = False


MACHINES = (
    Machine("this"),
    Machine("two-threads", {"OMP_NUM_THREADS": "2"}),
    Machine("nehalem", {**_OLD, "OPENBLAS_CORETYPE": "Nehalem"}),
    Machine("haswell", {**_AVX2, "OPENBLAS_CORETYPE": "Haswell"}, frozenset({"avx2", "fma"})),
    Machine("zen", {**_AVX2, "OPENBLAS_CORETYPE": "Zen"}, frozenset({"avx2", "fma"})),
    Machine("busy", tests=_WHOLE, busy=True),
)


def main(names: Sequence[str]) -> int:
    """Try the machines called ``names``, or all; returns the exit status."""
    unknown = set(names) - {machine.name for machine in MACHINES}
    if unknown:
        print(f"no machine is called {', '.join(sorted(unknown))}; there are {', '.join(m.name for m in MACHINES)}.")
        return 2
    chosen = [machine for machine in MACHINES if not names or machine.name in names]
    statuses = [_try(machine) for machine in chosen]
    return int(any(statuses))


def _try(machine: Machine) -> int:
    missing = machine.needs - _processor_flags()
    if missing:
        print(f"{machine.name}: not tried, this processor lacks {', '.join(sorted(missing))}", flush=True)
        return 0
    print(f"{machine.name}: {' '.join(f'{k}={v!r}' for k, v in machine.environment.items())}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *PARALLEL, "-m", "not thorough"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **machine.environment}
    began = time.monotonic()
    with busy_loops(_BUSY_LOOPS if machine.busy else 0):
        done = subprocess.run([*command, *machine.tests], cwd=ROOT, env=environment, check=False)
    verdict = "agrees" if done.returncode == 0 else "DISAGREES"
    print(f"{machine.name}: {verdict}, in {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode


def _processor_flags() -> frozenset[str]:
    """What the processor offers, as Linux names it; nothing elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith("flags")), "").split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
