// The landing page's demonstration: the wrong answer first; one click, and the right one takes its place.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const root = document.querySelector(".check-demo");
  if (!root) return;
  const [wrong, right, act] = [".wrong", ".right", ".act"].map((part) => root.querySelector(part));
  const button = act.querySelector("button");
  const fix = button.textContent;
  function show(fixed) {
    wrong.hidden = fixed;
    right.hidden = !fixed;
    button.textContent = fixed ? "Show the mistake again" : fix;
  }
  button.addEventListener("click", () => show(!wrong.hidden));
  act.hidden = false;
  show(false);
});
