// Activations and their derivatives as chapter 01 defines them; ReLU's derivative at 0 is 0.
Interactive.activations = (function () {
  "use strict";
  // (1 + tanh(x / 2)) / 2 is the sigmoid and cannot overflow.
  const sigmoid = (x) => (1 + Math.tanh(x / 2)) / 2;
  return { sigmoid: { text: "sigmoid", value: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) },
    tanh: { text: "tanh", value: Math.tanh, slope: (x) => 1 / Math.cosh(x) ** 2 },
    relu: { text: "ReLU", value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  };
})();
