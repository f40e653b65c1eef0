// What the reader can choose, and what the marks mean.
import type { Bulletin } from "./bulletin";
import { choice, h, select } from "./dom";
import { glyph } from "./panel";
import { GRADES, STANDINGS, type State } from "./state";
import { code, percent, t } from "./text";
import { type Theme, WORDS, likelihoodColour } from "./theme";

type Change = (part: Partial<State>) => void;

export function readingSwitch(bulletin: Bulletin, state: State, change: Change): HTMLElement {
  const options = bulletin.readings.map((one) => ({
    value: one.id,
    label: one.id,
    title: one.title,
  }));
  return choice("reading", t("reading"), options, state.reading, (reading) => change({ reading }));
}

/** Title, stance and share in force of the reading under which the page is shown. */
export function readingNote(bulletin: Bulletin, state: State): HTMLElement {
  const row = bulletin.readings.find((one) => one.id === state.reading);
  if (!row) return h("p", { class: "note" }, t("no_reading"));
  const held = row.held_by.length > 0 ? t("held_by", { parties: row.held_by.join(", ") }) : "";
  const share = t("in_force", { share: percent(row.in_force_ratio) });
  const words = [code("stance", row.stance), held, share, row.note].filter(Boolean).join(" · ");
  return h("p", { class: "note reading-note" }, h("b", {}, row.title), ` ${words}`);
}

const swatch = (colour: string) => h("i", { class: "swatch", style: `background:${colour}` });

export function legend(state: State, theme: Theme, firing: boolean): HTMLElement {
  const colours =
    state.colour === "grade"
      ? GRADES.map((grade) => h("li", {}, swatch(theme.grades[grade]!), code("grade", grade)))
      : WORDS.map((word) =>
          h("li", {}, swatch(likelihoodColour(theme, word)), code("word", word)),
        ).reverse();
  const shapes = STANDINGS.map((standing) =>
    h("li", {}, glyph(standing), code("standing", standing)),
  );
  return h(
    "div",
    { class: "legend" },
    h("h3", {}, t(state.colour === "grade" ? "colour_grade" : "colour_likelihood")),
    h("ul", {}, ...colours),
    h("h3", {}, t("fill_standing", { reading: state.reading })),
    h("ul", {}, ...shapes),
    h("h3", {}, t("also")),
    h(
      "ul",
      {},
      h("li", {}, h("i", { class: "key cell" }), t("key_cell")),
      h("li", {}, h("i", { class: "key ellipse" }), t("key_ellipse")),
      h("li", {}, h("i", { class: "key band" }), t("key_band")),
      firing ? h("li", {}, h("i", { class: "key firing" }), t("firing")) : null,
    ),
    h("p", { class: "note" }, t("key_size")),
  );
}

export function filters(bulletin: Bulletin, change: Change): HTMLElement {
  const all = { value: "", label: t("all") };
  const clauses = bulletin.clauses.map(([id, text]) => ({
    value: id,
    label: text ? `${id} ${text}`.slice(0, 60) : id,
  }));
  const leading = new Set(
    bulletin.incidents.map((row) => row.acts[0]).filter((act) => act !== undefined),
  );
  const acts = [...leading].sort().map((act) => ({ value: act, label: code("act", act) }));
  const sectors = bulletin.sectors.map(({ id, title }) => ({ value: id, label: title }));
  return h(
    "div",
    { class: "filters" },
    select(t("clause"), [all, ...clauses], (clause) => change({ clause })),
    select(t("act"), [all, ...acts], (act) => change({ act })),
    select(t("sector"), [all, ...sectors], (sector) => change({ sector })),
    grades(change),
  );
}

function grades(change: Change): HTMLElement {
  const boxes = GRADES.map((grade) =>
    h("input", { type: "checkbox", value: grade, checked: true }),
  );
  const chosen = () => new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const lines = boxes.map((box) => h("label", {}, box, code("grade", box.value)));
  const field = h("fieldset", { class: "grades" }, h("legend", {}, t("grade")), ...lines);
  field.addEventListener("change", () => change({ grades: chosen() }));
  return field;
}

export function colourSwitch(state: State, change: Change): HTMLElement {
  const options = [
    { value: "grade", label: t("grade") },
    { value: "likelihood", label: t("likelihood") },
  ];
  return choice("colour", t("colour"), options, state.colour, (value) =>
    change({ colour: value === "likelihood" ? "likelihood" : "grade" }),
  );
}
