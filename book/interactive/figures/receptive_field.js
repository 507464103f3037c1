// Chapter 08: which pixels, along one axis, a unit behind any layer of the three CNNs depends on.
(function () {
  "use strict";
  const IMAGE = 32;
  // Kernel and stride of each layer; a pool is a kernel of 2 with stride 2.
  const CONVOLUTION = (kernel) => ({ text: `conv ${kernel}`, kernel, stride: 1 });
  const POOL = { text: "pool 2", kernel: 2, stride: 2 };
  const NETWORKS = {
    cnn_3: [CONVOLUTION(3), CONVOLUTION(5), POOL, CONVOLUTION(7), POOL],
    cnn_4: [CONVOLUTION(3), CONVOLUTION(3), CONVOLUTION(5), POOL, CONVOLUTION(5), POOL],
    cnn_5: [CONVOLUTION(3), CONVOLUTION(3), CONVOLUTION(3), CONVOLUTION(3), POOL, CONVOLUTION(3), CONVOLUTION(3), POOL],
  };

  // For the image and behind each layer: units along the axis, pixels from unit to unit, place of the first, field.
  function rows(layers) {
    const found = [{ text: "image", units: IMAGE, jump: 1, first: 0.5, field: 1 }];
    layers.forEach(({ text, kernel, stride }) => {
      const { units, jump, first, field } = found[found.length - 1];
      found.push({
        text, units: Math.floor((units - kernel) / stride) + 1, jump: jump * stride,
        first: first + ((kernel - 1) / 2) * jump, field: field + (kernel - 1) * jump,
      });
    });
    return found;
  }

  // The first and last unit of every row that a unit of row `depth` depends on, from that row down to the image.
  function cone(layers, depth, unit) {
    const ranges = [[unit, unit]];
    for (let l = depth - 1; l >= 0; l -= 1) {
      const { kernel, stride } = layers[l];
      const [from, to] = ranges[0];
      ranges.unshift([from * stride, to * stride + kernel - 1]);
    }
    return ranges;
  }

  Interactive.define("receptive_field", {
    title: "Every layer widens what one unit sees; behind a pool it widens twice as fast",
    caption: "Follow one unit down to the pixels: blue is all that its value depends on. Add layers one by one and compare the widening before and behind "
      + "a pool. Then compare the networks: one wide kernel or many narrow ones end at nearly the same field.",
    controls: () => [
      Interactive.choice("network", "Network", Object.keys(NETWORKS).map((name) => [name, name]), "cnn_5"),
      Interactive.range("depth", "Layers", { min: 1, max: 8, step: 1, value: 3, steps: true }),
      Interactive.range("place", "Place of the unit", { min: 0, max: 1, step: 0.05, value: 0.5, format: (place) => `${Math.round(100 * place)} %` }),
    ],
    view(_, state, width) {
      const { rect, label, tag } = Interactive;
      const layers = NETWORKS[state.network];
      const depth = Math.min(state.depth, layers.length);
      const all = rows(layers);
      const unit = Math.round(state.place * (all[depth].units - 1));
      const seen = cone(layers, depth, unit);
      const left = 64, pixel = (width - left - 8) / IMAGE, gap = 40, size = Math.max(5, pixel - 2);
      const bottom = 28 + layers.length * gap;
      const centre = (row, i) => left + (all[row].first + i * all[row].jump) * pixel;
      const drawn = [];
      // The cone first, so that the units lie on it.
      for (let row = 0; row < depth; row += 1) {
        const [from, to] = seen[row], [above, beyond] = seen[row + 1];
        const y = bottom - row * gap, top = y - gap;
        const corners = [[centre(row, from) - size / 2, y], [centre(row, to) + size / 2, y],
          [centre(row + 1, beyond) + size / 2, top], [centre(row + 1, above) - size / 2, top]];
        drawn.push(tag("path", { d: `M${corners.map((corner) => corner.map((v) => v.toFixed(1)).join(" ")).join("L")}z`,
          style: "fill: color-mix(in srgb, var(--blue) 22%, var(--paper))" }));
      }
      all.forEach(({ text, units }, row) => {
        const y = bottom - row * gap;
        drawn.push(label(left - 8, y + 4, text, `end small${row > depth ? " quiet" : ""}`));
        for (let i = 0; i < units; i += 1) {
          const inside = row <= depth && i >= seen[row][0] && i <= seen[row][1];
          const kind = row === depth && inside ? "fill-orange" : inside ? "fill-blue" : "empty";
          drawn.push(rect(centre(row, i) - size / 2, y - size / 2, size, size, kind));
        }
      });
      const { field, jump, units } = all[depth];
      const short = state.depth > layers.length ? ` (${state.network} has ${layers.length} layers)` : "";
      return { height: bottom + 20, marks: drawn.join(""),
        text: `Behind ${depth} ${depth === 1 ? "layer" : "layers"} of ${state.network}${short} this unit depends on the pixels ${seen[0][0]} to ${seen[0][1]}, ${field} of ${IMAGE}. `
          + `The map has ${units} units, ${jump} ${jump === 1 ? "pixel" : "pixels"} apart.`,
      };
    },
    formulas: { rows: (name) => rows(NETWORKS[name]), cone: (name, depth, unit) => cone(NETWORKS[name], depth, unit) },
  });
})();
