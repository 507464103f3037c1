// What every interactive figure of the book is drawn with. Nothing here touches a document: the build of the book runs
// this file in a JavaScript engine to draw the first state, and the page runs it again when a reader moves a control.
globalThis.Interactive = globalThis.Interactive || (function () {
  "use strict";

  const figures = {};
  // Below this width, in CSS pixels, panels stand one under the other.
  const NARROW = 560;

  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const escape = (text) => String(text).replace(/[&<>"]/g, (character) => ESCAPES[character]);

  function attributes(values) {
    return Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== null && value !== false)
      .map(([key, value]) => {
        if (value === true) return ` ${key}=""`;
        const shown = typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
        return ` ${key}="${escape(shown)}"`;
      })
      .join("");
  }

  // An element as text. Children are markup already; pass plain text through escape.
  const tag = (name, values, ...children) => `<${name}${attributes(values)}>${children.flat().join("")}</${name}>`;

  const line = (x1, y1, x2, y2, kind, more) => tag("line", { x1, y1, x2, y2, class: kind, ...more });
  const circle = (cx, cy, r, kind, more) => tag("circle", { cx, cy, r, class: kind, ...more });
  const rect = (x, y, width, height, kind, more) => tag("rect", { x, y, width, height, class: kind, ...more });
  const label = (x, y, text, kind, more) => tag("text", { x, y, class: kind, ...more }, escape(text));
  // A triangle stands for class 1 beside the circle of class 0, so that shape says what colour says.
  const triangle = (x, y, r, kind) =>
    tag("path", { d: `M${(x - r).toFixed(1)} ${(y + 0.8 * r).toFixed(1)}h${2 * r}l${-r} ${-1.8 * r}z`, class: kind });

  // A curve through points; a value that is not finite interrupts it.
  function curve(points, kind, more) {
    let pen = "M";
    const d = points.map(([x, y]) => {
      if (!Number.isFinite(x) || !Number.isFinite(y)) { pen = "M"; return ""; }
      const step = `${pen}${x.toFixed(2)} ${y.toFixed(2)}`;
      pen = "L";
      return step;
    });
    return tag("path", { d: d.join(""), class: `curve ${kind}`, ...more });
  }

  // Marks of which only what lies inside a box is shown. Names are unique in a page.
  function clipped(name, { left, top, right, bottom }, ...marks) {
    const shape = tag("clipPath", { id: `interactive-${name}` }, rect(left, top, right - left, bottom - top));
    return tag("g", { "clip-path": `url(#interactive-${name})` }, shape, marks);
  }

  function linear([from, to], [start, end]) {
    const scale = (value) => start + ((value - from) / (to - from)) * (end - start);
    scale.inverse = (place) => from + ((place - start) / (end - start)) * (to - from);
    return scale;
  }

  function logarithmic([from, to], range) {
    const inner = linear([Math.log10(from), Math.log10(to)], range);
    const scale = (value) => inner(Math.log10(value));
    scale.inverse = (place) => 10 ** inner.inverse(place);
    return scale;
  }

  // Axes with a grid. box: edges of the plotting area; x, y: {domain, ticks, label, log, format}.
  function axes(box, x, y) {
    const across = (x.log ? logarithmic : linear)(x.domain, [box.left, box.right]);
    const up = (y.log ? logarithmic : linear)(y.domain, [box.bottom, box.top]);
    const shown = (axis, tick) => (axis.format ? axis.format(tick) : String(tick).replace("-", "−"));
    const marks = [
      ...x.ticks.map((tick) => line(across(tick), box.top, across(tick), box.bottom, "grid")),
      ...y.ticks.map((tick) => line(box.left, up(tick), box.right, up(tick), "grid")),
      ...x.ticks.map((tick) => label(across(tick), box.bottom + 16, shown(x, tick), "tick middle")),
      ...y.ticks.map((tick) => label(box.left - 6, up(tick) + 4, shown(y, tick), "tick end")),
      label((box.left + box.right) / 2, box.bottom + 33, x.label, "axis middle"),
      label(box.left - 34, box.top - 13, y.label, "axis"),
    ];
    return { across, up, marks: marks.join("") };
  }

  // Boxes of `count` panels: side by side where there is room, else one under the other.
  function panels(width, count, height, margin = { left: 46, right: 14, top: 28, bottom: 44 }) {
    const columns = width < NARROW ? 1 : count;
    const each = width / columns;
    const boxes = Array.from({ length: count }, (_, i) => {
      const left = (i % columns) * each;
      const top = Math.floor(i / columns) * height;
      return { left: left + margin.left, right: left + each - margin.right,
        top: top + margin.top, bottom: top + height - margin.bottom,
      };
    });
    return { boxes, height: height * Math.ceil(count / columns) };
  }

  const minus = (text) => text.replace("-", "−");
  const fixed = (value, digits = 3) => minus(value.toFixed(digits)).replace(/^−(0(\.0*)?)$/, "$1");
  const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const power = (exponent) => "10" + [...String(exponent)].map((character) => SUPERSCRIPTS[character]).join("");

  // A number for reading: 0.0125 as it is, 1.25e-7 as 1.3·10⁻⁷.
  function readable(value, digits = 3) {
    if (value === 0) return "0";
    if (!Number.isFinite(value)) return "beyond all bounds";
    const exponent = Math.floor(Math.log10(Math.abs(value)));
    if (exponent >= -3 && exponent < 5) return minus(String(Number(value.toPrecision(digits))));
    return `${fixed(value / 10 ** exponent, 1)}·${power(exponent)}`;
  }

  const choice = (name, text, options, value) => ({ kind: "choice", name, text, options, value });
  // settings: min, max, step, value; format(value) for the number beside the slider; steps: true for step buttons.
  const range = (name, text, settings) => ({ kind: "range", name, text, format: String, ...settings });

  const counting = (count) => Array.from({ length: count }, (_, i) => i);
  const spread = (from, to, count) => counting(count).map((i) => from + ((to - from) * i) / (count - 1));

  function define(name, figure) {
    figures[name] = { formulas: {}, ...figure };
  }

  const initial = (figure, data) => Object.fromEntries(figure.controls(data).map((each) => [each.name, each.value]));

  function svg(name, data, state, width) {
    const { title, view } = figures[name];
    const { height, marks, text } = view(data, state, width);
    const more = {
      viewBox: `0 0 ${width} ${Math.ceil(height)}`, width, height: Math.ceil(height), role: "img",
      "aria-label": title, "aria-describedby": `interactive-${name}-text`,
    };
    return { markup: tag("svg", more, marks), text };
  }

  function control(figure, each, data) {
    const id = `interactive-${figure}-${each.name}`;
    if (each.kind === "choice") {
      const options = each.options.map(([value, text]) => tag("label", {},
        `<input${attributes({ type: "radio", autocomplete: "off", name: id, value, "data-control": each.name, checked: value === each.value })}>`,
        tag("span", {}, escape(text))));
      return tag("fieldset", {}, tag("legend", {}, escape(each.text)), tag("div", { class: "options" }, options));
    }
    const { name, min, max, step, value } = each;
    const shown = each.format(value, data);
    const input = { type: "range", autocomplete: "off", id, "data-control": name, min, max, step, value, "aria-valuetext": shown };
    const buttons = each.steps
      ? tag("span", { class: "steps" },
        tag("button", { type: "button", "data-step": -1 }, "Back"),
        tag("button", { type: "button", "data-play": true }, "Play"),
        tag("button", { type: "button", "data-step": 1 }, "Next"))
      : "";
    return tag("div", { class: "slider", "data-of": name }, tag("label", { for: id }, escape(each.text)),
      `<input${attributes(input)}>`, tag("span", { class: "value", "aria-hidden": "true" }, escape(shown)), buttons);
  }

  // What a figure holds above its caption, in its first state, as the page has it before any script has run.
  function markup(name, data, width) {
    const figure = figures[name];
    const drawn = svg(name, data, initial(figure, data), width);
    return [
      tag("p", { class: "title" }, escape(figure.title)),
      tag("div", { class: "drawing", "data-drag": Boolean(figure.drag) }, drawn.markup),
      tag("p", { class: "text", id: `interactive-${name}-text` }, escape(drawn.text)),
      tag("p", { class: "spoken", "aria-live": "polite" }),
      tag("div", { class: "controls", hidden: true }, figure.controls(data).map((each) => control(name, each, data))),
    ].join("\n");
  }

  const drawing = { tag, line, circle, rect, label, triangle, curve, clipped, axes, panels, linear, logarithmic, NARROW };
  const words = { escape, fixed, readable, power };
  const lists = { counting, spread };
  return { ...drawing, ...words, ...lists, choice, range, figures, define, initial, svg, markup };
})();
