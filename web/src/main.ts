// Puts the page together: one state, one function that shows it.
import "maplibre-gl/dist/maplibre-gl.css";
import "./style.css";
import type { Bulletin, Embedded } from "./bulletin";
import { colourSwitch, filters, legend, readingNote, readingSwitch } from "./controls";
import { h } from "./dom";
import { IncidentMap } from "./map";
import { mayBeFiring, overview } from "./overview";
import { BULLETIN, firingPanel, incidentPanel } from "./panel";
import { GRADES, type Seen, type State, domain, inSpan, passing } from "./state";
import { code, instant, interval, speak, t } from "./text";
import { onThemeChange, theme } from "./theme";
import { Timeline } from "./timeline";

const embedded = JSON.parse(document.getElementById("data")!.textContent!) as Embedded;
const { bulletin } = embedded;
speak(embedded.text, bulletin.order.language);

const [begin, end] = domain(bulletin);
let state: State = {
  reading: bulletin.readings[0]?.id ?? "",
  colour: "grade",
  clause: "",
  act: "",
  sector: "",
  grades: new Set(GRADES),
  from: begin,
  to: end,
  selected: "",
};
let filtered: Seen[] = [];
let picked: string[] = []; // what the last click hit, to leaf through
let firing = ""; // the coarse cell whose masses are shown

const mapBox = h("div", { class: "map", id: "map" });
const empty = h("p", { class: "empty", hidden: true, role: "status" });
const note = h("div");
const legendBox = h("div");
const aside = h("aside", { class: "panel", "aria-label": t("details") });
const timeline = new Timeline([begin, end], (from, to) => change({ from, to }));

function header({ order, agreement_title, agreement_version, name }: Bulletin): HTMLElement {
  const facts = [
    `${agreement_title} (${agreement_version})`,
    interval(Date.parse(order.period.begin), Date.parse(order.period.end)),
    `${t("stage")} ${code("stage", order.stage)}`,
    code("release", order.release),
    t("cutoff", { time: instant(Date.parse(order.cutoff)) }),
  ];
  return h(
    "header",
    {},
    h(
      "div",
      {},
      h("h1", {}, order.title || name),
      h("p", { class: "day" }, embedded.day),
      h("p", {}, `${facts.join(" · ")} · `, h("a", { href: BULLETIN }, t("bulletin"))),
    ),
    readingSwitch(bulletin, state, change),
  );
}

function footer(): HTMLElement {
  const made = t("made", {
    version: bulletin.method_version,
    size: bulletin.ledger_size,
    root: bulletin.ledger_root.slice(0, 16),
  });
  return h(
    "footer",
    {},
    h("p", {}, `${t("attribution_line")} ${made} `, h("code", {}, embedded.id.slice(0, 25))),
  );
}

function layout(): void {
  const narrow = matchMedia("(max-width: 60rem)").matches;
  const controls = h(
    "details",
    { class: "controls-box", open: !narrow },
    h("summary", {}, t("legend_and_filters")),
    colourSwitch(state, change),
    legendBox,
    filters(bulletin, change),
  );
  const stage = h("div", { class: "stage" }, mapBox, empty);
  const left = h("nav", { class: "left", "aria-label": t("legend_and_filters") }, note, controls);
  document.body.append(
    header(bulletin),
    h("main", {}, left, stage, timeline.element, aside),
    footer(),
  );
}

function makeMap(): IncidentMap | null {
  try {
    return new IncidentMap(mapBox, bulletin, {
      pickIncidents: (ids) => pick(ids),
      pickFiring: (key) => pick([], key),
    });
  } catch (error) {
    console.info(error);
    mapBox.append(h("p", { class: "empty" }, t("no_webgl")));
    return null;
  }
}

function pick(ids: string[], key = ""): void {
  picked = ids;
  firing = key;
  change({ selected: ids[0] ?? "" });
  aside.scrollTop = 0;
  if (ids.length > 0 || key)
    aside.querySelector<HTMLElement>("h2")?.focus({ preventScroll: false });
}

function leaf(step: number): void {
  const at = picked.indexOf(state.selected);
  const next = picked[(at + step + picked.length) % picked.length];
  if (next) change({ selected: next });
}

function panelHead(): HTMLElement {
  const several = picked.length > 1;
  const at = picked.indexOf(state.selected) + 1;
  return h(
    "div",
    { class: "panel-head" },
    h("button", { type: "button", class: "back", click: () => pick([]) }, t("back")),
    several
      ? h("button", { type: "button", "aria-label": t("previous"), click: () => leaf(-1) }, "‹")
      : null,
    several ? h("span", {}, t("nth", { at, n: picked.length })) : null,
    several
      ? h("button", { type: "button", "aria-label": t("next"), click: () => leaf(1) }, "›")
      : null,
  );
}

function showPanel(seen: readonly Seen[]): void {
  const row = bulletin.incidents.find((one) => one.id === state.selected);
  const masses = bulletin.firing.filter(
    (one) => `${one.lon_deg},${one.lat_deg},${one.cell_deg}` === firing,
  );
  if (row) aside.replaceChildren(panelHead(), incidentPanel(row, bulletin, state));
  else if (masses.length > 0)
    aside.replaceChildren(panelHead(), firingPanel(masses, bulletin.firing_withheld));
  else aside.replaceChildren(overview(bulletin, seen, state, (id) => reveal(id)));
}

function reveal(id: string): void {
  pick([id]);
  map?.reveal(id);
}

function show(): void {
  const seen = filtered.filter((one) => inSpan(one, state.from, state.to));
  map?.show({ seen, colour: state.colour, selected: state.selected });
  showPanel(seen);
  empty.hidden = seen.length > 0;
  empty.textContent = t(nothing());
}

/** What it means that no incident is shown: never more than the bulletin can say. */
function nothing(): string {
  if (bulletin.incidents.length > 0) return "none_left";
  return mayBeFiring(bulletin) ? "none_but_firing" : "none_recorded";
}

let due = false;
let stale = true; // whether more changed than the span of time and the choice

/** Change the state; the page follows with the next frame, however many changes came. */
function change(part: Partial<State>): void {
  state = { ...state, ...part };
  stale ||= Object.keys(part).some((key) => !["from", "to", "selected"].includes(key));
  if (due) return;
  due = true;
  requestAnimationFrame(refresh);
}

function refresh(): void {
  due = false;
  if (stale) refilter();
  show();
}

function refilter(): void {
  stale = false;
  filtered = passing(bulletin, state);
  timeline.show(filtered, bulletin.readings, state.reading);
  note.replaceChildren(readingNote(bulletin, state));
  legendBox.replaceChildren(legend(state, theme(), bulletin.firing.length > 0));
}

layout();
const map = makeMap();
refresh();
onThemeChange(() => {
  map?.restyle();
  stale = true;
  refresh();
});

/** `map.html#X-0002` opens that incident. */
function follow(): void {
  const name = location.hash.slice(1);
  const row = bulletin.incidents.find((one) => encodeURIComponent(one.name) === name);
  if (row) reveal(row.id);
}
addEventListener("hashchange", follow);
follow();
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (state.selected || firing)) pick([]);
});
