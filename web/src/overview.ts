// What the page says before anything is clicked: how many, what could be seen, what is not on the map.
import type { Bulletin, CoverageRow, IncidentRow, StatementRow } from "./bulletin";
import { h } from "./dom";
import { actWords, glyph, where } from "./panel";
import { STANDINGS, type Seen, type State, tally } from "./state";
import { brief, code, interval, number, percent, t } from "./text";
import { markColour, theme } from "./theme";

const LISTED_AT_ONCE = 100;
const OFF_MAP_AT_FIRST = 5;

/** The bulletin counts such incidents apart: nobody but a party speaks of them. */
function claimedAlone({ origins }: IncidentRow): boolean {
  return origins.length > 0 && origins.every((one) => one.claimed_by !== "");
}

function counts(seen: readonly Seen[], all: number, reading: string): HTMLElement {
  const items = STANDINGS.map((standing) => {
    const n = seen.filter((one) => one.standing === standing).length;
    return h(
      "li",
      {},
      glyph(standing),
      h("b", {}, number(n)),
      h("span", {}, code("standing", standing)),
    );
  });
  const claimed = seen.filter((one) => claimedAlone(one.row)).length;
  return h(
    "section",
    {},
    h(
      "p",
      { class: "count" },
      h("b", {}, number(seen.length)),
      ` ${t("incidents_shown", { n: number(all) })}`,
    ),
    claimed > 0 ? h("p", { class: "note" }, t("claimed_alone", { n: number(claimed) })) : null,
    h("p", { class: "note" }, t("under_reading", { reading })),
    h("ul", { class: "standings" }, ...items),
  );
}

/** The same incidents under every reading, so that none looks like the answer. */
function sideBySide(seen: readonly Seen[], { readings }: Bulletin, state: State): HTMLElement {
  const head = STANDINGS.map((standing) =>
    h("th", { scope: "col", "aria-label": code("standing", standing) }, glyph(standing)),
  );
  const lines = readings.map(({ id, title }) => {
    const chosen = id === state.reading ? "chosen" : "";
    const cells = tally(seen, id, state.clause).map((n) => h("td", { class: chosen }, number(n)));
    return h("tr", {}, h("th", { scope: "row", class: chosen, title }, id), ...cells);
  });
  return h(
    "table",
    { class: "sides" },
    h("caption", {}, t("side_by_side")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("reading")), ...head)),
    h("tbody", {}, ...lines),
  );
}

/** One procedure in one sentence: what its silence is worth, or that it is worth nothing. */
export function coverageText(row: CoverageRow): string {
  const values = {
    procedure: code("procedure", row.procedure),
    act: code("act", row.act),
    p: percent(row.p_detect),
    watched: percent(row.watched_ratio),
    n: number(row.observations),
  };
  return t(`coverage_${row.watch}`, values);
}

/** Each sentence once, however many acts it is true of. */
function sentences(rows: readonly CoverageRow[]): HTMLElement[] {
  const said = new Map(rows.map((row) => [coverageText(row), row.watch]));
  return [...said].map(([text, watch]) => h("li", { class: watch }, text));
}

export function coverage(bulletin: Bulletin): HTMLElement {
  const title = new Map(bulletin.sectors.map((one) => [one.id, one.title]));
  const groups = [...Map.groupBy(bulletin.coverage, (row) => row.sector)];
  const lists = groups.flatMap(([sector, rows]) => [
    h("h4", {}, title.get(sector) ?? (sector || t("everywhere"))),
    h("ul", {}, ...sentences(rows)),
  ]);
  return h(
    "section",
    { class: "coverage" },
    h("h3", {}, t("coverage")),
    ...(lists.length > 0 ? lists : [h("p", {}, t("no_coverage"))]),
    h("p", { class: "note" }, t("silence")),
  );
}

/** How lists colour their marks, and what a click does. */
interface Listing {
  colour: State["colour"];
  pick: (id: string) => void;
}

function entry(one: Seen, { colour, pick }: Listing): HTMLElement {
  const about = [where(one.row), code("grade", one.grade), code("standing", one.standing)];
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", click: () => pick(one.row.id), "data-incident": one.row.id },
      glyph(one.standing, markColour(theme(), colour, one)),
      h("b", {}, actWords(one.row)),
      h("span", {}, brief(one.begin, one.end)),
      h("small", {}, about.join(" · ")),
      h("small", { class: "name" }, one.row.name),
    ),
  );
}

/** A list that grows by a hundred on demand: thousands of buttons would be slow. */
function list(seen: readonly Seen[], listing: Listing, atFirst = LISTED_AT_ONCE): HTMLElement {
  const items = h("ul", { class: "entries" });
  const more = h("button", { type: "button", class: "more" }, t("more"));
  const grow = () => {
    const from = items.childElementCount;
    const next = seen.slice(from, from + (from ? LISTED_AT_ONCE : atFirst));
    items.append(...next.map((one) => entry(one, listing)));
    more.hidden = items.childElementCount >= seen.length;
  };
  more.addEventListener("click", grow);
  grow();
  return h("div", {}, items, more);
}

function offMap(seen: readonly Seen[], listing: Listing): HTMLElement | null {
  if (seen.length === 0) return null;
  return h(
    "section",
    { class: "off-map" },
    h("h3", {}, t("off_map", { n: number(seen.length) })),
    h("p", { class: "note" }, t("off_map_note")),
    list(seen, listing, OFF_MAP_AT_FIRST),
  );
}

function onMap(seen: readonly Seen[], listing: Listing): HTMLElement | null {
  if (seen.length === 0) return null;
  const title = h("h3", {}, t("on_map", { n: number(seen.length) }));
  return h("section", {}, title, list(seen, listing));
}

function statement(row: StatementRow): HTMLElement {
  const figures = row.figures.map(([label, n]) => `${label.replaceAll("_", " ")} ${number(n)}`);
  const about_total = row.total_at_least ? "open_total" : "total";
  const total = row.total === null ? [] : [t(about_total, { n: number(row.total) })];
  const said = interval(Date.parse(row.said), Date.parse(row.said_end));
  const about = row.against ? t("against", { party: row.against }) : "";
  return h(
    "li",
    {},
    h("b", {}, row.speaker || t("unnamed")),
    ` ${[code("statement", row.what), about, ...total, ...figures].filter(Boolean).join(" · ")}`,
    row.words ? h("q", {}, row.words) : null,
    h(
      "small",
      {},
      [row.outlet, said, row.contradicted_by.length > 0 ? t("contradicted") : ""]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}

function said(bulletin: Bulletin): HTMLElement | null {
  if (bulletin.statements.length === 0) return null;
  return h(
    "details",
    { class: "said" },
    h("summary", {}, t("said", { n: number(bulletin.statements.length) })),
    h("p", { class: "note" }, t("said_note")),
    h("ul", {}, ...bulletin.statements.map(statement)),
  );
}

/** Whether incidents that may be firing are shown apart, or are still too recent to be. */
export function mayBeFiring(bulletin: Bulletin): boolean {
  return bulletin.firing.length > 0 || bulletin.firing_withheld > 0;
}

function apart(bulletin: Bulletin): HTMLElement | null {
  if (!mayBeFiring(bulletin)) return null;
  const n = number(bulletin.firing_withheld);
  const recent = bulletin.firing_withheld > 0 ? ` ${t("firing_withheld", { n })}` : "";
  return h("p", { class: "note" }, `${t("firing_apart")}${recent}`);
}

export function overview(
  bulletin: Bulletin,
  seen: readonly Seen[],
  state: State,
  pick: (id: string) => void,
): HTMLElement {
  const ordered = seen.toSorted((a, b) => a.begin - b.begin || (a.row.id < b.row.id ? -1 : 1));
  const located = Map.groupBy(ordered, (one) => one.row.located === "point");
  const listing = { colour: state.colour, pick };
  return h(
    "article",
    {},
    counts(seen, bulletin.incidents.length, state.reading),
    bulletin.readings.length > 1 ? sideBySide(seen, bulletin, state) : null,
    apart(bulletin),
    seen.length === 0 ? coverage(bulletin) : null,
    offMap(located.get(false) ?? [], listing),
    onMap(located.get(true) ?? [], listing),
    seen.length > 0 ? coverage(bulletin) : null,
    said(bulletin),
  );
}
