"""What chapter 10's checks say of each wrong update rule that they recognise, most specific first."""

from __future__ import annotations

_NOT_KEPT = (
    "each step starts from nothing: what the last step left behind is lost. It has to be stored in config and read "
    "from the config that comes in."
)
_FROM_ZERO = (
    "the step counter is one behind. In the first step t is 1; with t = 0 the correction divides by 0, because no "
    "weight has been given out yet."
)
_DECAYS = {
    "decay-ignored": "the weight decay has no effect.",
    "decay-without-rate": "the decay is not multiplied by the learning rate.",
    "decay-coupled": "the decay was added to the gradient, so it goes through both averages and is divided like a "
    "gradient. That is L2 in Adam; here it acts on the weight directly.",
    "decay-after-the-step": "the decay acts on the new weight. In PyTorch it acts on the weight before the step.",
    "decay-twice": "the weight decay acts twice.",
    "decay-decoupled": "the weight is shrunk directly. Here the decay is a part of the gradient, before anything else "
    "is done to it.",
}
_MOMENTUM = {
    "nesterov-as-momentum": "this is plain momentum. Nesterov's rule looks one step further along the velocity: look "
    "at the last formula.",
    "look-ahead-exchanged": "gradient and velocity have exchanged their places: the factor momentum belongs to the new "
    "velocity.",
    "velocity-forgotten": _NOT_KEPT,
    "momentum-dampened": "the new gradient is weighted with 1 - momentum. In this rule it enters with weight 1.",
    "nesterov": "this is Nesterov's rule, which comes later.",
    "momentum-wrong-sign": "the old velocity enters with a minus sign: it should carry on in its direction.",
    "rate-inside-the-velocity": "this is chapter 04's convention, with the learning rate inside the velocity. The "
    "difference shows as soon as the rate changes: old gradients then keep their old rate.",
}
_ADAPTIVE = {
    "weights-exchanged": "alpha is the weight of the old average, 1 - alpha that of the new square.",
    "sum-not-average": "the squares are added up and never forgotten, so the steps shrink for ever. That is AdaGrad; "
    "RMSProp averages.",
    "bias-corrected": "the rule of this section has no bias correction; that is Adam's.",
    "betas-exchanged": "the two averages have each other's weights.",
    "first-average-unused": "the step goes along the gradient of this step, not along the average.",
    "step-counter-from-zero": _FROM_ZERO,
    "no-bias-correction": "the averages start at 0 and are used as they are. Divide each by the sum of the weights "
    "that it has given out so far.",
    "first-moment-uncorrected": "the average of the gradients is not corrected.",
    "second-moment-uncorrected": "the average of the squares is not corrected.",
    "eps-inside-the-root": "eps was added under the root. It is added to the root: 1e-8 under a root acts like 1e-4.",
    "eps-before-the-correction": "eps was added before the average of the squares was corrected, so it is divided by "
    "the correction, too.",
    "eps-missing": "eps has no effect. Where all gradients so far are tiny, the quotient needs it.",
    "root-forgotten": "the square root is missing: the step is divided by an average of squares, which has the wrong "
    "unit.",
    "average-too-old": "the average of this step must contain the gradient of this step.",
    "step-counter-late": _FROM_ZERO,
    "step-counter-ahead": "the first step is number 1, not number 2.",
    "power-as-product": "the correction is 1 - beta to the power t, not beta times t: one factor beta for each step.",
    "step-counter-stands": "the number of the step stays 1 for ever. It has to be kept in config.",
    "square-missing": "the second average is one of gradients: their squares are to be averaged.",
    "bracket-missing": "eps is added to the quotient: a bracket is missing. It belongs to the root, below the line.",
    "squares-summed": "the squares of all entries are thrown together. Each entry has an average of its own.",
}
_GENERAL = {
    "learning-rate-ignored": "the step does not depend on the learning rate.",
    "first-rate-kept": "the learning rate has changed on the way, and the rule goes on with the first one. Read it in "
    "each step.",
    "uphill": "the step goes up the slope. Look at the signs in the rule.",
    "state-not-kept": _NOT_KEPT,
    **{
        f"default-not-torchs {key}": f"an entry that is missing in config gets another default than PyTorch's: look at "
        f"{key}."
        for key in ("learning_rate", "alpha", "momentum", "weight_decay")
    },
    **{
        f"setting-not-read {key}": f"this is what the default of {key} gives. Is the value in config read?"
        for key in ("learning_rate", "momentum", "alpha", "beta1", "beta2", "eps", "weight_decay")
    },
    "state-shared": "two parameters disturb each other: their memory lies in one place. Everything a rule remembers "
    "belongs in the config that it was called with.",
}
MISTAKES = {**_DECAYS, **_MOMENTUM, **_ADAPTIVE, **_GENERAL}
"""The hint for each mistake. A name may be followed by the entry of config that it is about."""
