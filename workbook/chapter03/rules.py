"""What chapter 03 forbids: libraries that do the work."""

from autograder.testing.forbidden_calls import ForbiddenCalls

NUMPY_ONLY = ForbiddenCalls(
    ("torch", "scipy", "sklearn"),
    "the exercises of this chapter are written with NumPy alone, so that you see every step.",
    judged_elsewhere=(
        "one_hot", "init_weights", "feed_forward", "cross_entropy", "back_prop", "softmax_floor", "MLP",
    ),
    mistake="library-does-the-work",
)  # fmt: skip
