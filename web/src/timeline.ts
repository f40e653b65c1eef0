// The time axis: how many incidents when, when each reading is in force, and the chosen span.
import type { ReadingRow } from "./bulletin";
import { h, svg } from "./dom";
import { STANDINGS, type Seen, span as spanOf } from "./state";
import { interval, number, t } from "./text";

const MINUTE = 60_000;
const STEPS = [5, 15, 30, 60, 120, 180, 360, 720, 1440, 10_080].map((minutes) => minutes * MINUTE);
const MOST_BINS = 60;
const FRAME_MS = 350;

/** Bin width so that the axis has at most 60 bins. */
export function binWidth(from: number, to: number): number {
  return STEPS.find((step) => (to - from) / step <= MOST_BINS) ?? (to - from) / MOST_BINS;
}

/** Expected incidents per bin and standing: each incident is spread evenly over its time. */
export function histogram(seen: readonly Seen[], from: number, to: number): number[][] {
  const step = binWidth(from, to);
  const bins = Array.from({ length: Math.ceil((to - from) / step) }, () => STANDINGS.map(() => 0));
  for (const one of seen) {
    const standing = STANDINGS.indexOf(one.standing);
    const first = Math.max(0, Math.floor((one.begin - from) / step));
    for (let bin = first; bin < bins.length && from + bin * step < one.end; bin++) {
      const [left, right] = [from + bin * step, from + (bin + 1) * step];
      const shared = Math.min(one.end, right) - Math.max(one.begin, left);
      bins[bin]![standing]! += shared / (one.end - one.begin);
    }
  }
  return bins;
}

export class Timeline {
  readonly element: HTMLElement;
  readonly #from: number;
  readonly #to: number;
  readonly #bars = svg("svg", {
    preserveAspectRatio: "none",
    class: "bars",
    "aria-hidden": "true",
  });
  readonly #most = h("span", { class: "most", title: t("most") });
  readonly #windows = h("div", { class: "windows" });
  readonly #span = h("div", { class: "span" });
  readonly #label = h("output", { class: "when" });
  readonly #play: HTMLButtonElement;
  readonly #handles: [HTMLElement, HTMLElement];
  readonly #track: HTMLElement;
  readonly #change: (from: number, to: number) => void;
  #chosen: [number, number];
  #timer = 0;

  constructor(domain: [number, number], change: (from: number, to: number) => void) {
    [this.#from, this.#to] = domain;
    this.#chosen = [...domain];
    this.#change = change;
    this.#handles = [this.#handle(0), this.#handle(1)];
    this.#play = h(
      "button",
      { type: "button", class: "play", click: () => this.#toggle() },
      t("play"),
    );
    const all = h(
      "button",
      { type: "button", click: () => this.choose(...domain) },
      t("whole_period"),
    );
    this.#track = h(
      "div",
      { class: "track" },
      this.#most,
      this.#bars,
      this.#span,
      ...this.#handles,
    );
    this.#span.addEventListener("pointerdown", (event) => this.#drag(event, "both"));
    this.element = h(
      "section",
      { class: "timeline", "aria-label": t("timeline") },
      h("div", { class: "controls" }, this.#play, all, this.#label),
      this.#track,
      h("div", { class: "axis", "aria-hidden": "true" }, ...this.#ticks()),
      this.#windows,
    );
    this.#draw();
  }

  /** Redraw bars for these incidents and the windows of the readings. */
  show(seen: readonly Seen[], readings: readonly ReadingRow[], chosen: string): void {
    const bins = histogram(seen, this.#from, this.#to);
    const most = Math.max(...bins.map((bin) => bin.reduce((a, b) => a + b, 0))) || 1;
    this.#most.textContent = seen.length > 0 ? number(most, 1) : "";
    this.#bars.setAttribute("viewBox", `0 0 ${bins.length} ${most}`);
    this.#bars.replaceChildren(
      ...bins.flatMap((bin, x) => {
        let top = most;
        return bin.map((height, standing) => {
          top -= height;
          return svg("rect", {
            x: x + 0.08,
            width: 0.84,
            y: top,
            height,
            class: `bar ${STANDINGS[standing]}`,
          });
        });
      }),
    );
    this.#windows.replaceChildren(
      ...readings.map((reading) => this.#row(reading, reading.id === chosen)),
    );
  }

  choose(from: number, to: number): void {
    const step = binWidth(this.#from, this.#to);
    const begin = Math.max(this.#from, Math.min(from, this.#to - step));
    this.#chosen = [begin, Math.min(this.#to, Math.max(to, begin + step))];
    this.#draw();
    this.#change(...this.#chosen);
  }

  #percent(ms: number): number {
    const share = (ms - this.#from) / (this.#to - this.#from);
    return 100 * Math.max(0, Math.min(1, share));
  }

  #ticks(): HTMLElement[] {
    const hours = (this.#to - this.#from) / (60 * MINUTE);
    const step =
      (hours <= 30 ? 6 : hours <= 72 ? 12 : 24 * Math.ceil(hours / 24 / 8)) * 60 * MINUTE;
    const ticks: HTMLElement[] = [];
    for (let ms = Math.ceil(this.#from / step) * step; ms <= this.#to; ms += step) {
      const text = new Date(ms).toISOString();
      const midnight = ms % (1440 * MINUTE) === 0;
      const at = this.#percent(ms);
      const edge = at > 95 ? "last" : at < 5 ? "first" : "";
      ticks.push(
        h(
          "span",
          { style: `left:${at}%`, class: edge },
          midnight ? text.slice(5, 10) : text.slice(11, 16),
        ),
      );
    }
    return ticks;
  }

  #row(reading: ReadingRow, chosen: boolean): HTMLElement {
    const known = reading.windows.map(spanOf).filter((one) => one !== null);
    const bars = known.flatMap(({ perhaps, sure }) => [
      this.#bar(perhaps, "perhaps"),
      this.#bar(sure, "sure"),
    ]);
    const words = reading.windows.length > 0 ? reading.windows.join("; ") : t("never_in_force");
    return h(
      "div",
      {
        class: chosen ? "window chosen" : "window",
        title: `${reading.title}: ${words}`,
        role: "img",
        "aria-label": `${reading.id}: ${words}`,
      },
      h("b", {}, reading.id),
      h("div", {}, ...bars, bars.length === 0 ? h("small", {}, words) : null),
    );
  }

  #bar([begin, end]: [number, number], how: string): HTMLElement {
    const [left, right] = [this.#percent(begin), this.#percent(end)];
    return h("span", {
      class: `bar ${how}`,
      style: `left:${left}%;width:${Math.max(0, right - left)}%`,
    });
  }

  #handle(which: 0 | 1): HTMLElement {
    const handle = h("div", {
      class: "handle",
      role: "slider",
      tabindex: 0,
      "aria-label": t(which === 0 ? "span_begin" : "span_end"),
      "aria-valuemin": this.#from,
      "aria-valuemax": this.#to,
    });
    handle.addEventListener("pointerdown", (event) => this.#drag(event, which));
    handle.addEventListener("keydown", (event) => this.#key(event, which));
    return handle;
  }

  #key(event: KeyboardEvent, which: 0 | 1): void {
    const step = binWidth(this.#from, this.#to);
    const moves: Record<string, number> = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageDown: -4 * step,
      PageUp: 4 * step,
      Home: -Infinity,
      End: Infinity,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.#move(which, this.#chosen[which] + move);
  }

  #move(which: 0 | 1, to: number): void {
    const step = binWidth(this.#from, this.#to);
    const [begin, end] = this.#chosen;
    if (which === 0) this.choose(Math.min(to, end - step), end);
    else this.choose(begin, Math.max(to, begin + step));
  }

  #drag(event: PointerEvent, what: 0 | 1 | "both"): void {
    event.preventDefault();
    event.stopPropagation();
    const [begin, end] = this.#chosen;
    const perPixel = (this.#to - this.#from) / this.#track.clientWidth;
    const moved = (now: PointerEvent) => {
      const by = (now.clientX - event.clientX) * perPixel;
      if (what !== "both") return this.#move(what, [begin, end][what]! + by);
      const shift = Math.max(this.#from - begin, Math.min(this.#to - end, by));
      this.choose(begin + shift, end + shift);
    };
    const stop = new AbortController();
    globalThis.addEventListener("pointermove", moved, { signal: stop.signal });
    for (const end of ["pointerup", "pointercancel"])
      globalThis.addEventListener(end, () => stop.abort(), { signal: stop.signal });
  }

  #toggle(): void {
    if (this.#timer) return this.#stop();
    const whole = this.#chosen[0] <= this.#from && this.#chosen[1] >= this.#to;
    const ended = this.#chosen[1] >= this.#to;
    const length = whole ? (this.#to - this.#from) / 8 : this.#chosen[1] - this.#chosen[0];
    if (whole || ended) this.choose(this.#from, this.#from + length);
    this.#play.textContent = t("pause");
    this.#timer = setInterval(() => this.#advance(), FRAME_MS);
  }

  #advance(): void {
    const step = binWidth(this.#from, this.#to);
    const [begin, end] = this.#chosen;
    if (end >= this.#to) return this.#stop();
    const by = Math.min(step, this.#to - end);
    this.choose(begin + by, end + by);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#play.textContent = t("play");
  }

  #draw(): void {
    const [begin, end] = this.#chosen;
    this.#span.style.left = `${this.#percent(begin)}%`;
    this.#span.style.width = `${this.#percent(end) - this.#percent(begin)}%`;
    this.#label.textContent = interval(begin, end);
    this.#handles.forEach((handle, i) => {
      const at = this.#chosen[i as 0 | 1];
      handle.style.left = `${this.#percent(at)}%`;
      handle.setAttribute("aria-valuenow", String(at));
      handle.setAttribute("aria-valuetext", new Date(at).toISOString());
    });
  }
}
