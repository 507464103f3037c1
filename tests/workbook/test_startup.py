"""`import torchvision` works wherever a student may write it, on a machine with a CPU build of torch as well."""

import subprocess
import sys

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.course_settings import FILE
from autograder.grading.grade_submission import Settings, Source
from autograder.grading.preloads import modules_to_preload
from autograder.kernel.isolation import available
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import cold, forked_from
from autograder.kernel.session import execute
from autograder.kernel.zygote_client import zygote_where_possible
from autograder.notebook.student_edition import student_edition
from autograder.publishing.release import as_handed_out
from autograder.validation import validate_notebook
from tests.conftest import ROOT
from tests.support.toy import meta

BARE = "import torchvision\nprint(torchvision.models.resnet18.__name__, torchvision.transforms.ToTensor.__name__)"
PRINTED = "resnet18 ToTensor\n"
CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
# One that preloads nothing of torchvision's, and the one that does.
SAMPLE = {"01_activation_derivatives", "12_pretrained_models"}


def run(code):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def setup_cell(chapter):
    cells = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


def texts(execution):
    """What the cells printed, an error as its message."""
    return ["".join(out.get("text") or out.get("evalue", "") for out in cell.outputs) for cell in execution.cells]


def in_kernel(kernels, *sources):
    with kernels.workplace() as place:
        notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
        manager, base = kernels.manager(place, Limits()), kernels.environment(place)
        return texts(execute(notebook, place / "work", base=base, manager=manager).notebook)


def test_importing_the_package_imports_neither_torch_nor_torchvision():
    done = run("import sys, workbook; print('torch' in sys.modules, 'torchvision' in sys.modules)")
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_torchvision_can_be_imported_once_the_package_is():
    done = run(
        "import workbook, torchvision; print(torchvision.transforms.ToTensor.__name__, torchvision.__spec__.name)"
    )
    assert done.stdout.split() == ["ToTensor", "torchvision"], done.stderr


def test_the_finder_is_put_in_front_once():
    done = run(
        "import sys\nfrom workbook import startup\nstartup.install()\n"
        "print(sum(type(finder).__name__ == 'TorchvisionFinder' for finder in sys.meta_path))"
    )
    assert done.stdout.split() == ["1"], done.stderr


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_first_code_of_a_notebook_imports_the_package(chapter):
    assert "from workbook" in setup_cell(chapter)


@pytest.mark.parametrize(
    "chapter",
    [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.thorough) for name in CHAPTERS],
)
def test_the_bare_import_works_in_the_kernel_that_grades_a_chapter_before_and_after_its_set_up(
    chapter, course, course_code
):
    source = Source(chapter, nbformat.read(course.chapter(chapter).path, as_version=4), "key")
    modules = modules_to_preload(course, [source], Settings()).kernels
    with zygote_where_possible(Limits(), available(), modules, course_code) as address:
        kernels = cold(course_code) if address is None else forked_from(address)
        first, _, last = in_kernel(kernels, BARE, setup_cell(chapter), BARE)
    assert (first, last) == (PRINTED, PRINTED)


def test_the_bare_import_works_in_a_kernel_that_is_started_from_scratch(course_code):
    assert in_kernel(cold(course_code), BARE) == [PRINTED]


def test_the_bare_import_works_in_validate_in_a_bundle(tmp_path, course_code):
    (tmp_path / FILE).write_text('helpers = ["workbook"]\nstartup = ["workbook.startup"]\n')
    (tmp_path / "workbook").symlink_to(course_code.folder / "workbook")
    check = new_code_cell("assert torchvision.models", metadata=meta("test-it", grade=True, locked=True, points=1))
    nbformat.write(new_notebook(cells=[new_code_cell(BARE), check]), tmp_path / "mine.ipynb")
    found = validate_notebook(tmp_path / "mine.ipynb")
    assert (found.broken, found.earned) == ((), 1)


def test_the_bare_import_works_in_plain_jupyter_behind_the_first_cell_of_a_bundles_notebook(tmp_path, course_code):
    """A kernel as JupyterLab starts it, in the folder of the bundle; nothing but the cell knows of the course."""
    source = nbformat.read(ROOT / "notebooks" / "01_activation_derivatives.ipynb", as_version=4)
    handed_out = as_handed_out(Course(ROOT), student_edition(source), "01_activation_derivatives")
    first = next(cell.source for cell in handed_out.cells if cell.cell_type == "code")
    for name in ("workbook", "autograder"):
        (tmp_path / name).symlink_to((course_code.folder if name == "workbook" else ROOT) / name)
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=120)
        printed = [plain(client, code) for code in (first, BARE)]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert printed == ["", PRINTED]


def plain(client, code):
    printed = []
    client.execute_interactive(
        code,
        timeout=300,
        output_hook=lambda message: printed.append(
            message["content"].get("text") or message["content"].get("evalue", "")
        ),
    )
    return "".join(printed)
