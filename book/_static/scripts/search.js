// Search results lead to a section, and chapters come before the glossary. Sphinx's own script looks up both names.
var Scorer = {
  // The glossary and the index list every word: what explains it comes first.
  score: ([page, title, anchor, description, score]) => (/(^|\/)(glossary|genindex|bibliography)$/.test(page) ? score / 100 : score),
  // As Sphinx has them.
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  if (typeof Search === "undefined" || !document.getElementById("search-results")) return;
  const ofPage = Search.makeSearchSummary;

  const count = (text, word) => text.split(word).length - 1;

  // The section with the most of the words; of several, the one that has them in its heading, or else most often. What
  // is in a section inside of it does not count, and the opening of a page only if no section has as many.
  function bestSection(html, words) {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(".headerlink, script, style").forEach((element) => element.remove());
    let best = null;
    for (const section of page.querySelectorAll('[role="main"] section[id]')) {
      const heading = section.querySelector(":scope > :is(h1, h2, h3, h4)");
      if (!heading) continue;
      const own = section.cloneNode(true);
      own.querySelectorAll("section").forEach((inner) => inner.remove());
      const text = own.textContent.toLowerCase(), title = heading.textContent.toLowerCase();
      const opening = heading.tagName === "H1";
      const rank = [
        words.filter((word) => text.includes(word)).length,
        opening ? 0 : 1,
        words.filter((word) => title.includes(word)).length,
        words.reduce((sum, word) => sum + count(text, word), 0),
      ];
      const first = rank.findIndex((value, place) => value !== (best?.rank[place] ?? 0));
      if (rank[0] > 0 && first >= 0 && rank[first] > (best?.rank[first] ?? 0)) best = { rank, opening, id: section.id, heading, own };
    }
    return best;
  }

  Search.makeSearchSummary = (html, keywords, anchor) => {
    const best = anchor ? null : bestSection(html, [...keywords].map((word) => word.toLowerCase()));
    if (best === null || best.opening) return ofPage(html, keywords, anchor);
    const summary = ofPage(`<div role="main">${best.own.innerHTML}</div>`, keywords, "");
    if (summary === null) return null;
    // Sphinx puts the summary behind the link.
    queueMicrotask(() => {
      const link = summary.parentElement.querySelector("a");
      link.hash = best.id;
      link.append(` > ${best.heading.textContent}`);
    });
    return summary;
  };
});
