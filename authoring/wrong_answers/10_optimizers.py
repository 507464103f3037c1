# %% grade_id="sgd" mistake="uphill" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    return w + config["learning_rate"] * (dw + config["weight_decay"] * w), config

# %% grade_id="sgd" mistake="decay-without-rate" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    return w - config["learning_rate"] * dw - config["weight_decay"] * w, config

# %% grade_id="sgd" mistake="default-not-torchs" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-2) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-2, "weight_decay": 0.0, **(config or {})}
    return w - config["learning_rate"] * (dw + config["weight_decay"] * w), config

# %% grade_id="sgd" mistake="changed-in-place" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    w = np.asarray(w)
    w -= config["learning_rate"] * (dw + config["weight_decay"] * w)
    return w, config

# %% grade_id="sgd" mistake="config-not-returned" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    return w - config["learning_rate"] * (dw + config["weight_decay"] * w)

# %% grade_id="sgd-momentum" mistake="momentum-wrong-sign" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, PyTorch's rule, and the config.

    config: dict with learning_rate (default 1e-3), momentum (default 0, as in PyTorch),
    weight_decay (default 0), and the memory of earlier steps. None: all defaults, first step.
    Returns (next_w, config); the config is handed in again at the next step.
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    config["velocity"] = config["momentum"] * -config.get("velocity", 0.0) + g
    return w - config["learning_rate"] * config["velocity"], config

# %% grade_id="sgd-momentum" mistake="momentum-dampened" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, PyTorch's rule, and the config.

    config: dict with learning_rate (default 1e-3), momentum (default 0, as in PyTorch),
    weight_decay (default 0), and the memory of earlier steps. None: all defaults, first step.
    Returns (next_w, config); the config is handed in again at the next step.
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    config["velocity"] = config["momentum"] * config.get("velocity", 0.0) + (1 - config["momentum"]) * g
    return w - config["learning_rate"] * config["velocity"], config

# %% grade_id="sgd-momentum" mistake="velocity-forgotten" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, PyTorch's rule, and the config.

    config: dict with learning_rate (default 1e-3), momentum (default 0, as in PyTorch),
    weight_decay (default 0), and the memory of earlier steps. None: all defaults, first step.
    Returns (next_w, config); the config is handed in again at the next step.
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    velocity = np.zeros_like(w)
    velocity = config["momentum"] * velocity + g
    return w - config["learning_rate"] * velocity, config

# %% grade_id="sgd-momentum" mistake="rate-inside-the-velocity" fails=["test-sgd-momentum"]
def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, PyTorch's rule, and the config.

    config: dict with learning_rate (default 1e-3), momentum (default 0, as in PyTorch),
    weight_decay (default 0), and the memory of earlier steps. None: all defaults, first step.
    Returns (next_w, config); the config is handed in again at the next step.
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    config["velocity"] = config["momentum"] * config.get("velocity", 0.0) - config["learning_rate"] * g
    return w + config["velocity"], config

# %% grade_id="sgd-momentum" mistake="state-shared" fails=["test-sgd-momentum"]
MEMORY = {}


def sgd_momentum(w, dw, config=None):
    """Return the parameter after one step of SGD with momentum, PyTorch's rule, and the config.

    config: dict with learning_rate (default 1e-3), momentum (default 0, as in PyTorch),
    weight_decay (default 0), and the memory of earlier steps. None: all defaults, first step.
    Returns (next_w, config); the config is handed in again at the next step.
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    MEMORY["velocity"] = config["momentum"] * MEMORY.get("velocity", 0.0) + g
    return w - config["learning_rate"] * MEMORY["velocity"], config

# %% grade_id="nesterov" mistake="nesterov-as-momentum" fails=["test-nesterov"]
def nesterov(w, dw, config=None):
    """Return the parameter after one step of Nesterov's momentum, PyTorch's form, and the config.

    config: as for sgd_momentum, with the same defaults.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    config["velocity"] = config["momentum"] * config.get("velocity", 0.0) + g
    return w - config["learning_rate"] * config["velocity"], config

# %% grade_id="nesterov" mistake="look-ahead-exchanged" fails=["test-nesterov"]
def nesterov(w, dw, config=None):
    """Return the parameter after one step of Nesterov's momentum, PyTorch's form, and the config.

    config: as for sgd_momentum, with the same defaults.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "momentum": 0.0, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g = dw + config["weight_decay"] * w
    config["velocity"] = config["momentum"] * config.get("velocity", 0.0) + g
    return w - config["learning_rate"] * (config["velocity"] + config["momentum"] * g), config

# %% grade_id="rmsprop" mistake="eps-inside-the-root" fails=["test-rmsprop"]
def rmsprop(w, dw, config=None):
    """Return the parameter after one step of RMSProp, and the config.

    config: dict with learning_rate (default 1e-2), alpha (0.99), eps (1e-8), weight_decay (0),
    and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g, alpha = dw + config["weight_decay"] * w, config["alpha"]
    s = config["squares"] = alpha * config.get("squares", 0.0) + (1 - alpha) * g**2
    return w - config["learning_rate"] * g / np.sqrt(s + config["eps"]), config

# %% grade_id="rmsprop" mistake="root-forgotten" fails=["test-rmsprop"]
def rmsprop(w, dw, config=None):
    """Return the parameter after one step of RMSProp, and the config.

    config: dict with learning_rate (default 1e-2), alpha (0.99), eps (1e-8), weight_decay (0),
    and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g, alpha = dw + config["weight_decay"] * w, config["alpha"]
    s = config["squares"] = alpha * config.get("squares", 0.0) + (1 - alpha) * g**2
    return w - config["learning_rate"] * g / (s + config["eps"]), config

# %% grade_id="rmsprop" mistake="weights-exchanged" fails=["test-rmsprop"]
def rmsprop(w, dw, config=None):
    """Return the parameter after one step of RMSProp, and the config.

    config: dict with learning_rate (default 1e-2), alpha (0.99), eps (1e-8), weight_decay (0),
    and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g, alpha = dw + config["weight_decay"] * w, config["alpha"]
    s = config["squares"] = (1 - alpha) * config.get("squares", 0.0) + alpha * g**2
    return w - config["learning_rate"] * g / (np.sqrt(s) + config["eps"]), config

# %% grade_id="rmsprop" mistake="sum-not-average" fails=["test-rmsprop"]
def rmsprop(w, dw, config=None):
    """Return the parameter after one step of RMSProp, and the config.

    config: dict with learning_rate (default 1e-2), alpha (0.99), eps (1e-8), weight_decay (0),
    and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g, alpha = dw + config["weight_decay"] * w, config["alpha"]
    s = config["squares"] = config.get("squares", 0.0) + g**2
    return w - config["learning_rate"] * g / (np.sqrt(s) + config["eps"]), config

# %% grade_id="adam" mistake="no-bias-correction" fails=["test-adam-1", "test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (np.sqrt(s) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="first-moment-uncorrected" fails=["test-adam-1", "test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (np.sqrt(s / (1 - b2**t)) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="second-moment-uncorrected" fails=["test-adam-1", "test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / (np.sqrt(s) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="eps-inside-the-root" fails=["test-adam-1", "test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / np.sqrt(s / (1 - b2**t) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="eps-before-the-correction" fails=["test-adam-1", "test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / ((np.sqrt(s) + config["eps"]) / np.sqrt(1 - b2**t))
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="step-counter-from-zero" fails=["test-adam-1", "test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", -1) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="step-counter-stands" fails=["test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw + config["weight_decay"] * w, config["beta1"], config["beta2"]
    t = config["step"] = 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="decay-decoupled" fails=["test-adam-2"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + config["eps"])
    return w - config["learning_rate"] * (step + config["weight_decay"] * w), config

# %% grade_id="adamw" mistake="decay-coupled" fails=["test-adamw"]
def adamw(w, dw, config=None):
    """Return the parameter after one step of AdamW, and the config.

    config: as for adam, but weight_decay has the default 0.01 and is decoupled.
    Returns (next_w, config).
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.01, **(config or {})}
    next_w, config = adam(w, dw, config)
    return next_w, config

# %% grade_id="adamw" mistake="decay-without-rate" fails=["test-adamw"]
def adamw(w, dw, config=None):
    """Return the parameter after one step of AdamW, and the config.

    config: as for adam, but weight_decay has the default 0.01 and is decoupled.
    Returns (next_w, config).
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.01, **(config or {})}
    decay = config["weight_decay"]
    next_w, config = adam(w, dw, {**config, "weight_decay": 0.0})
    return next_w - decay * w, {**config, "weight_decay": decay}

# %% grade_id="adamw" mistake="decay-after-the-step" fails=["test-adamw"]
def adamw(w, dw, config=None):
    """Return the parameter after one step of AdamW, and the config.

    config: as for adam, but weight_decay has the default 0.01 and is decoupled.
    Returns (next_w, config).
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.01, **(config or {})}
    rate, decay = config["learning_rate"], config["weight_decay"]
    next_w, config = adam(w, dw, {**config, "weight_decay": 0.0})
    return next_w - rate * decay * next_w, {**config, "weight_decay": decay}

# %% grade_id="step-schedule" mistake="schedule-one-epoch-late" fails=["test-step-schedule", "test-scheduled-run"]
def step_schedule(epoch, base, milestones, gamma):
    """Return the learning rate of an epoch, counted from 0.

    base: the rate of epoch 0. milestones: list of epochs, ascending. gamma: the factor at each.
    Returns a float.
    """
    return base * gamma ** sum(milestone < epoch for milestone in milestones)

# %% grade_id="step-schedule" mistake="schedule-one-epoch-early" fails=["test-step-schedule", "test-scheduled-run"]
def step_schedule(epoch, base, milestones, gamma):
    """Return the learning rate of an epoch, counted from 0.

    base: the rate of epoch 0. milestones: list of epochs, ascending. gamma: the factor at each.
    Returns a float.
    """
    return base * gamma ** sum(milestone <= epoch + 1 for milestone in milestones)

# %% grade_id="step-schedule" mistake="milestone-for-one-epoch" fails=["test-step-schedule", "test-scheduled-run"]
def step_schedule(epoch, base, milestones, gamma):
    rate = base
    for milestone in milestones:
        if epoch == milestone:
            rate *= gamma
    return rate

# %% grade_id="cosine-schedule" mistake="floor-added" fails=["test-cosine-schedule"]
def cosine_schedule(epoch, base, total, floor=0.0):
    """Return the learning rate of an epoch: base at epoch 0, floor at epoch `total`.

    Epochs run from 0 to total, both included. Returns a float.
    """
    return floor + 0.5 * base * (1 + np.cos(np.pi * epoch / total))

# %% grade_id="cosine-schedule" mistake="cosine-wrong-end" fails=["test-cosine-schedule"]
def cosine_schedule(epoch, base, total, floor=0.0):
    """Return the learning rate of an epoch: base at epoch 0, floor at epoch `total`.

    Epochs run from 0 to total, both included. Returns a float.
    """
    return floor + 0.5 * (base - floor) * (1 + np.cos(2 * np.pi * epoch / total))

# %% grade_id="cosine-schedule" mistake="floor-cut-off" fails=["test-cosine-schedule"]
def cosine_schedule(epoch, base, total, floor=0.0):
    return max(floor, 0.5 * base * (1 + np.cos(np.pi * epoch / total)))

# %% grade_id="warmup" mistake="warmup-from-zero" fails=["test-warmup"]
def warmup(step, base, steps):
    """Return the learning rate of a step, counted from 0, in a linear warmup over `steps` steps.

    The rates of step 0 and step `steps` - 1 are base / steps and base; later it is base.
    Returns a float.
    """
    return base * min(1.0, step / steps)

# %% grade_id="warmup" mistake="warmup-ends-late" fails=["test-warmup"]
def warmup(step, base, steps):
    """Return the learning rate of a step, counted from 0, in a linear warmup over `steps` steps.

    The rates of step 0 and step `steps` - 1 are base / steps and base; later it is base.
    Returns a float.
    """
    return base * min(1.0, (step + 1) / (steps + 1))

# %% grade_id="plateau" mistake="plateau-of-neighbours" fails=["test-plateau"]
def plateau(history, patience, threshold):
    """Return the first epoch after which `patience` epochs bring less than `threshold`.

    history: list of validation accuracies, one an epoch; larger is better.
    Epochs are indices into history. Epochs with fewer than `patience` successors do not count.
    Returns an int or None.
    """
    for epoch in range(len(history) - 1):
        if history[epoch + 1] - history[epoch] < threshold:
            return epoch
    return None

# %% grade_id="plateau" mistake="end-of-the-window" fails=["test-plateau"]
def plateau(history, patience, threshold):
    """Return the first epoch after which `patience` epochs bring less than `threshold`.

    history: list of validation accuracies, one an epoch; larger is better.
    Epochs are indices into history. Epochs with fewer than `patience` successors do not count.
    Returns an int or None.
    """
    for epoch in range(len(history) - patience):
        if max(history[epoch + 1 : epoch + 1 + patience]) - history[epoch] < threshold:
            return epoch + patience
    return None

# %% grade_id="plateau" mistake="end-of-the-window-only" fails=["test-plateau"]
def plateau(history, patience, threshold):
    """Return the first epoch after which `patience` epochs bring less than `threshold`.

    history: list of validation accuracies, one an epoch; larger is better.
    Epochs are indices into history. Epochs with fewer than `patience` successors do not count.
    Returns an int or None.
    """
    for epoch in range(len(history) - patience):
        if history[epoch + patience] - history[epoch] < threshold:
            return epoch
    return None

# %% grade_id="plateau" mistake="plateau-unfinished" fails=["test-plateau"]
def plateau(history, patience, threshold):
    """Return the first epoch after which `patience` epochs bring less than `threshold`.

    history: list of validation accuracies, one an epoch; larger is better.
    Epochs are indices into history. Epochs with fewer than `patience` successors do not count.
    Returns an int or None.
    """
    for epoch in range(len(history) - 1):
        if max(history[epoch + 1 : epoch + 1 + patience]) - history[epoch] < threshold:
            return epoch
    return None

# %% grade_id="compare-rates" mistake="network-not-new" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    """Train build(name) by plain SGD at the rates 0.1, 0.01 and 0.001, a new network for each.

    Returns a dict: name; loss_curve_1, loss_curve_01, loss_curve_001 (means of ten losses each);
    val_acc_curve_1, val_acc_curve_01, val_acc_curve_001 (fractions, after every tenth step).
    A curve is a list of floats with one entry for every ten steps.
    """
    result = {"name": name}
    model = build(name)
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        losses, scores = [], []
        for _ in progress(range(epochs), f"rate {rate}"):
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) % 10 == 0:
                    scores.append(accuracy(model, val_loader))
        tens = range(0, 10 * len(scores), 10)
        result[f"loss_curve_{ending}"] = [float(np.mean(losses[i : i + 10])) for i in tens]
        result[f"val_acc_curve_{ending}"] = scores
    return result

# %% grade_id="compare-rates" mistake="every-tenth-loss" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    """Train build(name) by plain SGD at the rates 0.1, 0.01 and 0.001, a new network for each.

    Returns a dict: name; loss_curve_1, loss_curve_01, loss_curve_001 (means of ten losses each);
    val_acc_curve_1, val_acc_curve_01, val_acc_curve_001 (fractions, after every tenth step).
    A curve is a list of floats with one entry for every ten steps.
    """
    result = {"name": name}
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        model = build(name)
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        losses, scores = [], []
        for _ in progress(range(epochs), f"rate {rate}"):
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) % 10 == 0:
                    scores.append(accuracy(model, val_loader))
        tens = range(0, 10 * len(scores), 10)
        result[f"loss_curve_{ending}"] = [losses[i + 9] for i in tens]
        result[f"val_acc_curve_{ending}"] = scores
    return result

# %% grade_id="compare-rates" mistake="count-starts-anew" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    result = {"name": name}
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        model = build(name)
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        curve, scores = [], []
        for _ in range(epochs):
            losses = []
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) == 10:
                    curve.append(float(np.mean(losses)))
                    scores.append(accuracy(model, val_loader))
                    losses = []
        result[f"loss_curve_{ending}"] = curve
        result[f"val_acc_curve_{ending}"] = scores
    return result

# %% grade_id="compare-rates" mistake="return-inside-the-loop" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    """Train build(name) by plain SGD at the rates 0.1, 0.01 and 0.001, a new network for each.

    Returns a dict: name; loss_curve_1, loss_curve_01, loss_curve_001 (means of ten losses each);
    val_acc_curve_1, val_acc_curve_01, val_acc_curve_001 (fractions, after every tenth step).
    A curve is a list of floats with one entry for every ten steps.
    """
    result = {"name": name}
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        model = build(name)
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        losses, scores = [], []
        for _ in progress(range(epochs), f"rate {rate}"):
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) % 10 == 0:
                    scores.append(accuracy(model, val_loader))
        tens = range(0, 10 * len(scores), 10)
        result[f"loss_curve_{ending}"] = [float(np.mean(losses[i : i + 10])) for i in tens]
        result[f"val_acc_curve_{ending}"] = scores
        return result

# %% grade_id="compare-rates" mistake="momentum-used" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    """Train build(name) by plain SGD at the rates 0.1, 0.01 and 0.001, a new network for each.

    Returns a dict: name; loss_curve_1, loss_curve_01, loss_curve_001 (means of ten losses each);
    val_acc_curve_1, val_acc_curve_01, val_acc_curve_001 (fractions, after every tenth step).
    A curve is a list of floats with one entry for every ten steps.
    """
    result = {"name": name}
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        model = build(name)
        optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
        losses, scores = [], []
        for _ in progress(range(epochs), f"rate {rate}"):
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) % 10 == 0:
                    scores.append(accuracy(model, val_loader))
        tens = range(0, 10 * len(scores), 10)
        result[f"loss_curve_{ending}"] = [float(np.mean(losses[i : i + 10])) for i in tens]
        result[f"val_acc_curve_{ending}"] = scores
    return result

# %% grade_id="compare-rates" mistake="one-rate-for-all" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    """Train build(name) by plain SGD at the rates 0.1, 0.01 and 0.001, a new network for each.

    Returns a dict: name; loss_curve_1, loss_curve_01, loss_curve_001 (means of ten losses each);
    val_acc_curve_1, val_acc_curve_01, val_acc_curve_001 (fractions, after every tenth step).
    A curve is a list of floats with one entry for every ten steps.
    """
    result = {"name": name}
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        model = build(name)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        losses, scores = [], []
        for _ in progress(range(epochs), f"rate {rate}"):
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) % 10 == 0:
                    scores.append(accuracy(model, val_loader))
        tens = range(0, 10 * len(scores), 10)
        result[f"loss_curve_{ending}"] = [float(np.mean(losses[i : i + 10])) for i in tens]
        result[f"val_acc_curve_{ending}"] = scores
    return result

# %% grade_id="scheduled-run" mistake="stage-overwritten" fails=["test-scheduled-run"]
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    model = build(name)
    rate = 0.1
    for start, end in zip([0, *milestones], [*milestones, epochs]):
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        scores = []
        for _ in range(start, end):
            for images, labels in train_loader:
                train_step(model, images, labels, optimizer)
            scores.append(accuracy(model, val_loader))
        rate /= 10
    return scores

# %% grade_id="scheduled-run" mistake="stage-starts-anew" fails=["test-scheduled-run"]
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    scores = []
    for epoch in range(epochs):
        if epoch == 0 or epoch in milestones:
            model = build(name)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        optimizer.param_groups[0]["lr"] = step_schedule(epoch, 0.1, milestones, 0.1)
        for images, labels in train_loader:
            train_step(model, images, labels, optimizer)
        scores.append(accuracy(model, val_loader))
    return scores

# %% grade_id="scheduled-run" mistake="schedule-one-epoch-late" fails=["test-scheduled-run"]
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    """Train one build(name) by plain SGD, from rate 0.1, divided by ten at every milestone.

    milestones: list of epochs, counted from 0; a milestone is the first epoch with the lower rate.
    Returns a list of `epochs` validation accuracies, one after each epoch, all stages included.
    """
    model = build(name)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scores = []
    for epoch in progress(range(epochs), "schedule"):
        optimizer.param_groups[0]["lr"] = step_schedule(epoch - 1, 0.1, milestones, 0.1)
        for images, labels in train_loader:
            train_step(model, images, labels, optimizer)
        scores.append(accuracy(model, val_loader))
    return scores

# %% grade_id="scheduled-run" mistake="rate-not-lowered" fails=["test-scheduled-run"]
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    """Train one build(name) by plain SGD, from rate 0.1, divided by ten at every milestone.

    milestones: list of epochs, counted from 0; a milestone is the first epoch with the lower rate.
    Returns a list of `epochs` validation accuracies, one after each epoch, all stages included.
    """
    model = build(name)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scores = []
    for epoch in progress(range(epochs), "schedule"):
        for images, labels in train_loader:
            train_step(model, images, labels, optimizer)
        scores.append(accuracy(model, val_loader))
    return scores

# %% grade_id="sgd" mistake="first-rate-kept" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    config.setdefault("first", config["learning_rate"])
    return w - config["first"] * (dw + config["weight_decay"] * w), config

# %% grade_id="sgd" mistake="changed-in-place" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    dw += config["weight_decay"] * w
    return w - config["learning_rate"] * dw, config

# %% grade_id="sgd" mistake="library-does-the-work" fails=["test-sgd"]
def sgd(w, dw, config=None):
    """Return the parameter after one step of gradient descent, and the config.

    w: parameter, float array of any shape. dw: gradient of the loss, in its shape.
    config: dict with learning_rate (default 1e-3) and weight_decay (default 0); None: all defaults.
    Returns (next_w, config). w and dw stay as they are.
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.0, **(config or {})}
    p = torch.nn.Parameter(torch.tensor(np.array(w)))
    p.grad = torch.tensor(np.array(dw))
    torch.optim.SGD([p], lr=config["learning_rate"], weight_decay=config["weight_decay"]).step()
    return p.detach().numpy(), config

# %% grade_id="rmsprop" mistake="first-rate-kept" fails=["test-rmsprop"]
def rmsprop(w, dw, config=None):
    """Return the parameter after one step of RMSProp, and the config.

    config: dict with learning_rate (default 1e-2), alpha (0.99), eps (1e-8), weight_decay (0),
    and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g, alpha = dw + config["weight_decay"] * w, config["alpha"]
    config.setdefault("lr0", config["learning_rate"])
    s = config["squares"] = alpha * config.get("squares", 0.0) + (1 - alpha) * g**2
    return w - config["lr0"] * g / (np.sqrt(s) + config["eps"]), config

# %% grade_id="rmsprop" mistake="setting-not-read" fails=["test-rmsprop"]
def rmsprop(w, dw, config=None):
    """Return the parameter after one step of RMSProp, and the config.

    config: dict with learning_rate (default 1e-2), alpha (0.99), eps (1e-8), weight_decay (0),
    and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-2, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0}
    config = {**defaults, **(config or {})}
    g, alpha = dw + config["weight_decay"] * w, config["alpha"]
    s = config["squares"] = alpha * config.get("squares", 0.0) + (1 - alpha) * g**2
    return w - config["learning_rate"] * g / (np.sqrt(s) + 1e-8), config

# %% grade_id="adamw" mistake="changing-rate" fails=["test-adamw"]
def adamw(w, dw, config=None):
    """Return the parameter after one step of AdamW, and the config.

    config: as for adam, but weight_decay has the default 0.01 and is decoupled.
    Returns (next_w, config).
    """
    config = {"learning_rate": 1e-3, "weight_decay": 0.01, **(config or {})}
    rate, decay = config.setdefault("rate", config["learning_rate"]), config["weight_decay"]
    next_w, config = adam(w, dw, {**config, "weight_decay": 0.0})
    return next_w - rate * decay * w, {**config, "weight_decay": decay}

# %% grade_id="adam" mistake="decay-ignored" fails=["test-adam-2"]
def adam(w, dw, config=None):
    """Return the parameter after one step of Adam, and the config.

    config: dict with learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), eps (1e-8),
    weight_decay (0), and the memory of earlier steps.
    Returns (next_w, config).
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    config = {**defaults, "weight_decay": 0.0, **(config or {})}
    g, b1, b2 = dw, config["beta1"], config["beta2"]
    t = config["step"] = config.get("step", 0) + 1
    m = config["mean"] = b1 * config.get("mean", 0.0) + (1 - b1) * g
    s = config["squares"] = b2 * config.get("squares", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="adam" mistake="power-as-product" fails=["test-adam-2", "test-adamw"]
def adam(w, dw, config=None):
    config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0, **(config or {})}
    b1, b2, g = config["beta1"], config["beta2"], dw + config["weight_decay"] * w
    t = config["t"] = config.get("t", 0) + 1
    m = config["m"] = b1 * config.get("m", 0.0) + (1 - b1) * g
    v = config["v"] = b2 * config.get("v", 0.0) + (1 - b2) * g**2
    step = m / (1 - b1 * t) / (np.sqrt(v / (1 - b2 * t)) + config["eps"])
    return w - config["learning_rate"] * step, config

# %% grade_id="plateau" mistake="window-too-long" fails=["test-plateau"]
def plateau(history, patience, threshold):
    """Return the first epoch after which `patience` epochs bring less than `threshold`.

    history: list of validation accuracies, one an epoch; larger is better.
    Epochs are indices into history. Epochs with fewer than `patience` successors do not count.
    Returns an int or None.
    """
    for epoch in range(len(history) - patience - 1):
        if max(history[epoch + 1 : epoch + 1 + patience]) - history[epoch] < threshold:
            return epoch
    return None

# %% grade_id="plateau" mistake="mean-of-the-window" fails=["test-plateau"]
def plateau(history, patience, threshold):
    for epoch in range(len(history) - patience):
        if np.mean(history[epoch + 1 : epoch + 1 + patience]) - history[epoch] < threshold:
            return epoch

# %% grade_id="compare-rates" mistake="name-ignored" fails=["test-compare-rates"]
def compare_rates(name, train_loader, val_loader, epochs):
    """Train build(name) by plain SGD at the rates 0.1, 0.01 and 0.001, a new network for each.

    Returns a dict: name; loss_curve_1, loss_curve_01, loss_curve_001 (means of ten losses each);
    val_acc_curve_1, val_acc_curve_01, val_acc_curve_001 (fractions, after every tenth step).
    A curve is a list of floats with one entry for every ten steps.
    """
    result = {"name": name}
    for ending, rate in (("1", 0.1), ("01", 0.01), ("001", 0.001)):
        model = build("mlp_1")
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        losses, scores = [], []
        for _ in progress(range(epochs), f"rate {rate}"):
            for images, labels in train_loader:
                losses.append(train_step(model, images, labels, optimizer))
                if len(losses) % 10 == 0:
                    scores.append(accuracy(model, val_loader))
        tens = range(0, 10 * len(scores), 10)
        result[f"loss_curve_{ending}"] = [float(np.mean(losses[i : i + 10])) for i in tens]
        result[f"val_acc_curve_{ending}"] = scores
    return result

# %% grade_id="scheduled-run" mistake="name-ignored" fails=["test-scheduled-run"]
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    """Train one build(name) by plain SGD, from rate 0.1, divided by ten at every milestone.

    milestones: list of epochs, counted from 0; a milestone is the first epoch with the lower rate.
    Returns a list of `epochs` validation accuracies, one after each epoch, all stages included.
    """
    model = build("mlp_1")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scores = []
    for epoch in progress(range(epochs), "schedule"):
        optimizer.param_groups[0]["lr"] = step_schedule(epoch, 0.1, milestones, 0.1)
        for images, labels in train_loader:
            train_step(model, images, labels, optimizer)
        scores.append(accuracy(model, val_loader))
    return scores

# %% grade_id="scheduled-run" mistake="stage-starts-anew" fails=["test-scheduled-run"]
def scheduled_run(name, train_loader, val_loader, milestones, epochs):
    scores = []
    for epoch in range(epochs):
        model = build(name)
        optimizer = torch.optim.SGD(model.parameters(), lr=step_schedule(epoch, 0.1, milestones, 0.1))
        for images, labels in train_loader:
            train_step(model, images, labels, optimizer)
        scores.append(accuracy(model, val_loader))
    return scores

