"""Checks of chapter 08's networks: ``build``, ``merge_linear`` and ``gaze_cnn``.

Behaviour is judged: the shapes of the parameters, and what the network returns for parameters that are known. Names of
layers and the order in which they were made play no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, Mistake, call, compare, passed, require, student_side
from workbook.chapter08.reference import architecture_mistakes as mistakes
from workbook.chapter08.reference.architectures import (
    GAZE_LAYERS,
    NAMES,
    Layer,
    Request,
    Variant,
    assignments,
    gaze_logits,
    layers,
    logits,
    random_state,
    size_of,
)

Function = Callable[..., Any]
_FLOAT32 = {"rtol": 1e-3, "atol": 1e-3}


# --- build ----------------------------------------------------------------------------------------------------------


def build_parameters(build: Function) -> None:
    """Check the parameters of the five networks, without padding and without a head."""
    for name in NAMES:
        parameters(build, Request(name))
        parameters(build, Request(name, num_classes=7))
    independent(build)
    passed("build, parameters", "five networks, for ten classes and for seven; two networks share nothing")


def parameters(build: Function, request: Request) -> None:
    """Compare the shapes of all parameters with those that the listing asks for."""
    model = call(build, request.name, **request.arguments)
    state = _state(model, str(request))
    expected = layers(request)
    total = sum(array.size for array in state.values())
    shapes = Counter(array.shape for array in state.values())
    wanted = Counter(shape for layer in expected for shape in (layer.weight, layer.bias) if shape is not None)
    if shapes != wanted:
        hint, mistake = mistakes.parameter_mistake(shapes, wanted, request)
        raise CheckFailed(
            f"{request} has {total} parameters; expected {size_of(expected)}. {_difference(shapes, wanted)}",
            hint,
            mistake,
        )


def _state(model: Any, what: str) -> dict[str, NDArray[Any]]:
    try:
        state = student_side.state_arrays(model)
    except Exception as error:
        raise CheckFailed(
            f"the parameters of {what} cannot be read ({type(error).__name__}).",
            "return an nn.Module whose parameters have their sizes from the start: the sizes follow from the listing.",
            "not-a-module",
        ) from None
    require(
        len(state) > 0,
        f"{what} has no parameters.",
        "a layer counts only if the module knows it: as an attribute, or inside a Sequential or ModuleList. Layers in "
        "a plain list are invisible to the optimizer.",
        "layers-not-registered",
    )
    return state


def _difference(shapes: Counter[tuple[int, ...]], wanted: Counter[tuple[int, ...]]) -> str:
    missing, extra = wanted - shapes, shapes - wanted
    parts = []
    if missing:
        parts.append(f"no parameter has the shape {next(iter(missing))}")
    if extra:
        parts.append(f"one of shape {next(iter(extra))} is not in the listing")
    return f"{' and '.join(parts)}.".capitalize()


def build_forward(build: Function) -> None:
    """Check what the five networks return, against functions that use the networks' own parameters."""
    for number, name in enumerate(NAMES):
        network(build, Request(name), seed=80 + number)
        network(build, Request(name, num_classes=6, activation="sigmoid"), seed=70 + number, count=1)
    network(build, Request("cnn_5"), seed=75, channels_last=True)
    passed("build, forward", "images through each of the five networks, with ReLUs and with sigmoids")


def network(build: Function, request: Request, seed: int, count: int = 2, channels_last: bool = False) -> None:
    """Give the network random parameters and compare its logits for random images, also if it is channels-last."""
    parameters(build, request)
    model = call(build, request.name, **request.arguments)
    what = f"{request}(images)"
    state = random_state(_state(model, str(request)), seed)
    student_side.load_arrays(model, state)
    images = np.random.default_rng(seed + 1).standard_normal((count, 3, 32, 32))
    if channels_last:
        model.to(memory_format=student_side.torch.channels_last)
    got = _outputs(model, images, what)
    choices = assignments(state, layers(request))
    require(
        len(choices) > 0,
        f"the parameters of {request} are not those of layers.",
        "make them with nn.Linear and nn.Conv2d.",
    )
    right = [logits(request, choice, images, Variant(optional)) for choice in choices for optional in (False, True)]
    if not any(got.shape == answer.shape and np.allclose(got, answer, 1e-3, 1e-3) for answer in right):
        compare(got, right[0], what, **_FLOAT32, mistakes=mistakes.forward_mistakes(request, choices, images))


def _outputs(model: Any, images: NDArray[Any], what: str) -> NDArray[Any]:
    try:
        return student_side.outputs(model, images)
    except Exception as error:
        if "view size is not compatible" in str(error):
            raise CheckFailed(
                f"{what} stopped with {type(error).__name__}: {error}",
                "`view` depends on the order of the numbers in memory, and channels-last networks of this chapter "
                "keep another one. `flatten` and `reshape` work for each.",
                "view-for-flatten",
            ) from None
        raise CheckFailed(
            f"{what} stopped with {type(error).__name__}: {error} for images of shape {images.shape}.",
            "the layers are there but do not fit one after the other. Push images through them one by one and print "
            "the shape after each: which is the first that surprises you?",
            "layers-do-not-fit",
        ) from None


def build_options(build: Function) -> None:
    """Check ``padding="same"`` with ``head=64`` for the three CNNs, then each alone, and other heads."""
    for number, name in enumerate(("cnn_3", "cnn_4", "cnn_5")):
        network(build, Request(name, padding="same", head=64), seed=90 + number)
    network(build, Request("cnn_4", padding="same", activation="sigmoid"), seed=93)
    network(build, Request("cnn_5", head=12, activation="sigmoid"), seed=94)
    for number, name in enumerate(("mlp_1", "mlp_2")):
        network(build, Request(name, num_classes=5, head=24), seed=95 + number)
    passed("build, padding and head", "padding='same' and heads of several sizes, together and alone")


def independent(build: Function) -> None:
    """Require that two networks do not share their parameters and start at random."""
    first, second = call(build, "cnn_5"), call(build, "cnn_5")
    state, before = _state(first, "build('cnn_5')"), _state(second, "build('cnn_5')")
    student_side.load_arrays(first, {name: array + 1 for name, array in state.items()})
    after = student_side.state_arrays(second)
    shared = any(not np.array_equal(before[name], after[name]) for name in before)
    require(
        not shared,
        "when the parameters of one network change, so do those of another.",
        "both networks hold the same layers. Make new ones in every call.",
        "shared-layers",
    )
    require(
        not all(np.array_equal(state[name], before[name]) for name in state),
        "two new networks have the same parameters.",
        "every network should start from random weights of its own.",
        "not-random",
    )


# --- merge_linear ---------------------------------------------------------------------------------------------------


def merge_linear(function: Function) -> None:
    """Check that one layer does what two did, with biases and without."""
    merged(function, (3, 4, 2), seed=101)
    for number, biases in enumerate(((False, True), (True, False), (False, False))):
        merged(function, (2, 5, 3), seed=103 + number, biases=biases)
    merged(function, (3, 3, 3), seed=106)
    passed("merge_linear", "one layer with the outputs of two, with and without either bias, for five inputs")


def merged(
    function: Function, sizes: tuple[int, int, int], seed: int, biases: tuple[bool, bool] = (True, True)
) -> None:
    """Compare the merged layer with the two that it stands for."""
    rng = np.random.default_rng(seed)
    pair, arrays = [], []
    for i, bias in enumerate(biases):
        layer = student_side.torch.nn.Linear(sizes[i], sizes[i + 1], bias=bias)
        values = {"weight": rng.standard_normal((sizes[i + 1], sizes[i]))}
        if bias:
            values["bias"] = rng.standard_normal(sizes[i + 1])
        student_side.load_arrays(layer, values)
        pair.append(layer)
        arrays.append(values)
    result = call(function, *pair)
    state = _state(result, "merge_linear(first, second)")
    shapes = sorted((array.shape for array in state.values()), key=len, reverse=True)
    require(
        shapes in ([(sizes[2], sizes[0])], [(sizes[2], sizes[0]), (sizes[2],)]),
        f"the parameters of merge_linear(first, second) have the shapes {', '.join(map(str, shapes))}; expected those "
        f"of one nn.Linear with {sizes[0]} inputs and {sizes[2]} outputs.",
        "one layer in place of two: its weight is a product of matrices. nn.Linear keeps its weight as (outputs, "
        "inputs).",
        "not-one-layer",
    )
    x = rng.standard_normal((5, sizes[0]))
    (w1, b1), (w2, b2) = ((a["weight"], a.get("bias", np.zeros(len(a["weight"])))) for a in arrays)
    product = x @ w1.T @ w2.T
    compare(
        _outputs(result, x, "merge_linear(first, second)(x)"),
        product + b1 @ w2.T + b2,
        "merge_linear(first, second)(x)",
        **_FLOAT32,
        mistakes=[
            Mistake("first-bias-forgotten", mistakes.FIRST_BIAS, product + b2),
            Mistake("second-bias-forgotten", mistakes.SECOND_BIAS, product + b1 @ w2.T),
            Mistake("biases-forgotten", mistakes.BIASES, product),
            *([Mistake("first-bias-not-mapped", mistakes.UNMAPPED, product + b1 + b2)] if sizes[1] == sizes[2] else []),
            *([Mistake("factors-exchanged", mistakes.EXCHANGED, x @ (w1 @ w2).T + b1 @ w2.T + b2)]
              if sizes[0] == sizes[1] == sizes[2] else []),
        ],
    )  # fmt: skip
    for layer, values, which in zip(pair, arrays, ("first", "second"), strict=True):
        now = student_side.state_arrays(layer)
        require(
            all(_same(now.get(key), values[key]) for key in values),
            f"merge_linear has changed the {which} layer.",
            "make a new layer; the two that come in are still in use.",
            "input-layer-changed",
        )


def _same(now: NDArray[Any] | None, before: NDArray[Any]) -> bool:
    return now is not None and now.shape == before.shape and np.allclose(now, before, atol=1e-6)


# --- gaze_cnn -------------------------------------------------------------------------------------------------------


def gaze_cnn(function: Function) -> None:
    """Check parameters and outputs of the network without batch normalisation."""
    gaze_network(function, False, seed=111)
    gaze_network(function, False, seed=112, count=1, channels_last=True)
    passed("gaze_cnn()", "667 312 parameters, and its output for two pictures and for one")


def gaze_cnn_normalised(function: Function) -> None:
    """Check parameters, mode and outputs of the network with batch normalisation."""
    gaze_network(function, True, seed=113)
    gaze_network(function, True, seed=114, count=3, channels_last=True)
    passed(
        "gaze_cnn(batch_norm=True)",
        "667 356 parameters, and its output for two pictures and for three, in evaluation mode",
    )


def gaze_network(function: Function, batch_norm: bool, seed: int, count: int = 2, channels_last: bool = False) -> None:
    """Compare the shapes of all parameters, then the outputs for random parameters in evaluation mode."""
    what = "gaze_cnn(batch_norm=True)" if batch_norm else "gaze_cnn()"
    model = call(function, batch_norm=True) if batch_norm else call(function)
    state = _state(model, what)
    buffers = ("running_mean", "running_var", "num_batches_tracked")
    learned = {name: array for name, array in state.items() if not name.endswith(buffers)}
    shapes = Counter(array.shape for array in learned.values())
    norms = [Layer((channels,), (channels,)) for channels in (6, 16)] if batch_norm else []
    expected = [*GAZE_LAYERS, *norms]
    wanted = Counter(shape for layer in expected for shape in (layer.weight, layer.bias) if shape is not None)
    if shapes != wanted:
        total = sum(array.size for array in learned.values())
        raise CheckFailed(
            f"{what} has {total} parameters; expected {size_of(expected)}. {_difference(shapes, wanted)}",
            *mistakes.gaze_parameter_mistake(shapes, wanted, batch_norm),
        )
    tracked = sorted(array.shape for name, array in state.items() if name.endswith("running_mean"))
    require(
        tracked == ([(6,), (16,)] if batch_norm else []),
        f"{what} keeps running means of shapes {tracked}; expected {'(6,) and (16,)' if batch_norm else 'none'}.",
        "a batch normalisation after each of the two pools, with its running statistics.",
        "no-batch-norm",
    )
    state = random_state(state, seed)
    student_side.load_arrays(model, state)
    model.eval()
    if channels_last:
        model.to(memory_format=student_side.torch.channels_last)
    images = np.random.default_rng(seed + 1).standard_normal((count, 1, 36, 120))
    got = _outputs(model, images, f"{what}(images)")
    right = gaze_logits(state, images, batch_norm)
    wrong = mistakes.gaze_mistakes(state, images, batch_norm, right)
    compare(got, right, f"{what}(images)", **_FLOAT32, mistakes=wrong)
