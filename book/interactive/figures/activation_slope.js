// Chapter 01: an activation with its tangent, and its derivative below, at a point that the reader moves.
Interactive.define("activation_slope", {
  title: "The derivative is as high as the activation is steep",
  caption: "Drag along a curve or move the slider. Watch how fast the bar shrinks when the sigmoid saturates: two units "
    + "from the middle the slope is less than half, four units from it a fourteenth. Then choose ReLU and cross 0.",
  controls: () => [
    Interactive.choice("f", "Activation", Object.entries(Interactive.activations).map(([key, { text }]) => [key, text]),
      "sigmoid"),
    Interactive.range("x", "Point x",
      { min: -6, max: 6, step: 0.1, value: 1, format: (x) => Interactive.fixed(x, 1) }),
  ],
  view(_, state, width) {
    const { line, circle, curve, clipped, label, axes, panels, spread, fixed, activations } = Interactive;
    const { value, slope, text } = activations[state.f];
    const domains = {
      sigmoid: [[-0.2, 1.2], [0, 0.5, 1]], tanh: [[-1.3, 1.3], [-1, 0, 1]], relu: [[-1, 6.2], [0, 2, 4, 6]],
    };
    const [domain, ticks] = domains[state.f];
    const { boxes: [upper, lower], height } = panels(width, 2, 250);
    const ticksAcross = [-6, -4, -2, 0, 2, 4, 6];
    const above = axes(upper, { domain: [-6.4, 6.4], ticks: ticksAcross, label: "x" }, { domain, ticks, label: `${text}(x)` });
    const below = axes(lower, { domain: [-6.4, 6.4], ticks: ticksAcross, label: "x" },
      { domain: [0, 1.1], ticks: [0, 0.25, 0.5, 0.75, 1], label: `slope ${text}′(x)` });
    const { x } = state;
    const kink = state.f === "relu" && x === 0;
    const a = value(x), s = slope(x);
    // The tangent has the same length on the page whatever its slope.
    const perX = (upper.right - upper.left) / 12.8, perY = (upper.bottom - upper.top) / (domain[1] - domain[0]);
    const reach = 62 / Math.hypot(perX, s * perY);
    const points = state.f === "relu" ? [-6.4, 0, 6.4] : spread(-6.4, 6.4, 161);
    const slopes = state.f === "relu" ? [[-6.4, 0], [0, 0], [NaN, NaN], [0, 1], [6.4, 1]] : points.map((p) => [p, slope(p)]);
    const marks = [
      above.marks, below.marks,
      curve(points.map((p) => [above.across(p), above.up(value(p))]), "blue"),
      kink ? "" : clipped("activation_slope-upper", upper,
        curve([x - reach, x + reach].map((p) => [above.across(p), above.up(a + s * (p - x))]), "orange thick")),
      circle(above.across(x), above.up(a), 8, "point fill-orange"),
      curve(slopes.map(([p, q]) => [below.across(p), below.up(q)]), "blue"),
      line(below.across(x), below.up(0), below.across(x), below.up(s), "curve orange thick"),
      circle(below.across(x), below.up(s), 8, "point fill-orange"),
      label(below.across(x), Math.max(below.up(s) - 14, lower.top + 6), fixed(s), "middle strong halo"),
    ];
    const note = kink ? " At the kink there is no tangent; the chapter takes 0." : "";
    return { height, marks: marks.join(""),
      text: `At x = ${fixed(x, 1)} ${text} is ${fixed(a)} and its slope is ${fixed(s)}.${note}`,
    };
  },
  drag(_, __, place, width) {
    const { boxes } = Interactive.panels(width, 2, 250);
    const box = boxes.find(({ left, right }) => place.x < right + 14 && place.x > left - 46 && right - left < width)
      || boxes[0];
    return { x: Interactive.linear([box.left, box.right], [-6.4, 6.4])(place.x) };
  },
  formulas: {
    value: (name, x) => Interactive.activations[name].value(x),
    slope: (name, x) => Interactive.activations[name].slope(x),
  },
});
