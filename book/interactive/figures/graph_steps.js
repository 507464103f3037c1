// Chapter 06: the graph of e = exp(-(w1 x1 + w2 x2)) - f*, one operation at a time, forward and then backward.
(function () {
  "use strict";
  // Each operation: what it computes, and the local slope for each operand.
  const OPERATIONS = {
    times: { sign: "×", value: (a, b) => a * b, slopes: (a, b) => [b, a] },
    plus: { sign: "+", value: (a, b) => a + b, slopes: () => [1, 1] },
    minus: { sign: "−", value: (a, b) => a - b, slopes: () => [1, -1] },
    negative: { sign: "neg", value: (a) => -a, slopes: () => [-1] },
    exponential: { sign: "exp", value: Math.exp, slopes: (a) => [Math.exp(a)] },
  };
  // name: [operation, operands], in the order of the forward pass.
  const GRAPH = {
    z1: ["times", ["w1", "x1"]], z2: ["times", ["w2", "x2"]], z3: ["plus", ["z1", "z2"]], z4: ["negative", ["z3"]],
    f: ["exponential", ["z4"]], e: ["minus", ["f", "f*"]],
  };
  const LEAVES = { w1: 0.1, x1: 0.3, w2: -0.2, x2: 0.4, "f*": 1 };
  const ORDER = Object.keys(GRAPH);
  // Column and row of each node, in units of one column and half a row.
  const PLACES = {
    w1: [0, 0], x1: [0, 1], w2: [0, 2], x2: [0, 3], z1: [1, 0.5], z2: [1, 2.5], z3: [2, 1.5], z4: [3, 1.5], f: [4, 1.5],
    "f*": [4, 3], e: [5, 1.5],
  };
  const INDICES = { 1: "₁", 2: "₂", 3: "₃", 4: "₄" };
  const pretty = (name) => name.replace(/\d/, (digit) => INDICES[digit]);

  function run(leaves) {
    const values = { ...leaves };
    ORDER.forEach((name) => {
      const [operation, operands] = GRAPH[name];
      values[name] = OPERATIONS[operation].value(...operands.map((each) => values[each]));
    });
    const gradients = { e: 1 };
    [...ORDER].reverse().forEach((name) => {
      const [operation, operands] = GRAPH[name];
      const slopes = OPERATIONS[operation].slopes(...operands.map((each) => values[each]));
      operands.forEach((each, i) => { gradients[each] = (gradients[each] || 0) + gradients[name] * slopes[i]; });
    });
    return { values, gradients };
  }

  // Steps 1 to 6 compute a value; step 7 starts the way back; each later step hands one gradient on to its operands.
  const STEPS = 2 * ORDER.length + 1;
  const four = (value) => String(Number(value.toFixed(4))).replace("-", "−");

  function known(step) {
    const values = [...Object.keys(LEAVES), ...ORDER.slice(0, step)];
    const gradients = step > ORDER.length ? ["e"] : [];
    [...ORDER].reverse().slice(0, Math.max(0, step - ORDER.length - 1)).forEach((name) => gradients.push(...GRAPH[name][1]));
    const active = step === 0 ? null : step <= ORDER.length ? ORDER[step - 1] : ORDER[Math.min(2 * ORDER.length + 1 - step, 5)];
    return { values, gradients, active };
  }

  function sentence(step, { values, gradients }) {
    if (step === 0) return "Only the leaves are known. Step forward.";
    if (step <= ORDER.length) {
      const name = ORDER[step - 1];
      const [operation, operands] = GRAPH[name];
      const numbers = operands.map((each) => four(values[each]));
      const sign = OPERATIONS[operation].sign;
      const sum = numbers.length === 2 ? `${numbers[0]} ${sign} ${numbers[1].startsWith("−") ? `(${numbers[1]})` : numbers[1]}`
        : sign === "neg" ? `−(${numbers[0]})` : `exp(${numbers[0]})`;
      return `Forward: ${pretty(name)} = ${sum} = ${four(values[name])}.`;
    }
    if (step === ORDER.length + 1) return "The way back begins: the error changes as itself, ∂e/∂e = 1.";
    const name = ORDER[2 * ORDER.length + 1 - step];
    const [operation, operands] = GRAPH[name];
    const slopes = OPERATIONS[operation].slopes(...operands.map((each) => values[each]));
    const parts = operands.map((each, i) =>
      `∂e/∂${pretty(each)} = ${four(gradients[name])} · ${slopes[i] < 0 ? `(${four(slopes[i])})` : four(slopes[i])} = ${four(gradients[each])}`);
    return `Backward through ${pretty(name)}: ${parts.join(", ")}.`;
  }

  const slider = (name, min, max) => Interactive.range(name, pretty(name), { min, max, step: 0.1, value: LEAVES[name], format: four });

  Interactive.define("graph_steps", {
    title: "Values go forward along the graph, gradients come back",
    caption: "Step to the end, saying each number before you see it. Values are blue, gradients orange. Every backward step needs a value from the "
      + "forward pass. Then move w₁ and see which gradients change, and which stay as they are.",
    controls: () => [
      Interactive.range("step", "Step", { min: 0, max: STEPS, step: 1, value: 6, steps: true, format: (step) => `${step} of ${STEPS}` }),
      slider("w1", -1, 1), slider("x1", -1, 1), slider("w2", -1, 1), slider("x2", -1, 1),
    ],
    view(_, state, width) {
      const { line, rect, label } = Interactive;
      const leaves = Object.fromEntries(Object.keys(LEAVES).map((name) => [name, state[name] ?? LEAVES[name]]));
      const result = run(leaves);
      const { values, gradients, active } = known(state.step);
      const narrow = width < Interactive.NARROW;
      const [w, h] = [62, 30];
      // On a phone the graph runs from top to bottom.
      const place = (name) => {
        const [column, row] = PLACES[name];
        return narrow
          ? [44 + row * ((width - 88) / 3), 34 + column * 88]
          : [46 + column * ((width - 92) / 5), 44 + row * 78];
      };
      const drawn = [];
      ORDER.forEach((name) => {
        const [operation, operands] = GRAPH[name];
        const to = place(name);
        operands.forEach((each) => {
          const from = place(each);
          // Behind the boxes: a line from middle to middle is hidden where it enters them.
          drawn.push(line(...from, ...to, `rule${name === active ? " thick" : ""}`));
        });
      });
      Object.keys(PLACES).forEach((name) => {
        const [x, y] = place(name);
        const operation = GRAPH[name] ? ` ${OPERATIONS[GRAPH[name][0]].sign}` : "";
        drawn.push(rect(x - w / 2, y - h / 2, w, h, name === active ? "plain thick" : "plain", { rx: 6 }),
          label(x, y + 5, operation ? `${pretty(name)}:${operation}` : pretty(name), "middle strong"));
        if (values.includes(name)) drawn.push(label(x, y - h / 2 - 5, four(result.values[name]), "middle in-blue halo"));
        if (gradients.includes(name)) drawn.push(label(x, y + h / 2 + 14, four(result.gradients[name]), "middle in-orange halo"));
      });
      return { height: narrow ? 34 + 5 * 88 + 44 : 44 + 3 * 78 + 44, marks: drawn.join(""), text: sentence(state.step, result) };
    },
    formulas: { run },
  });
})();
