// Chapter 01: the derivative of a chain of equal units, one more factor for every layer.
(function () {
  "use strict";
  const DEEPEST = 20, INPUT = 0.5, LEAST = 1e-14, MOST = 1e4;

  // Slopes w f'(z_l) of the layers z_l = w a_(l-1) + b, a_l = f(z_l), and their products, the first of which is 1.
  function chain(name, weight, bias, layers) {
    const { value, slope } = Interactive.activations[name];
    const factors = [], products = [1];
    let a = INPUT;
    for (let l = 0; l < layers; l += 1) {
      const z = weight * a + bias;
      a = value(z);
      factors.push(weight * slope(z));
      products.push(products[l] * factors[l]);
    }
    return { factors, products };
  }

  const inside = (product) => product >= LEAST && product <= MOST;

  // The points of a curve of products, [layer, product]. Where they leave the axis, the curve ends at its edge.
  function trace(products) {
    const end = products.findIndex((product) => !inside(product));
    const points = products.map((product, l) => [l, product]);
    if (end < 0) return { points, leaves: null };
    const edge = products[end] > MOST ? MOST : LEAST;
    const [from, to] = [Math.log(products[end - 1]), Math.log(products[end])];
    const share = Number.isFinite(to) ? (Math.log(edge) - from) / (to - from) : 1;
    return { points: [...points.slice(0, end), [end - 1 + share, edge]], leaves: edge };
  }

  Interactive.define("sigmoid_chain", {
    title: "A chain of sigmoids loses its gradient with every layer",
    caption: "Add layers and read off what is left of the gradient. With weight 1 it falls faster than the dotted bound, a quarter "
      + "for each layer. Raise the weight to 4: it still falls, because the units move away from z = 0. Only with the bias at −2 do they stay there.",
    controls: () => [
      Interactive.choice("f", "Activation", Object.entries(Interactive.activations).map(([key, { text }]) => [key, text]),
        "sigmoid"),
      Interactive.range("layers", "Layers L", { min: 1, max: DEEPEST, step: 1, value: 10, steps: true }),
      Interactive.range("weight", "Weight w",
        { min: 0.5, max: 6, step: 0.5, value: 1, format: (w) => Interactive.fixed(w, 1) }),
      Interactive.range("bias", "Bias b",
        { min: -3, max: 3, step: 0.5, value: 0, format: (b) => Interactive.fixed(b, 1) }),
    ],
    view(_, state, width) {
      const { tag, line, circle, curve, label, axes, counting, readable, power, fixed } = Interactive;
      const box = { left: 56, right: width - 14, top: 30, bottom: 276 };
      const exponents = [4, 0, -4, -8, -12];
      const { across, up, marks } = axes(box, { domain: [0, DEEPEST], ticks: [0, 5, 10, 15, 20], label: "layer" },
        { domain: [LEAST, MOST], log: true, ticks: exponents.map((e) => 10 ** e), label: "product of slopes so far",
          format: (tick) => power(Math.round(Math.log10(tick))) });
      const { factors, products } = chain(state.f, state.weight, state.bias, DEEPEST);
      const ceiling = state.f === "sigmoid" ? 0.25 : 1;
      const bound = (l) => (ceiling * state.weight) ** l;
      const product = products[state.layers];
      const x = across(state.layers);
      const y = inside(product) ? up(product) : product > MOST ? box.top + 8 : box.bottom - 8;
      // A curve that leaves the axis ends in the head of an arrow, and a point beyond it is open.
      const graph = (values, kind) => {
        const { points, leaves } = trace(values);
        const places = points.map(([l, value]) => [across(l), up(value)]);
        const [tipX, tipY] = places[places.length - 1], back = leaves === MOST ? 10 : -10;
        const head = leaves === null ? "" : tag("path", { d: `M${tipX} ${tipY}l-6 ${back}h12z`, class: `fill-${kind}` });
        return curve(places, kind) + head;
      };
      const passed = products.slice(0, state.layers + 1);
      const drawn = [
        marks,
        curve(counting(DEEPEST + 1).filter((l) => inside(bound(l))).map((l) => [across(l), up(bound(l))]), "thin dotted"),
        line(x, box.top, x, box.bottom, "rule dashed"),
        graph(products, "blue thin pale"),
        graph(passed, "blue"),
        passed.map((value, l) => (inside(value) ? circle(across(l), up(value), 3, "fill-blue") : "")).join(""),
        circle(x, y, 7, inside(product) ? "point fill-orange" : "curve orange"),
        label(Math.min(x + 8, width - 96), y < box.top + 40 ? y + 24 : y - 12, readable(product, 2), "strong halo"),
      ];
      const last = factors[state.layers - 1];
      const layers = state.layers === 1 ? "1 layer" : `${state.layers} layers`;
      const text = product === 0
        ? `After ${layers} the gradient is 0: a ReLU on the way is switched off.`
        : `After ${layers} of ${Interactive.activations[state.f].text} a change of the input arrives ${readable(product, 2)} times as large. `
          + `The last layer's factor is ${readable(last, 3)}; it cannot exceed ${fixed(ceiling * state.weight, 2)} (dotted).`;
      return { height: 320, marks: drawn.join(""), text };
    },
    drag: (_, __, place, width) => ({ layers: Interactive.linear([56, width - 14], [0, DEEPEST])(place.x) }),
    formulas: { chain, trace },
  });
})();
