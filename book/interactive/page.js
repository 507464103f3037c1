// Brings the figures of a page to life: controls change the state, the state is drawn and told.
(function () {
  "use strict";
  if (typeof document === "undefined") return;
  const { figures, svg, initial } = Interactive;

  const LEAST = 280, MOST = 760; // width of a drawing in CSS pixels
  const PLAY = 700, ANNOUNCE = 400; // milliseconds between two steps, and from the last change to its announcement
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function start(root) {
    if (root.dataset.ready) return;
    root.dataset.ready = "true";
    const name = root.id.replace(/^interactive-/, "");
    const figure = figures[name];
    const source = document.getElementById(`interactive-${name}-data`);
    const data = source ? JSON.parse(source.textContent) : null;
    const drawing = root.querySelector(".drawing");
    const text = root.querySelector(".text"), spoken = root.querySelector(".spoken");
    const controls = Object.fromEntries(figure.controls(data).map((each) => [each.name, each]));
    const state = initial(figure, data);
    let width = 0, waiting = 0, playing = 0, dragging = false;
    let silent = Boolean(root.dataset.autoplay); // what plays by itself is not read out

    // The sentence is that of the picture at once. Who listens to it hears the last of a quick series, not every one.
    function tell(sentence) {
      if (text.textContent === sentence) return;
      text.textContent = sentence;
      window.clearTimeout(waiting);
      if (silent) return;
      waiting = window.setTimeout(() => { spoken.textContent = sentence; }, ANNOUNCE);
    }

    function draw() {
      const drawn = svg(name, data, state, width);
      drawing.innerHTML = drawn.markup;
      tell(drawn.text);
    }

    function set(key, value) {
      const control = controls[key];
      if (control.kind === "range") {
        const { min, max, step } = control;
        const snapped = min + Math.round((Math.min(max, Math.max(min, Number(value))) - min) / step) * step;
        state[key] = Number(snapped.toFixed(6));
        const slider = root.querySelector(`input[type="range"][data-control="${key}"]`);
        slider.value = state[key];
        const shown = control.format(state[key], data);
        slider.setAttribute("aria-valuetext", shown);
        slider.parentElement.querySelector(".value").textContent = shown;
      } else {
        state[key] = value;
      }
    }

    function pause() {
      if (!playing) return;
      window.clearInterval(playing);
      playing = 0;
      root.querySelectorAll("[data-play]").forEach((button) => { button.textContent = "Play"; });
    }

    function play(button, key) {
      const { min, max, step } = controls[key];
      if (state[key] >= max) set(key, min);
      draw();
      button.textContent = "Pause";
      playing = window.setInterval(() => {
        set(key, state[key] + step);
        draw();
        if (state[key] >= max) pause();
      }, PLAY);
    }

    root.addEventListener("input", (event) => {
      silent = false;
      const key = event.target.dataset.control;
      if (!key) return;
      pause();
      set(key, event.target.value);
      draw();
    });

    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      silent = false;
      const key = button.closest("[data-of]").dataset.of;
      const wasPlaying = Boolean(playing);
      pause();
      if (button.dataset.step) {
        set(key, state[key] + Number(button.dataset.step) * controls[key].step);
        draw();
      } else if (!wasPlaying) {
        play(button, key);
      }
    });

    function drag(event) {
      const frame = drawing.firstElementChild.getBoundingClientRect();
      const scale = width / frame.width;
      const place = { x: (event.clientX - frame.left) * scale, y: (event.clientY - frame.top) * scale };
      const changes = figure.drag(data, state, place, width);
      Object.entries(changes).forEach(([key, value]) => set(key, value));
      draw();
    }
    if (figure.drag) {
      drawing.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        pause();
        dragging = true;
        drawing.setPointerCapture(event.pointerId);
        drag(event);
      });
      drawing.addEventListener("pointermove", (event) => { if (dragging) drag(event); });
      ["pointerup", "pointercancel"].forEach((kind) => drawing.addEventListener(kind, () => { dragging = false; }));
    }

    // Who asked for less motion steps by hand.
    const still = () => {
      pause();
      root.querySelectorAll("[data-play]").forEach((button) => { button.hidden = calm.matches; });
    };
    calm.addEventListener("change", still);
    still();
    root.querySelector(".controls").hidden = false;
    function playWhenSeen() {
      const button = root.querySelector("[data-play]");
      const key = button.closest("[data-of]").dataset.of;
      const seen = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        set(key, controls[key].min);
        play(button, key);
      }, { threshold: 0.4 });
      seen.observe(drawing);
    }

    new ResizeObserver(() => {
      const room = Math.round(Math.min(MOST, Math.max(LEAST, drawing.clientWidth)));
      if (room === width) return;
      const first = !width;
      width = room;
      draw();
      if (first && root.dataset.autoplay && !calm.matches) playWhenSeen();
    }).observe(drawing);
  }

  const startAll = () => document.querySelectorAll("figure.interactive").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
  else startAll();
})();
