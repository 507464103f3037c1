"""What chapter 09's checks say of wrong norms and of wrong curves that they recognise, most specific first."""

from __future__ import annotations

CLEARED = (
    "the gradient is gone when the norm is asked for: after zero_grad() each .grad is None or zero. Between which two "
    "calls of the loop does .grad hold the gradient of this batch?"
)
EVAL_MODE = (
    "the model came in evaluation mode and stayed there: no Dropout, frozen batch statistics. A training loop sets "
    "the mode that it needs."
)
SQUARED = "this is the square of the norm. A root is missing."
TWICE = "the loss was already a mean over the batch, and it is divided once more."
NORMS = {
    "weight-and-bias-together": "this number takes in the bias. The exercise asks for the weight of the layer alone.",
    "bias-not-weight": "this is the norm of the bias's gradient.",
    "whole-network": "this is a norm over all parameters of the network. Only the first layer's weight is asked for.",
    "squared-norm": SQUARED,
    "last-layer": "this is the last layer, next to the loss. The first layer is the one next to the input.",
    "another-norm": "this is another norm: of absolute values, the largest entry, or the largest singular "
    "value. Take the Euclidean length: all entries squared, summed, then the root.",
    "root-mean-square": "this is divided by the number of entries. The norm is the root of a sum, not of a mean.",
}
RUNS = {
    "zero-grad-forgotten": "backward() adds to the gradients that are there. From the second batch on the norm "
    "is that of a sum, and so is the step.",
    "no-update": "the weights stay as they are, so every epoch sees the same losses. A call is missing, or too early.",
    "momentum": "the optimizer keeps a share of its last direction. The exercise asks for plain gradient descent.",
    "learning-rate-ignored": "the learning rate is not the one that was passed in.",
    "sum-not-mean": "this is the sum over the batch; take the mean, which also makes the step that long.",
}
FORMS = {
    "one-entry-an-epoch": "this has one entry an epoch; the curve has one for every ten steps.",
    "one-entry-a-step": "this has one entry a step; the curve has one for every ten.",
    "sum-of-ten": "this is the sum of ten numbers; an entry is their mean.",
    "loss-divided-twice": TWICE,
    "running-mean": "this is the mean of all steps since the start. Each entry is about its own ten steps.",
    "counter-restarts": "the steps are counted anew in every epoch, so the entries do not lie ten steps apart "
    "where an epoch has no multiple of ten. Count through.",
    "one-epoch-only": "only one epoch is recorded. A return inside the loop, or lists that are made anew in "
    "each epoch?",
}
LOSS_AFTER_UPDATE = "the loss of a batch is that of the forward pass that made its gradient, before the step."
