// For reading a long page: which formulas go on beyond their edge, which exercise comes next, what a link leads to.
(function () {
  "use strict";

  // A formula is wider than its place or not, depending on the window: measured whenever either changes.
  function markOverflow() {
    document.querySelectorAll('.bd-article div.math > mjx-container[display="true"]').forEach((formula) => {
      formula.classList.toggle("overflows", formula.scrollWidth > formula.clientWidth + 1);
    });
    document.querySelectorAll(".bd-article table.words").forEach(fit);
    document.querySelectorAll(SCROLLS).forEach(markEnd);
  }

  // A table of words that a phone cannot show is a list there.
  function fit(table) {
    table.classList.remove("as-list");
    const place = table.parentElement;
    const tooWide = place.scrollWidth > place.clientWidth + 1;
    table.classList.toggle("as-list", tooWide && window.matchMedia("(max-width: 600px)").matches);
  }

  // Code and tables: whether there is more to the right of what is seen.
  const SCROLLS = ".bd-article :is(.highlight pre, .pst-scrollable-table-container)";
  function markEnd(box) {
    box.classList.toggle("goes-on", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
  }
  document.addEventListener("scroll", (event) => {
    if (event.target instanceof Element && event.target.matches(SCROLLS)) markEnd(event.target);
  }, { capture: true, passive: true });

  // A bar with the number of the exercise that one has reached, and ways to its neighbours.
  function addStations() {
    const marks = [...document.querySelectorAll(".bd-article p.cell-mark.exercise")];
    if (marks.length < 2) return;
    const bar = document.createElement("nav");
    bar.className = "stations";
    bar.setAttribute("aria-label", "Exercises of this page");
    const text = document.createElement("span");
    const button = (sign, label, by) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = sign;
      made.setAttribute("aria-label", label);
      made.addEventListener("click", () => go(by));
      return made;
    };
    const back = button("\u2191", "Previous exercise", -1), on = button("\u2193", "Next exercise", 1);
    bar.append(back, text, on);
    document.body.append(bar);
    const line = 120; // CSS pixels below the top of the window: what is above has been reached

    const reached = () => marks.filter((mark) => mark.getBoundingClientRect().top <= line).length;
    function go(by) {
      const here = reached();
      const at = here ? marks[here - 1].getBoundingClientRect().top : line;
      // Back leads to the top of the exercise that one is in, and from there to the one before.
      const target = by > 0 ? here : here - (at < line - 40 ? 1 : 2);
      const mark = marks[Math.max(0, Math.min(marks.length - 1, target))];
      window.scrollTo({ top: window.scrollY + mark.getBoundingClientRect().top - line + 20 });
    }
    function tell() {
      const here = reached();
      text.textContent = here ? `Exercise ${here} of ${marks.length}` : `${marks.length} exercises`;
      back.disabled = here === 0;
      on.disabled = here === marks.length;
    }
    let waiting = false;
    window.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      window.requestAnimationFrame(() => { waiting = false; tell(); });
    }, { passive: true });
    tell();
  }

  // A link to what is folded unfolds it, in browsers that do not do so by themselves.
  function unfold() {
    const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const folded = target?.closest("details.fold-section:not([open])") ?? target?.querySelector(":scope > details.fold-section:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  }

  function start() {
    unfold();
    window.addEventListener("hashchange", unfold);
    addStations();
    Promise.resolve(window.MathJax?.startup?.promise).then(markOverflow);
    new ResizeObserver(markOverflow).observe(document.querySelector(".bd-article") ?? document.body);
  }
  window.addEventListener("load", start);
})();
