// Chapter 12: what networks trained on ImageNet say about photographs, recorded when the book was built.
// data: photographs [{name, text, picture}], networks [{name, text}], answers {network: {photograph: [[label, probability]]}}.
Interactive.define("pretrained_top_five", {
  title: "A network must answer, whether or not the right label exists",
  caption: "Go from the coffee to the clock and then to the photographs whose subject has no label of its own. Compare how the probability is shared out, "
    + "and whether another network agrees. The picture is the square that the network is shown. Photographs: scikit-image, CC0 or public domain.",
  controls: (data) => [
    Interactive.choice("photograph", "Photograph", data.photographs.map(({ name, text }) => [name, text]), data.photographs[0].name),
    Interactive.choice("network", "Network", data.networks.map(({ name, text }) => [name, text]), data.networks[0].name),
  ],
  view(data, state, width) {
    const { tag, rect, label, fixed } = Interactive;
    const photograph = data.photographs.find(({ name }) => name === state.photograph);
    const network = data.networks.find(({ name }) => name === state.network);
    const answers = data.answers[state.network][state.photograph];
    const narrow = width < Interactive.NARROW;
    const side = 210;
    const left = narrow ? 8 : side + 36, top = narrow ? side + 44 : 22;
    const room = width - left - 66;
    const drawn = [
      tag("image", { href: photograph.picture, x: narrow ? (width - side) / 2 : 8, y: 8, width: side, height: side }),
    ];
    answers.forEach(([name, probability], i) => {
      const y = top + 40 * i;
      drawn.push(label(left, y, name, i === 0 ? "strong" : ""), rect(left, y + 6, room, 14, "empty"),
        rect(left, y + 6, room * probability, 14, "fill-blue"), label(left + room + 8, y + 18, `${fixed(100 * probability, 1)} %`));
    });
    const sum = answers.reduce((total, [, probability]) => total + probability, 0);
    const list = answers.map(([name, probability]) => `${name} ${fixed(100 * probability, 1)} %`).join(", ");
    return { height: narrow ? top + 40 * 5 : side + 20, marks: drawn.join(""),
      text: `${network.text} on the ${photograph.text}: ${list}. The other 995 labels share ${fixed(100 * (1 - sum), 0)} %.`,
    };
  },
});
