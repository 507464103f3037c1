// Chapter 02: a recorded training run of the XOR network, step by step.
// data: points [[x1, x2, label]], runs: {activation: {epochs, losses, accuracies, parameters}}; a set of parameters is
// W (2 x 4) row by row, b (4), V (4), c (1).
(function () {
  "use strict";
  const REACH = 2.4, SIDE = 112, HIDDEN = 4;
  const { activations } = Interactive;

  function output(parameters, name, x1, x2) {
    let z = parameters[16];
    for (let j = 0; j < HIDDEN; j += 1) {
      const pre = x1 * parameters[j] + x2 * parameters[HIDDEN + j] + parameters[8 + j];
      z += activations[name].value(pre) * parameters[12 + j];
    }
    return activations.sigmoid.value(z);
  }

  // The outputs on a grid of SIDE + 1 by SIDE + 1 points, row by row from the bottom.
  function surface(parameters, name) {
    const at = Interactive.spread(-REACH, REACH, SIDE + 1);
    return at.map((y) => at.map((x) => output(parameters, name, x, y)));
  }

  // One path for each of ten levels: runs of neighbouring cells become one rectangle.
  function regions(values, across, up) {
    const paths = Array(10).fill("");
    const cell = (2 * REACH) / SIDE;
    for (let r = 0; r < SIDE; r += 1) {
      let begin = 0;
      const level = (c) => {
        const mean = (values[r][c] + values[r][c + 1] + values[r + 1][c] + values[r + 1][c + 1]) / 4;
        return Math.min(9, Math.floor(10 * mean));
      };
      for (let c = 1; c <= SIDE; c += 1) {
        if (c < SIDE && level(c) === level(begin)) continue;
        const x = across(-REACH + begin * cell), y = up(-REACH + (r + 1) * cell);
        const width = across(-REACH + c * cell) - x, height = up(-REACH + r * cell) - y;
        paths[level(begin)] += `M${x.toFixed(1)} ${y.toFixed(1)}h${(width + 0.4).toFixed(1)}v${(height + 0.4).toFixed(1)}h${(-width - 0.4).toFixed(1)}z`;
        begin = c;
      }
    }
    return paths.map((d, level) => {
      if (!d) return "";
      // Blue for 0, orange for 1, the colour of the page for one half.
      const share = Math.abs(level - 4.5) / 4.5;
      const colour = `color-mix(in srgb, var(--${level < 5 ? "blue" : "orange"}) ${Math.round(10 + 50 * share)}%, var(--paper))`;
      return Interactive.tag("path", { d, style: `fill: ${colour}` });
    }).join("");
  }

  // Marching squares: the straight pieces of the line where the output is one half.
  function boundary(values, across, up) {
    const cell = (2 * REACH) / SIDE;
    let d = "";
    for (let r = 0; r < SIDE; r += 1) {
      for (let c = 0; c < SIDE; c += 1) {
        const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
        const heights = corners.map(([i, j]) => values[j][i] - 0.5);
        const ends = [];
        for (let k = 0; k < 4; k += 1) {
          const [a, b] = [heights[k], heights[(k + 1) % 4]];
          if (a < 0 === b < 0) continue;
          const share = a / (a - b), [p, q] = [corners[k], corners[(k + 1) % 4]];
          ends.push([-REACH + cell * (p[0] + share * (q[0] - p[0])), -REACH + cell * (p[1] + share * (q[1] - p[1]))]);
        }
        for (let k = 0; k + 1 < ends.length; k += 2) {
          const place = (end) => `${across(end[0]).toFixed(1)} ${up(end[1]).toFixed(1)}`;
          d += `M${place(ends[k])}L${place(ends[k + 1])}`;
        }
      }
    }
    return Interactive.tag("path", { d, class: "curve" });
  }

  // Where a hidden unit's pre-activation is 0: the piece of that line inside the square, as two points.
  function unitLine(parameters, j) {
    const [u, v, b] = [parameters[j], parameters[HIDDEN + j], parameters[8 + j]];
    const candidates = [
      ...[-REACH, REACH].map((x) => [x, -(u * x + b) / v]), ...[-REACH, REACH].map((y) => [-(v * y + b) / u, y]),
    ];
    return candidates.filter(([x, y]) => Math.abs(x) <= REACH + 1e-9 && Math.abs(y) <= REACH + 1e-9).slice(0, 2);
  }

  const last = (data) => data.runs.tanh.epochs.length - 1;

  Interactive.define("xor_training", {
    title: "Training turns four random lines into a boundary that separates the blobs",
    caption: "Play the run, then choose another activation. Each dashed line is the place where one hidden unit's pre-activation is 0; the "
      + "solid boundary bends there. Notice how long the loss waits near 0.25 while the lines turn, and how different sigmoid and ReLU are.",
    controls: (data) => [
      Interactive.range("step", "Training step", {
        min: 0, max: last(data), step: 1, value: 12, steps: true, format: (step) => `epoch ${data.runs.tanh.epochs[step]}`,
      }),
      Interactive.choice("f", "Hidden layer", [["tanh", "tanh"], ["sigmoid", "sigmoid"], ["relu", "ReLU"]], "tanh"),
    ],
    view(data, state, width) {
      const { axes, circle, triangle, curve, line, label, rect, counting, fixed } = Interactive;
      const run = data.runs[state.f];
      const parameters = run.parameters[state.step];
      const narrow = width < Interactive.NARROW;
      const side = narrow ? Math.min(width - 60, 330) : Math.min(330, width * 0.5);
      const plane = { left: 46, right: 46 + side, top: 28, bottom: 28 + side };
      const { across, up, marks } = axes(plane, { domain: [-REACH, REACH], ticks: [-2, -1, 0, 1, 2], label: "x₁" },
        { domain: [-REACH, REACH], ticks: [-2, -1, 0, 1, 2], label: "x₂" });
      const values = surface(parameters, state.f);
      const drawn = [marks, regions(values, across, up)];
      counting(HIDDEN).forEach((j) => {
        const ends = unitLine(parameters, j);
        if (ends.length === 2) drawn.push(line(across(ends[0][0]), up(ends[0][1]), across(ends[1][0]), up(ends[1][1]), "rule dashed"));
      });
      drawn.push(boundary(values, across, up));
      data.points.forEach(([x, y, kind]) => {
        if (Math.abs(x) > REACH || Math.abs(y) > REACH) return;
        drawn.push(kind ? triangle(across(x), up(y), 4.5, "point fill-orange thin") : circle(across(x), up(y), 4, "point fill-blue thin"));
      });
      drawn.push(rect(plane.left, plane.top, side, side, "rule"));
      const end = run.epochs[last(data)];
      const chart = narrow
        ? { left: 46, right: width - 14, top: plane.bottom + 76, bottom: plane.bottom + 236 }
        : { left: plane.right + 70, right: width - 14, top: 28, bottom: 28 + side };
      // Epoch 0 has a place on a logarithmic axis only if one is added.
      const { across: along, up: high, marks: grid } = axes(chart,
        { domain: [1, end + 1], log: true, ticks: [1, 11, 101, 1001].filter((t) => t <= end + 1), label: "epoch", format: (t) => String(t - 1) },
        { domain: [0, 0.5], ticks: [0, 0.1, 0.25, 0.4, 0.5], label: "training loss" });
      const losses = run.epochs.map((epoch, i) => [along(epoch + 1), high(Math.min(run.losses[i], 0.5))]);
      drawn.push(grid, curve(losses, "blue"), circle(...losses[state.step], 7, "point fill-orange"),
        label(Math.min(losses[state.step][0], chart.right - 40), losses[state.step][1] - 13, fixed(run.losses[state.step]), "middle strong halo"));
      return { height: (narrow ? chart.bottom : plane.bottom) + 42, marks: drawn.join(""),
        text: `After epoch ${run.epochs[state.step]} the ${activations[state.f].text} network has the loss ${fixed(run.losses[state.step])} and `
          + `${fixed(100 * run.accuracies[state.step], 0)} % of the validation points right.`,
      };
    },
    formulas: { output },
  });
})();
