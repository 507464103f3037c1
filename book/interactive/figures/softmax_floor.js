// Chapter 03: what a sigmoid before the softmax does to the least possible loss.
(function () {
  "use strict";
  const { sigmoid } = Interactive.activations;

  // Probability of the right class where its score is z and all other scores are -z.
  function probability(z, classes, squashed) {
    const [right, other] = squashed ? [sigmoid.value(z), sigmoid.value(-z)] : [z, -z];
    return 1 / (1 + (classes - 1) * Math.exp(other - right));
  }
  const loss = (z, classes, squashed) => -Math.log(probability(z, classes, squashed));
  const floor = (classes) => Math.log(Math.E + classes - 1) - 1;

  // Width of the bars beside the curves: their longest label, "without the sigmoid: 100.0 %", has to fit.
  const BARS = 240;

  Interactive.define("softmax_floor", {
    title: "With a sigmoid before the softmax no score gets the loss below the floor",
    caption: "Move the score to the right, as training does. The loss without the sigmoid goes to 0; with it the curve flattens "
      + "above the dotted floor, and so does its slope, which is all that training feels. More classes raise the floor.",
    controls: () => [
      Interactive.range("z", "Score of the right class; others −z",
        { min: -6, max: 6, step: 0.1, value: 2, format: (z) => `z = ${Interactive.fixed(z, 1)}` }),
      Interactive.range("classes", "Classes C", { min: 2, max: 20, step: 1, value: 10 }),
    ],
    view(_, { z, classes }, width) {
      const { line, circle, curve, rect, label, axes, spread, fixed } = Interactive;
      const narrow = width < Interactive.NARROW;
      const bars = narrow ? 0 : BARS;
      const box = { left: 46, right: width - bars - 14, top: 28, bottom: 250 };
      const { across, up, marks } = axes(box, { domain: [-6, 6], ticks: [-6, -4, -2, 0, 2, 4, 6], label: "score z" },
        { domain: [0, 5], ticks: [0, 1, 2, 3, 4, 5], label: "loss of the sample" });
      const points = spread(-6, 6, 121);
      const at = (squashed) => ({ p: probability(z, classes, squashed), l: loss(z, classes, squashed) });
      const plain = at(false), squashed = at(true);
      const graph = (squash, kind) =>
        curve(points.map((p) => [across(p), loss(p, classes, squash) <= 5 ? up(loss(p, classes, squash)) : NaN]), kind);
      const y = up(floor(classes));
      const drawn = [
        marks,
        line(box.left, y, box.right, y, "rule dotted"),
        // Below the line, or above it where that would be on the axis.
        label(box.left + 6, y + (y + 22 < box.bottom ? 16 : -6), `floor ${fixed(floor(classes), 4)}`, "halo"),
        graph(false, "blue"), graph(true, "orange dashed"),
        line(across(z), box.top, across(z), box.bottom, "rule"),
        plain.l <= 5 ? circle(across(z), up(plain.l), 7, "point fill-blue") : "",
        circle(across(z), up(squashed.l), 7, "point fill-orange"),
      ];
      // Probability of the right class as bars: beside the curves where there is room, else below them.
      const left = narrow ? 46 : width - bars + 20, top = narrow ? 312 : 60;
      const room = narrow ? width - 60 : bars - 34;
      drawn.push(label(left, top, "probability of the right class", "quiet"));
      [["without the sigmoid", plain.p, "blue"], ["with the sigmoid", squashed.p, "orange"]].forEach(([name, p, colour], i) => {
        const below = top + 16 + 52 * i;
        drawn.push(rect(left, below, room, 18, "empty"), rect(left, below, room * p, 18, `fill-${colour}`),
          label(left, below + 33, `${name}: ${fixed(100 * p, 1)} %`));
      });
      return { height: narrow ? 424 : 294, marks: drawn.join(""),
        text: `At z = ${fixed(z, 1)} with ${classes} classes the loss is ${fixed(plain.l, 4)} without the sigmoid and ${fixed(squashed.l, 4)} with it, `
          + `${fixed(squashed.l - floor(classes), 4)} above the floor.`,
      };
    },
    drag(_, __, place, width) {
      const bars = width < Interactive.NARROW ? 0 : BARS;
      return { z: Interactive.linear([46, width - bars - 14], [-6, 6])(place.x) };
    },
    formulas: { probability, loss, floor },
  });
})();
