// Chapter 10: five update rules in the chapter's valley, at a rate that the reader chooses.
(function () {
  "use strict";
  const CURVATURES = [1, 30], START = [-4, 1], STEPS = 40, HALF = Math.SQRT1_2, MU = 0.9, EPS = 1e-8;
  // Each rule: (gradient, memory, rate, t) to the change of one coordinate; memory is kept from step to step.
  const RULES = {
    sgd: { text: "SGD", colour: "blue", change: (g, _, rate) => -rate * g },
    momentum: {
      text: "momentum", colour: "orange",
      change(g, memory, rate) { memory.v = MU * (memory.v ?? 0) + g; return -rate * memory.v; },
    },
    nesterov: {
      text: "Nesterov", colour: "green",
      change(g, memory, rate) { memory.v = MU * (memory.v ?? 0) + g; return -rate * (g + MU * memory.v); },
    },
    rmsprop: {
      text: "RMSProp", colour: "pink",
      change(g, memory, rate) { memory.s = 0.9 * (memory.s ?? 0) + 0.1 * g * g; return (-rate * g) / (Math.sqrt(memory.s) + EPS); },
    },
    adam: {
      text: "Adam", colour: "yellow",
      change(g, memory, rate, t) {
        memory.m = 0.9 * (memory.m ?? 0) + 0.1 * g;
        memory.s = 0.999 * (memory.s ?? 0) + 0.001 * g * g;
        return (-rate * (memory.m / (1 - 0.9 ** t))) / (Math.sqrt(memory.s / (1 - 0.999 ** t)) + EPS);
      },
    },
  };

  // The valley's own axes are turned by 45 degrees against those of the weights, or not at all.
  const turn = ([a, b]) => [HALF * (a - b), HALF * (a + b)];
  const turnBack = ([a, b]) => [HALF * (a + b), HALF * (b - a)];
  const own = (w, turned) => (turned ? turnBack(w) : w);
  const value = (w, turned) => own(w, turned).reduce((sum, x, i) => sum + 0.5 * CURVATURES[i] * x * x, 0);
  function gradient(w, turned) {
    const inside = own(w, turned).map((x, i) => CURVATURES[i] * x);
    return turned ? turn(inside) : inside;
  }

  // The points of a walk, the start first; it ends early once a coordinate is beyond drawing.
  function walk(name, rate, turned, steps) {
    const path = [turned ? turn(START) : START];
    const memories = [{}, {}];
    for (let t = 1; t <= steps; t += 1) {
      const w = path[t - 1];
      const g = gradient(w, turned);
      const next = w.map((x, i) => x + RULES[name].change(g[i], memories[i], rate, t));
      if (next.some((x) => Math.abs(x) > 1e4)) break;
      path.push(next);
    }
    return path;
  }

  // One level line of the valley: an ellipse, as a closed curve.
  const level = (height, turned) => Interactive.spread(0, 2 * Math.PI, 73).map((angle) => {
    const point = [Math.cos(angle), Math.sin(angle)].map((part, i) => part * Math.sqrt((2 * height) / CURVATURES[i]));
    return turned ? turn(point) : point;
  });

  const rateOf = (exponent) => 10 ** exponent;

  Interactive.define("optimizer_paths", {
    title: "A rate that suits one rule throws another out of the valley",
    caption: "Raise the rate for SGD slowly: beyond 2/30 = 0.067 the zigzag grows. Try the same rate with the other rules. Then turn the valley: the "
      + "values of SGD, momentum and Nesterov stay exactly the same, those of RMSProp and Adam do not.",
    controls: () => [
      Interactive.choice("rule", "Rule", Object.entries(RULES).map(([key, { text }]) => [key, text]), "momentum"),
      Interactive.range("exponent", "Learning rate",
        { min: -3, max: 0.5, step: 0.02, value: -1.7, format: (exponent) => Interactive.readable(rateOf(exponent), 2) }),
      Interactive.range("steps", "Steps shown", { min: 0, max: STEPS, step: 1, value: STEPS, steps: true }),
      Interactive.choice("valley", "Valley", [["along", "along an axis"], ["turned", "turned by 45°"]], "along"),
    ],
    view(_, state, width) {
      const { tag, rect, circle, curve, label, axes, readable } = Interactive;
      const turned = state.valley === "turned";
      const box = { left: 46, right: width - 14, top: 28, bottom: turned ? 340 : 250 };
      const [x, y] = turned ? [[-4.4, 1.4], [-4, 1.2]] : [[-4.6, 1.6], [-1.7, 1.7]];
      const whole = ([from, to]) => Interactive.counting(Math.floor(to) - Math.ceil(from) + 1).map((i) => Math.ceil(from) + i);
      const { across, up, marks } = axes(box, { domain: x, ticks: whole(x), label: "w₁" }, { domain: y, ticks: whole(y), label: "w₂" });
      const place = (points) => points.map(([a, b]) => [across(a), up(b)]);
      const chosen = RULES[state.rule];
      const rate = rateOf(state.exponent);
      const path = walk(state.rule, rate, turned, state.steps);
      const inside = [0.25, 1, 3, 8, 16, 30, 50].map((height) => curve(place(level(height, turned)), "thin pale"));
      Object.entries(RULES).forEach(([name, { colour }]) => {
        if (name === state.rule) return;
        // A path that leaves the picture is not followed back into it: the zigzags of several rules would hide the chosen one.
        const other = walk(name, rate, turned, state.steps);
        const gone = other.findIndex(([a, b]) => a < x[0] || a > x[1] || b < y[0] || b > y[1]);
        inside.push(curve(place(gone < 0 ? other : other.slice(0, gone + 1)), `${colour} thin behind`));
      });
      inside.push(curve(place(path), chosen.colour));
      place(path).forEach(([a, b]) => inside.push(circle(a, b, 3, `fill-${chosen.colour}`)));
      const end = path[path.length - 1];
      const minimum = [[across(0), up(0)]].map(([a, b]) =>
        tag("path", { d: `M${a - 6} ${b - 6}l12 12m0 -12l-12 12`, class: "curve" }));
      inside.push(minimum, circle(across(end[0]), up(end[1]), 7, `point fill-${chosen.colour}`));
      const clip = "interactive-optimizer_paths-clip";
      const names = Object.values(RULES);
      const drawn = [
        tag("clipPath", { id: clip }, rect(box.left, box.top, box.right - box.left, box.bottom - box.top)),
        marks, tag("g", { "clip-path": `url(#${clip})` }, inside),
      ];
      const columns = width < Interactive.NARROW ? 3 : names.length;
      names.forEach(({ text, colour }, i) => {
        const left = 46 + ((i % columns) * (width - 60)) / columns, below = box.bottom + 54 + 18 * Math.floor(i / columns);
        drawn.push(curve([[left, below], [left + 14, below]], `${colour}${colour === chosen.colour ? " thick" : ""}`),
          label(left + 18, below + 4, text, colour === chosen.colour ? "small strong" : "small"));
      });
      const done = path.length - 1;
      const begin = value(path[0], turned), now = value(end, turned);
      const fate = done < state.steps ? `left the picture for good after ${done} steps`
        : `is at the value ${readable(now, 2)} after ${done} steps; it began at ${readable(begin, 3)}`;
      return { height: box.bottom + (columns === 3 ? 84 : 66), marks: drawn.join(""), text: `At the rate ${readable(rate, 2)} ${chosen.text} ${fate}.` };
    },
    formulas: { walk, value },
  });
})();
