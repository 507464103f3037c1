// Chapter 05: how many places a window has along one axis, for any stride and padding.
(function () {
  "use strict";
  // Bars in one row do not overlap if there are as many rows as the widest window has pixels.
  const ROWS = 5;

  const size = (n, kernel, stride, padding) => Math.floor((n + 2 * padding - kernel) / stride) + 1;

  Interactive.define("output_size", {
    title: "Every window that fits gives one output; what is left over at the end is not seen",
    caption: "Each bar is one place of the window. Raise the padding until the output is as long as the input at stride 1. Then take "
      + "stride 2 and change the input size by one: every second time the last pixel is read by no window.",
    controls: () => [
      Interactive.range("n", "Input size n", { min: 5, max: 14, step: 1, value: 8 }),
      Interactive.range("kernel", "Kernel size k", { min: 1, max: ROWS, step: 1, value: 3 }),
      Interactive.range("stride", "Stride s", { min: 1, max: 4, step: 1, value: 2 }),
      Interactive.range("padding", "Padding p", { min: 0, max: 2, step: 1, value: 0 }),
    ],
    view(_, { n, kernel, stride, padding }, width) {
      const { rect, label, counting } = Interactive;
      const cells = n + 2 * padding;
      const side = Math.min(34, (width - 16) / 18);
      const left = (width - cells * side) / 2;
      const count = size(n, kernel, stride, padding);
      const last = (count - 1) * stride + kernel;
      const drawn = [label(left, 16, padding ? "input, zeros added at both ends" : "input", "quiet")];
      counting(cells).forEach((i) => {
        const zero = i < padding || i >= n + padding;
        const x = left + i * side;
        drawn.push(rect(x, 24, side, side, zero ? "empty" : "cell"),
          label(x + side / 2, 24 + side / 2 + 4, zero ? "0" : String(i - padding), zero ? "quiet middle small" : "middle small"));
        if (i >= last) drawn.push(Interactive.line(x, 24 + side, x + side, 24, "curve orange"));
      });
      const top = 24 + side + 8;
      counting(count).forEach((i) => {
        drawn.push(rect(left + i * stride * side + 1.5, top + 13 * (i % ROWS), kernel * side - 3, 9, "fill-blue", { rx: 4 }));
      });
      const below = top + 13 * ROWS + 22;
      drawn.push(label(left, below - 8, "output", "quiet"));
      counting(count).forEach((i) => {
        const x = left + (i * stride + (kernel - 1) / 2) * side;
        drawn.push(rect(x, below, side, side, "cell"), label(x + side / 2, below + side / 2 + 4, String(i), "middle small"));
      });
      const unread = cells - last;
      const rest = unread ? ` The last ${unread === 1 ? "place is" : `${unread} places are`} read by no window (struck out).` : "";
      const same = count === n ? " That is the input's size." : "";
      return { height: below + side + 8, marks: drawn.join(""),
        text: `⌊(${n} + 2·${padding} − ${kernel}) / ${stride}⌋ + 1 = ${count} ${count === 1 ? "output" : "outputs"}.${same}${rest}`,
      };
    },
    formulas: { size },
  });
})();
