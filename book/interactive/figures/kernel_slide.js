// Chapter 05: a kernel moves over an image, and each place gives one sum of products. Stride 1, no padding.
(function () {
  "use strict";
  const IMAGE = [[0, 0, 0, 2, 2], [0, 0, 0, 2, 2], [0, 0, 2, 2, 2], [0, 2, 2, 2, 2], [0, 2, 2, 2, 2]];
  const KERNELS = {
    upright: ["upright edge", [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]],
    level: ["level edge", [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]],
    sum: ["sum", [[1, 1, 1], [1, 1, 1], [1, 1, 1]]],
    sharpen: ["sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]],
  };

  const products = (image, kernel, row, column) =>
    kernel.map((weights, p) => weights.map((weight, q) => weight * image[row + p][column + q]));
  const total = (table) => table.flat().reduce((sum, value) => sum + value, 0);

  function correlate(image, kernel) {
    const rows = image.length - kernel.length + 1, columns = image[0].length - kernel[0].length + 1;
    return Interactive.counting(rows).map((r) =>
      Interactive.counting(columns).map((c) => total(products(image, kernel, r, c))));
  }

  const shown = (value) => Interactive.fixed(value, 0);
  const PLACES = 9;

  Interactive.define("kernel_slide", {
    title: "One kernel, nine places, nine sums",
    caption: "Step through the nine places. Each time the same nine weights are multiplied with the pixels under the frame, and the "
      + "products are added up. Find the places where the edge kernel gives 0, then the kernel for which none does.",
    controls: () => [
      Interactive.range("place", "Place",
        { min: 1, max: PLACES, step: 1, value: 2, steps: true, format: (place) => `${place} of ${PLACES}` }),
      Interactive.choice("kernel", "Kernel", Object.entries(KERNELS).map(([key, [text]]) => [key, text]), "upright"),
    ],
    view(_, state, width) {
      const { rect, label } = Interactive;
      const kernel = KERNELS[state.kernel][1];
      const row = Math.floor((state.place - 1) / 3), column = (state.place - 1) % 3;
      const output = correlate(IMAGE, kernel);
      const table = products(IMAGE, kernel, row, column);
      const narrow = width < Interactive.NARROW;
      const side = narrow ? 30 : Math.min(38, Math.floor((width - 130) / 14));
      const gap = narrow ? 24 : (width - 14 * side - 24) / 3;
      const drawn = [];

      function grid(left, top, title, values, kind) {
        drawn.push(label(left, top - 9, title, "quiet"));
        values.forEach((each, r) => each.forEach((value, c) => {
          const x = left + c * side, y = top + r * side;
          drawn.push(rect(x, y, side, side, kind(r, c, value)));
          if (value !== null) drawn.push(label(x + side / 2, y + side / 2 + 5, shown(value), "middle"));
        }));
      }
      const frame = (left, top, r, c, size) =>
        drawn.push(rect(left + c * side, top + r * side, size * side, size * side, "frame"));
      const left = 8, top = 26;
      const second = narrow ? [left + 5 * side + gap, top] : [left + 5 * side + gap, top + side];
      const third = narrow ? [left, top + 5 * side + 36] : [second[0] + 3 * side + gap, top + side];
      const fourth = narrow ? [third[0] + 5 * side + gap, third[1]] : [third[0] + 3 * side + gap, top + side];
      const covered = (r, c) => r >= row && r < row + 3 && c >= column && c < column + 3;
      grid(left, top, "image", IMAGE, (r, c) => (covered(r, c) ? "cell" : "empty"));
      frame(left, top, row, column, 3);
      grid(...second, "kernel", kernel, () => "cell");
      grid(...third, "products", table, () => "cell");
      grid(...fourth, "output", output.map((each, r) => each.map((value, c) => (3 * r + c < state.place ? value : null))),
        (r, c, value) => (value === null ? "empty" : "cell"));
      frame(...fourth, row, column, 1);
      if (!narrow) {
        [[second[0], "×"], [third[0], "="], [fourth[0], "sum"]].forEach(([x, text]) =>
          drawn.push(label(x - gap / 2, top + 2.5 * side + 5, text, "middle strong")));
      }
      const terms = table.flat().filter((value) => value !== 0).map((value, i) =>
        (value < 0 ? `${i ? " − " : "−"}${shown(-value)}` : `${i ? " + " : ""}${shown(value)}`)).join("");
      const bottom = narrow ? third[1] + 3 * side : top + 5 * side;
      return { height: bottom + 8, marks: drawn.join(""),
        text: `Row ${row}, column ${column} of the output: ${terms || "every product is 0, so the sum"} = ${shown(output[row][column])}. `
          + "Products that are 0 are left out.",
      };
    },
    formulas: { products, correlate },
  });
})();
