"""What each exercise is called and how: the contract that chapters, checks and handed-in answers share.

One line for each exercise, ``grade-id: signature``; a class is given by its constructor and its methods.
"""

SIGNATURES: dict[str, dict[str, str]] = {
    "01_activation_derivatives": {
        "numerical-derivative": "numerical_derivative(f, x, h=1e-05)",
        "sigmoid": "sigmoid(x)",
        "tanh": "tanh(x)",
        "relu": "relu(x)",
        "sigmoid-derivative": "sigmoid_derivative(x)",
        "tanh-derivative": "tanh_derivative(x)",
        "relu-derivative": "relu_derivative(x)",
        "sigmoid-prime": "sigmoid_prime(sigmoid_out)",
        "softmax": "softmax(x)",
        "saturation-fraction": "saturation_fraction(derivative_values, threshold=0.01)",
        "plot-activations": "plot_activations()",
    },
    "02_xor_mlp": {
        "best-line-accuracy": "best_line_accuracy(X, y)",
        "mlp": "MLP(input_size, hidden_size, output_size, activation='tanh', output_activation='sigmoid', rng=None)",
        "train": "train(model, X, y, epochs, learning_rate)",
        "accuracy": "accuracy(model, X, y, threshold=0.5)",
    },
    "05_numpy_convolution": {
        "conv2d-output-shape": "conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0)",
        "conv2d-loops": "conv2d_loops(input, kernel)",
        "conv2d": "conv2d(input, kernel, stride=1, padding=0)",
        "true-convolution": "true_convolution(input, kernel)",
        "max-pool2d": "max_pool2d(input, size, stride)",
        "conv2d-backward": "conv2d_backward(dout, input, kernel)",
    },
}

METHODS: dict[tuple[str, str], tuple[str, ...]] = {
    ("02_xor_mlp", "mlp"): (
        "forward(self, inputs)",
        "loss(self, inputs, targets)",
        "gradients(self, inputs, targets)",
        "update(self, gradients, learning_rate)",
    ),
}

WRITTEN: dict[str, tuple[str, ...]] = {
    "01_activation_derivatives": ("written-tanh-derivation", "written-activations"),
    "02_xor_mlp": ("written-xor", "written-reruns", "written-three-activations"),
    "05_numpy_convolution": (
        "written-why-cnn",
        "written-kernel",
        "written-output",
        "written-columns",
        "written-rows",
        "written-deduction",
    ),
}
