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
        "line-accuracy": "line_accuracy(X, y, weights, bias)",
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
    "04_layers_and_solver": {
        "fc-forward": "fc_forward(x, w, b)",
        "fc-backward": "fc_backward(dout, cache)",
        "relu-forward": "relu_forward(x)",
        "relu-backward": "relu_backward(dout, cache)",
        "softmax-loss": "softmax_loss(x, y)",
        "fc-relu-forward": "fc_relu_forward(x, w, b)",
        "fc-relu-backward": "fc_relu_backward(dout, cache)",
        "two-layer-net": "TwoLayerNet(input_dim=4320, hidden_dim=128, num_classes=4, weight_scale=1e-3, reg=0.0)",
        "fully-connected-net": (
            "FullyConnectedNet(hidden_dims, input_dim=4320, num_classes=4, reg=0.0, weight_scale=1e-2, seed=None)"
        ),
        "sgd-momentum": "sgd_momentum(w, dw, config=None)",
        "count-parameters": "count_parameters(params)",
        "train-two-layer": "two_layer_model",
        "best-model": "best_model",
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
    "08_cnn_architectures": {
        "stratified-split": "stratified_split(labels, fraction, rng)",
        "conv-output-size": "conv_output_size(size, kernel, stride=1, padding=0)",
        "receptive-field": "receptive_field(layers)",
        "count-parameters": "count_parameters(model)",
        "build": "build(name, num_classes=10, padding='valid', activation='relu', head=None)",
        "merge-linear": "merge_linear(first, second)",
        "train-and-record": (
            "train_and_record(name, model, train_loader, val_loader, test_loader, epochs, optimizer, input_noise=0.0)"
        ),
        "gaze-cnn": "gaze_cnn(batch_norm=False)",
    },
    "09_gradient_flow": {
        "first-layer-gradient-norm": "first_layer_gradient_norm(model)",
        "train-with-gradients": "train_with_gradients(model, loader, epochs, learning_rate)",
        "compare-activations": "compare_activations(name, loader, epochs, learning_rate)",
        "gradient-norm-by-layer": "gradient_norm_by_layer(model, x, y)",
    },
    "10_optimizers": {
        "sgd": "sgd(w, dw, config=None)",
        "sgd-momentum": "sgd_momentum(w, dw, config=None)",
        "nesterov": "nesterov(w, dw, config=None)",
        "rmsprop": "rmsprop(w, dw, config=None)",
        "adam": "adam(w, dw, config=None)",
        "adamw": "adamw(w, dw, config=None)",
        "step-schedule": "step_schedule(epoch, base, milestones, gamma)",
        "cosine-schedule": "cosine_schedule(epoch, base, total, floor=0.0)",
        "warmup": "warmup(step, base, steps)",
        "plateau": "plateau(history, patience, threshold)",
        "compare-rates": "compare_rates(name, train_loader, val_loader, epochs)",
        "scheduled-run": "scheduled_run(name, train_loader, val_loader, milestones, epochs)",
    },
    "11_vgg11_study": {
        "pad-images": "pad_images(images)",
        "build-vgg11": "build_vgg11(activation='relu', dropout=0.5, batch_norm=True, width=1.0)",
        "run-study": "run_study(model, optimizer, train, test, epochs, batch_size=64)",
    },
    "12_pretrained_models": {
        "image-folder-dataset": "ImageFolderDataset(paths, transform)",
        "predict": "predict(model, loader)",
        "top-k": "top_k(probabilities, k, categories)",
        "freeze-features": "freeze_features(model)",
        "replace-head": "replace_head(model, num_classes)",
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
    ("04_layers_and_solver", "two-layer-net"): ("loss(self, X, y=None)",),
    ("04_layers_and_solver", "fully-connected-net"): ("loss(self, X, y=None)",),
    ("06_computational_graphs", "value"): ("exp(self)", "tanh(self)", "relu(self)", "backward(self)"),
    ("07_pytorch_pipeline", "digits"): ("__len__(self)", "__getitem__(self, index)"),
    ("07_pytorch_pipeline", "simple-cnn"): ("forward(self, x)",),
    ("12_pretrained_models", "image-folder-dataset"): ("__len__(self)", "__getitem__(self, index)"),
}

WRITTEN: dict[str, tuple[str, ...]] = {
    "01_activation_derivatives": ("written-tanh-derivation", "written-activations"),
    "02_xor_mlp": ("written-xor", "written-reruns", "written-three-activations"),
    "03_digits_mlp": ("written-validation", "written-hyperparameters"),
    "04_layers_and_solver": ("written-momentum", "written-parameters"),
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
    "08_cnn_architectures": tuple(f"written-{number}" for number in range(1, 11)),
    "09_gradient_flow": ("written-depth", "written-why", "written-same-as-02", "written-0-255"),
    "10_optimizers": ("written-speed", "written-end", "written-schedule", "written-adam"),
    "11_vgg11_study": ("written-adam-sgd", "written-sigmoid", "written-dropout"),
    "12_pretrained_models": ("written-right", "written-explainable", "written-bigger"),
}
