"""What each exercise is called and how: the contract that chapters, checks and handed-in answers share.

One line for each exercise, ``grade-id: signature``; a class is given by its constructor and its methods, a cell that
defines no function by the names that it assigns.
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
    "03_digits_mlp": {
        "one-hot": "one_hot(labels, num_classes)",
        "init-weights": "init_weights(layer_sizes, rng)",
        "feed-forward": "feed_forward(batch, weights)",
        "cross-entropy": "cross_entropy(p, y)",
        "back-prop": "back_prop(probabilities, batch_y, hidden_layers, weights)",
        "softmax-floor": "softmax_floor(num_classes)",
        "mlp": "MLP(layer_sizes, rng)",
    },
    "05_numpy_convolution": {
        "conv2d-output-shape": "conv2d_output_shape(input_shape, kernel_shape, stride=1, padding=0)",
        "conv2d-loops": "conv2d_loops(input, kernel)",
        "conv2d": "conv2d(input, kernel, stride=1, padding=0)",
        "true-convolution": "true_convolution(input, kernel)",
        "max-pool2d": "max_pool2d(input, size, stride)",
        "conv2d-backward": "conv2d_backward(dout, input, kernel)",
    },
    "06_computational_graphs": {
        "tensors": "v1, v2, A, V, hadamard, matrix_product",
        "squared-distance": "squared_distance(v1, v2)",
        "sigmoid-neuron-graph": "sigmoid_neuron_graph()",
        "forward-values": "forward_values(w1, x1, w2, x2, f_star)",
        "backward-values": "backward_values(w1, x1, w2, x2, f_star)",
        "value": "Value(data)",
        "trace": "trace(value)",
    },
    "07_pytorch_pipeline": {
        "digits": "Digits(X, y)",
        "simple-cnn": "SimpleCNN()",
        "train-one-epoch": "train_one_epoch(model, loader, optimizer, loss_function)",
        "evaluate": "evaluate(model, loader)",
        "predict": "predict(model, loader)",
    },
}

METHODS: dict[tuple[str, str], tuple[str, ...]] = {
    ("02_xor_mlp", "mlp"): (
        "forward(self, inputs)",
        "loss(self, inputs, targets)",
        "gradients(self, inputs, targets)",
        "update(self, gradients, learning_rate)",
    ),
    ("03_digits_mlp", "mlp"): (
        "train(self, X, y, X_val, y_val, batch_size, epochs, learning_rate)",
        "predict(self, X)",
        "evaluate(self, X, y)",
    ),
    ("06_computational_graphs", "value"): ("exp(self)", "tanh(self)", "relu(self)", "backward(self)"),
    ("07_pytorch_pipeline", "digits"): ("__len__(self)", "__getitem__(self, index)"),
    ("07_pytorch_pipeline", "simple-cnn"): ("forward(self, x)",),
}

WRITTEN: dict[str, tuple[str, ...]] = {
    "01_activation_derivatives": ("written-tanh-derivation", "written-activations"),
    "02_xor_mlp": ("written-xor", "written-reruns", "written-three-activations"),
    "03_digits_mlp": ("written-validation", "written-hyperparameters"),
    "05_numpy_convolution": (
        "written-why-cnn",
        "written-kernel",
        "written-output",
        "written-columns",
        "written-rows",
        "written-deduction",
    ),
    "06_computational_graphs": ("written-reverse-mode", "written-cost"),
    "07_pytorch_pipeline": ("written-why-easy", "written-modes"),
}
