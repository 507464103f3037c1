"""Things that must live beside the student's code.

A check never touches a student's function directly where the result would depend on the process it runs
in: it goes through this module. A grader that keeps checks in another process puts a stand-in here that runs
the same functions in the student's kernel. Results are plain data, or objects that stay beside the student's
code: modules, data sets, loaders, optimizers. ``student_side.torch`` is the library of that side.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.workbook.connection import beside_student, current

if TYPE_CHECKING:
    import torch as torch
else:

    def __getattr__(name: str) -> Any:
        """Import torch when it is first asked for: it takes a second, and half of the chapters do without."""
        if name == "torch":
            process = current()
            if process is not None:
                return process.library("torch")
            import torch

            return torch
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@beside_student
def figure_content(figure: Any) -> list[dict[str, Any]]:
    """Read a matplotlib Figure as plain data.

    Returns:
        one dict for each axes in drawing order: ``title``, ``xlabel``, ``ylabel`` (str), ``legend`` (list of
        str, empty without a legend) and ``lines``, a list of dicts with ``label`` and ``style`` (str), ``x`` and
        ``y`` (float64 arrays).
    """
    content = []
    for axes in figure.axes:
        legend = axes.get_legend()
        content.append(
            {
                "title": axes.get_title(),
                "xlabel": axes.get_xlabel(),
                "ylabel": axes.get_ylabel(),
                "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
                "lines": [
                    {
                        "label": str(line.get_label()),
                        "style": str(line.get_linestyle()),
                        "x": np.asarray(line.get_xdata(), dtype=np.float64),
                        "y": np.asarray(line.get_ydata(), dtype=np.float64),
                    }
                    for line in axes.get_lines()
                ],
            }
        )
    return content


@beside_student
def graph_content(graph: Any) -> dict[str, Any]:
    """Read a networkx graph as plain data.

    Returns:
        a dict with ``directed`` and ``multigraph`` (bool), ``nodes``, a list of dicts with the attributes of one node
        each and its ``name`` (str), and ``edges``, a list of dicts with the attributes of one edge each and
        its ``source`` and ``target``, indices into ``nodes``.
    """
    index = {node: number for number, node in enumerate(graph.nodes)}
    return {
        "directed": bool(graph.is_directed()),
        "multigraph": bool(graph.is_multigraph()),
        "nodes": [{**_plain_attributes(about), "name": str(node)} for node, about in graph.nodes(data=True)],
        "edges": [
            {**_plain_attributes(about), "source": index[source], "target": index[target]}
            for source, target, about in graph.edges(data=True)
        ],
    }


def _plain_attributes(attributes: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): _plain(value) for key, value in attributes.items()}


def _plain(value: Any) -> Any:
    """A number, a text or None as it is, a NumPy or PyTorch number as int or float, anything else as its repr."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    for convert in (operator.index, float):
        try:
            return convert(value)
        except (TypeError, ValueError, RuntimeError):
            continue
    return repr(value)


@beside_student
def build_expression(
    make: Callable[[float], Any], program: str, leaves: dict[str, float]
) -> tuple[Any, dict[str, Any]]:
    """Compute with a student's number type, operators included.

    Args:
        make: turns a float into the student's number.
        program: lines ``name = expression`` over the leaves, earlier names, plain numbers, operators and methods.
        leaves: the inputs by name.

    Returns:
        the value of the last line, and the objects that were made for the leaves, by name.
    """
    inputs = {name: make(value) for name, value in leaves.items()}
    names: dict[str, Any] = dict(inputs)
    for line in program.splitlines():
        name, _, expression = line.partition(" = ")
        names[name] = result = eval(expression, {"__builtins__": {}}, names)
    return result, inputs


@beside_student
def tensor(values: Any, requires_grad: bool = False) -> Any:
    """A float64 PyTorch tensor of these numbers."""
    import torch

    return torch.tensor(np.asarray(values, dtype=np.float64), requires_grad=requires_grad)


@beside_student
def differentiated(function: Callable[..., Any], values: Sequence[ArrayLike]) -> dict[str, Any]:
    """Call a function with float64 tensors and let PyTorch differentiate the number that it returns.

    Returns:
        ``value`` (an array, or what is returned in place of a tensor), ``tracked`` (whether PyTorch recorded how it was
        computed), ``operations`` (the names of those recorded, for example ``"PowBackward0"``) and ``gradients`` (one
        array for each of ``values``, None where nothing flows back).
    """
    inputs = [tensor(value, requires_grad=True) for value in values]
    result = function(*inputs)
    tracked = bool(getattr(result, "requires_grad", False))
    if tracked and result.numel() == 1:
        result.sum().backward()
    return {
        "value": result.detach().cpu().numpy().copy() if hasattr(result, "detach") else result,
        "tracked": tracked,
        "operations": _recorded_operations(result) if tracked else [],
        "gradients": [None if entry.grad is None else entry.grad.numpy().copy() for entry in inputs],
    }


def _recorded_operations(result: Any) -> list[str]:
    names, waiting, seen = [], [result.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            names.append(str(node.name()))
            waiting += [before for before, _ in node.next_functions]
    return names


@beside_student
def array_loader(images: ArrayLike, labels: ArrayLike, batch_size: int) -> Any:
    """A DataLoader over float32 images and int64 labels, in the order given, the last batch as it comes."""
    import torch.utils.data

    tensors = torch.as_tensor(np.array(images), dtype=torch.float32), torch.as_tensor(np.array(labels)).long()
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*tensors), batch_size=batch_size)


@beside_student
def length(dataset: Any) -> int:
    """How many items a data set has."""
    return len(dataset)


@beside_student
def described_item(dataset: Any, index: int) -> list[dict[str, Any]]:
    """Each part of ``dataset[index]`` as a dict: ``type``, ``dtype`` (str), ``shape`` and ``array``."""
    item = dataset[index]
    return [_described(part) for part in (item if isinstance(item, (tuple, list)) else (item,))]


@beside_student
def described_batch(dataset: Any, batch_size: int) -> list[dict[str, Any]]:
    """Each part of the first batch that a DataLoader makes of a data set, as a dict like those of an item."""
    import torch.utils.data

    return [_described(part) for part in next(iter(torch.utils.data.DataLoader(dataset, batch_size=batch_size)))]


def _described(value: Any) -> dict[str, Any]:
    array = value.detach().cpu().numpy() if hasattr(value, "detach") else np.asarray(value)
    return {"type": type(value).__name__, "dtype": str(array.dtype), "shape": array.shape, "array": array.copy()}


@beside_student
def state_arrays(module: Any) -> dict[str, NDArray[Any]]:
    """Copies of the parameters and buffers of a module, by their names in its state dict."""
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in module.state_dict().items()}


@beside_student
def load_arrays(module: Any, arrays: dict[str, NDArray[Any]]) -> None:
    """Copy arrays into the parameters and buffers of a module that have these names."""
    import torch

    state = module.state_dict()
    for name, array in arrays.items():
        state[name].copy_(torch.as_tensor(np.array(array)))


@beside_student
def outputs(module: Any, inputs: NDArray[Any]) -> NDArray[Any]:
    """What a module returns for a float array, as an array, in whichever mode the module is."""
    import torch

    with torch.no_grad():
        result = module(torch.as_tensor(np.array(inputs), dtype=torch.float32))
    return np.asarray(result.detach().numpy().copy())


@beside_student
class ForwardPasses:
    """Notes each forward pass of a module: in which mode it was, and whether gradients were tracked."""

    def __init__(self, module: Any) -> None:
        self._passes: list[dict[str, bool]] = []
        module.register_forward_hook(self._note)

    def _note(self, module: Any, *_: Any) -> None:
        import torch

        self._passes.append({"training": module.training, "tracked": torch.is_grad_enabled()})

    def read(self) -> list[dict[str, bool]]:
        """One dict for each pass so far: ``training`` and ``tracked``."""
        return [dict(entry) for entry in self._passes]


@beside_student
def set_parameters(model: Any, values: dict[str, Any]) -> None:
    """Replace arrays in a model's dict ``params``; the others stay as they are."""
    model.params.update({name: np.array(value, dtype=np.float64) for name, value in values.items()})
