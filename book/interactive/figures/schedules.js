// Chapter 10: the learning rate of three schedules, epoch by epoch.
(function () {
  "use strict";
  const BASE = 0.5, TOTAL = 100, MILESTONES = [40, 75], GAMMA = 0.1;
  const step = (epoch) => BASE * GAMMA ** MILESTONES.filter((milestone) => milestone <= epoch).length;
  const cosine = (epoch) => 0.5 * BASE * (1 + Math.cos((Math.PI * epoch) / TOTAL));
  const warmup = (epoch, steps) => BASE * Math.min(1, (epoch + 1) / steps);
  const KINDS = {
    step: { text: "steps", colour: "blue", rate: step },
    cosine: { text: "cosine", colour: "green", rate: cosine },
    both: { text: "warmup, then cosine", colour: "orange", rate: (epoch, steps) => Math.min(warmup(epoch, steps), cosine(epoch)) },
  };

  Interactive.define("schedules", {
    title: "A schedule begins with long steps and ends with short ones",
    caption: "Move through the epochs and compare the three rates: which schedule keeps the large rate longest, and which one spends the most epochs below 0.01? "
      + "A longer warmup costs epochs at the start and changes nothing at the end.",
    controls: () => [
      Interactive.range("epoch", "Epoch", { min: 0, max: TOTAL, step: 1, value: 5 }),
      Interactive.range("steps", "Warmup", { min: 1, max: 40, step: 1, value: 10, format: (n) => `${n} epoch${n === 1 ? "" : "s"}` }),
    ],
    view(_, { epoch, steps }, width) {
      const { line, circle, curve, label, axes, counting, readable } = Interactive;
      const box = { left: 50, right: width - 14, top: 28, bottom: 230 };
      const { across, up, marks } = axes(box, { domain: [0, TOTAL], ticks: [0, 20, 40, 60, 80, 100], label: "epoch" },
        { domain: [1e-3, 1], log: true, ticks: [0.001, 0.01, 0.1, 1], label: "learning rate" });
      // The cosine ends at 0, which has no place on a logarithmic axis: its curve leaves the picture.
      const shown = (rate) => (rate >= 1e-3 ? up(rate) : NaN);
      const drawn = [marks, line(across(epoch), box.top, across(epoch), box.bottom, "rule")];
      const dashes = { step: "", cosine: " dotted", both: " dashed" };
      Object.entries(KINDS).forEach(([name, { colour, rate }]) => {
        // A step is level up to its milestone and then falls at once.
        const before = (e) => (MILESTONES.includes(e) && name === "step" ? [[across(e), shown(rate(e - 1))]] : []);
        drawn.push(curve(counting(TOTAL + 1).flatMap((e) => [...before(e), [across(e), shown(rate(e, steps))]]), colour + dashes[name]));
      });
      Object.values(KINDS).forEach(({ text, colour, rate }, i) => {
        const left = 8 + [0, 0.22, 0.46][i] * width, below = box.bottom + 54;
        const y = shown(rate(epoch, steps));
        if (Number.isFinite(y)) drawn.push(circle(across(epoch), y, 6, `point fill-${colour}`));
        drawn.push(circle(left + 6, below - 4, 6, `fill-${colour}`), label(left + 18, below, text));
      });
      const parts = Object.values(KINDS).map(({ text, rate }) => `${text} ${readable(rate(epoch, steps), 3)}`);
      return { height: box.bottom + 64, marks: drawn.join(""), text: `Rates in epoch ${epoch}: ${parts.join("; ")}.` };
    },
    drag: (_, __, place, width) => ({ epoch: Interactive.linear([50, width - 14], [0, TOTAL])(place.x) }),
    formulas: { step, cosine, warmup },
  });
})();
