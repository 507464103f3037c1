import subprocess
import sys

from tests.conftest import ROOT


def run(code):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


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
