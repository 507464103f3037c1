"""Checks of chapter 11: padded images, the network VGG11 and its dropout; the study is in :mod:`study_checks`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, call, compare, network, passed, require, returned, student_side
from autograder.testing.hint_display import Hints
from workbook.chapter11.reference import vgg
from workbook.chapter11.reference.study_mistakes import (
    forward_failure,
    forward_mistakes,
    layer_mistake,
    padding_mistakes,
)
from workbook.chapter11.reference.vgg import Plan
from workbook.chapter11.study_checks import evaluated, left_as_found, run_study, study_modes, trained, training

# Used by the chapter's test cells.
__all__ = ["evaluated", "left_as_found", "run_study", "study_modes", "trained", "training"]

Function = Callable[..., Any]
_SHARE_TOLERANCE = 0.15


# --- pad_images -----------------------------------------------------------------------------------------------------


def pad_images(function: Function) -> None:
    """Check ``pad_images`` on images of random pixels: three, one, 32, and pale ones."""
    rng = np.random.default_rng(110)
    for count, lowest, highest in ((3, 0, 256), (1, 0, 256), (32, 0, 256), (2, 5, 90)):
        padded(function, rng.integers(lowest, highest, (count, 28, 28)).astype(np.uint8))
    passed("pad_images", "3, 1 and 32 images of random pixels, and two that are neither black nor white anywhere")


def padded(function: Function, images: NDArray[np.uint8]) -> None:
    """Compare ``pad_images`` with an array of zeros into which the images were written."""
    got = call(function, images)
    expected = np.zeros((len(images), 1, 32, 32))
    expected[:, 0, 2:30, 2:30] = images.astype(np.float64) / 255
    mistakes = padding_mistakes(images)
    sizes = {mistake.wrong.shape: mistake for mistake in mistakes if isinstance(mistake.wrong, np.ndarray)}
    returned(got, "pad_images(images)", hasattr(got, "shape"), "an array or a tensor")
    about = student_side.described_item([got], 0)[0]
    shape = tuple(about["shape"])
    if shape != expected.shape and shape in sizes:
        message = f"pad_images(images) has shape {shape}; expected {expected.shape}."
        raise CheckFailed(message, sizes[shape].hint, sizes[shape].name)
    compare(about["array"], expected, "pad_images(images)", rtol=1e-4, atol=1e-6, mistakes=mistakes)
    require(
        about["dtype"] == "float32",
        f"pad_images(images) has dtype {about['dtype']}; expected float32.",
        "the weights of a network are float32, and PyTorch does not convert for you.",
        "not-float32",
    )


# --- build_vgg11 ----------------------------------------------------------------------------------------------------


def layers(build: Function) -> None:
    """Check the parameters at two widths, with batch normalisation and without, for both activations."""
    built(build, 1 / 16)
    built(build, 1 / 16, batch_norm=False)
    built(build, 1 / 8, activation="sigmoid", dropout=0.2)
    passed("build_vgg11, layers", "the parameters at widths 1/16 and 1/8, with and without batch normalisation")


def _new(build: Function, **arguments: Any) -> Any:
    return network(call(build, **arguments), "build_vgg11(…)")


def built(build: Function, width: float, **options: Any) -> None:
    """Require that the parameters have the shapes of the table, in whichever order and under whichever names."""
    plan = Plan(width, options.get("batch_norm", True))
    found = vgg.kinds_of(student_side.state_arrays(_new(build, width=width, **options)))
    if found == plan.kinds():
        return
    hint, name = layer_mistake(dict(found), plan)
    total = sum(count * math.prod(shape) for (_, shape), count in found.items())
    expected = sum(count * math.prod(shape) for (_, shape), count in plan.kinds().items())
    given = ", ".join([f"width={width:g}", *(f"{key}={value!r}" for key, value in options.items())])
    how = "although the numbers agree, the shapes are not those of the table." if total == expected else ""
    raise CheckFailed(f"build_vgg11({given}) has {total} parameters; expected {expected}. {how}".strip(), hint, name)


def forward(build: Function) -> None:
    """Compare logits in evaluation mode with a forward pass made of functions, for ReLU and for the sigmoid."""
    same_logits(build, count=2, seed=111)
    same_logits(build, count=2, seed=112, activation="sigmoid")
    same_logits(build, count=1, seed=114, batch_norm=False)
    same_logits(build, count=3, seed=115, batch_norm=False, activation="sigmoid", dropout=0.3)
    same_logits(build, count=2, seed=116, width=1 / 8, channels_last=True)
    passed("build_vgg11, forward", "logits in evaluation mode, ReLU and sigmoid, with and without normalisation")


def same_logits(
    build: Function, count: int, seed: int, width: float = 1 / 16, channels_last: bool = False, **options: Any
) -> None:
    """Give the network random parameters, and compare its logits in evaluation mode, also if it is channels-last."""
    plan = Plan(width, options.get("batch_norm", True))
    model = _new(build, width=width, **options)
    state = student_side.state_arrays(model)
    if vgg.kinds_of(state) != plan.kinds():
        built(build, width, **options)
    filled = vgg.filling(state, seed)
    student_side.load_arrays(model, filled)
    model.eval()
    if channels_last:
        model.to(memory_format=student_side.torch.channels_last)
    images = np.random.default_rng(seed).random((count, 1, 32, 32))
    name = "the model in evaluation mode"
    try:
        got = student_side.outputs(model, images)
    except Exception as error:
        raise forward_failure(name, error, plan, images.shape) from None
    activation = options.get("activation", "relu")
    expected = vgg.logits(filled, plan, images, vgg.Variant(activation))
    if got.shape == expected.shape and not np.array_equal(got, student_side.outputs(model, images)):
        message = "the same images give different logits in evaluation mode."
        raise CheckFailed(message, _IN_EVALUATION, "dropout-in-evaluation")
    mistakes = forward_mistakes(filled, plan, images, activation, expected)
    what = f"the logits for images of shape {images.shape}, activation {activation!r}"
    compare(got, expected, what, rtol=2e-3, atol=2e-4, mistakes=mistakes)


# --- dropout --------------------------------------------------------------------------------------------------------


def dropout(build: Function) -> None:
    """Check where dropout acts in training mode, with probability 0.5, and that it is silent in evaluation mode."""
    dropped(build, 0.5)
    dropped(build, 0.25)
    dropped(build, 0.0, batch_norm=False)
    passed("build_vgg11, dropout", "after both hidden layers, in training mode only, for 0.5, 0.25 and 0")


def dropped(build: Function, probability: float, width: float = 1 / 16, count: int = 96, **options: Any) -> None:
    """Set all activations to 1 and read off the logits what dropout did on the way."""
    plan = Plan(width, options.get("batch_norm", True))
    given = {} if probability == 0.5 else {"dropout": probability}  # 0.5 is the default
    model = _new(build, width=width, **given, **options)
    state = student_side.state_arrays(model)
    if vgg.kinds_of(state) != plan.kinds():
        built(build, width, dropout=probability, **options)
    student_side.torch.manual_seed(113)

    def seen(place: str, training: bool = True) -> NDArray[Any]:
        student_side.load_arrays(model, vgg.dropout_probe(state, plan, place))
        model.train(training)
        try:
            return student_side.outputs(model, np.zeros((count, 1, 32, 32)))
        except Exception as error:
            raise forward_failure("the model in training mode", error, plan, (count, 1, 32, 32)) from None

    quiet = seen("chain", training=False)
    require(
        bool(np.allclose(quiet, quiet.mean())), "evaluation mode drops units.", _IN_EVALUATION, "dropout-in-evaluation"
    )
    last = seen("logits")
    require(
        not _drops(last),
        "in training mode some logits are dropped.",
        "dropout stands behind the last layer. A logit that is set to 0 is a wrong answer, not a missing unit.",
        "dropout-after-last-layer",
    )
    require(
        bool(np.allclose(last, 1, atol=1e-4)),
        f"a bias of 1 in the last layer should give logits of 1; they are {last.flat[0]:.3g}.",
        "something follows the last layer. A network returns logits; the loss takes the softmax itself.",
        "softmax-in-model",
    )
    second, chain = seen("second"), seen("chain")
    if probability == 0:
        require(
            not _drops(chain),
            "build_vgg11(dropout=0.0) drops units in training mode.",
            "the argument dropout is not used.",
            "dropout-ignored",
        )
        return
    require(
        _drops(second) or _drops(chain),
        "the model gives the same answer each time in training mode: nothing is dropped.",
        "dropout is missing from the hidden layers.",
        "dropout-missing",
    )
    _amount(second if _drops(second) else chain, probability, _drops(second))
    _places(second, chain, probability)


def _drops(logits: NDArray[Any]) -> bool:
    return bool(np.any(np.abs(logits) < 1e-4))


def _amount(logits: NDArray[Any], probability: float, once: bool) -> None:
    """Judge the share of zeros and the size of the others, where a single dropout acts."""
    kept = float(np.median(np.abs(logits[np.abs(logits) > 1e-4])))
    if not once:
        return
    require(
        not math.isclose(kept, 1, rel_tol=1e-3),
        "units are dropped, and those that stay keep their size.",
        "the mean of an activation is lower in training mode than in evaluation mode. What makes up for it?",
        "dropout-not-scaled",
    )
    share = float(np.mean(np.abs(logits) < 1e-4))
    require(
        abs(share - probability) < _SHARE_TOLERANCE and math.isclose(kept, 1 / (1 - probability), rel_tol=1e-3),
        f"with dropout={probability:g} a share of {share:.2f} of the units is dropped.",
        "is the argument dropout used, and as the probability of dropping a unit?",
        "dropout-ignored",
    )


def _places(second: NDArray[Any], chain: NDArray[Any], probability: float) -> None:
    """Judge after how many of the layers, and after which, dropout acts."""
    kept = float(np.median(np.abs(chain[np.abs(chain) > 1e-4])))
    times = round(math.log(kept) / -math.log(1 - probability))
    whole_rows = float(np.mean(np.all(np.abs(chain) < 1e-4, axis=1)))
    # All ten logits come from the first feature: they vanish together if that one was dropped.
    together = (1 - (1 - probability) ** 2) ** len(chain[0])
    shared = whole_rows > (together + probability) / 2
    before = (not _drops(second) and times == 2) or times > 2 or (times == 2 and shared)
    require(
        not before,
        "dropout acts on the features that enter the first hidden layer.",
        "dropout belongs behind the activation of a hidden layer, once behind each of the two.",
        "dropout-before-the-layer",
    )
    require(
        times == 2,
        f"a signal through both hidden layers meets dropout {times} time(s); expected 2.",
        "there are two hidden layers, and dropout stands behind each of them.",
        "dropout-once",
    )


_IN_EVALUATION = (
    "dropout is active in evaluation mode, too. A dropout module listens to model.eval(); the function F.dropout has "
    "to be told, and its default is to drop."
)


hint = Hints("workbook.chapter11")
