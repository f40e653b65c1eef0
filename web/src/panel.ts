// What is known of one incident: how sure, on what evidence, and under which reading it is what.
import type { Bulletin, FindingRow, FiringRow, IncidentRow, OriginRow } from "./bulletin";
import { h } from "./dom";
import type { State } from "./state";
import { code, interval, number, percent, t } from "./text";

/** The page in words that is published beside this one. */
export const BULLETIN = "bulletin.html";

/** As many decimals as were released, so that a cell's centre is its centre. */
const degrees = (value: number, plus: string, minus: string) =>
  `${number(Math.abs(value), 6)}° ${value < 0 ? minus : plus}`;

/** Where, in words no finer than the release. */
export function where(row: IncidentRow): string {
  if (row.located === "area") return row.area;
  if (row.located === "unlocated") return t("unlocated");
  const lat = degrees(row.lat_deg!, "N", "S");
  const lon = degrees(row.lon_deg!, "E", "W");
  return t("cell_at", { lat, lon, side: number(row.cell_deg, 4) });
}

/** The incident in the bulletin; `share/page/incidents.py` names the places. */
const inBulletin = (row: IncidentRow) => `${BULLETIN}#incident-${encodeURIComponent(row.name)}`;

export function actWords(row: IncidentRow): string {
  return code("act", row.acts[0] ?? "undetermined");
}

/** `19 : 1` for what is likelier than not, `1 : 4` for what is not. */
export function odds(p: number): string {
  if (p <= 0 || p >= 1) return "–";
  const ratio = p / (1 - p);
  const digits = (value: number) => number(value, value < 10 ? 1 : 0);
  return ratio >= 1 ? `${digits(ratio)} : 1` : `1 : ${digits(1 / ratio)}`;
}

function units(row: IncidentRow): string {
  if (row.units_high === 0) return t("units_unknown");
  const range =
    row.units_low === row.units_high ? "" : ` (${number(row.units_low)}–${number(row.units_high)})`;
  return `${number(row.units_best)}${range}`;
}

function facts(row: IncidentRow, bulletin: Bulletin): HTMLElement {
  const acts = row.acts.map((act, i) => `${code("act", act)} ${percent(row.p_acts[i] ?? 0)}`);
  const sector = bulletin.sectors.find((one) => one.id === row.sector)?.title ?? row.sector;
  const pairs: [string, string][] = [
    [t("time"), interval(Date.parse(row.begin), Date.parse(row.end))],
    [t("place"), where(row)],
    [t("sector"), sector || t("no_sector")],
    [t("act"), acts.join(" · ")],
    [t("units"), units(row)],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...pairs.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]),
  );
}

function existence(row: IncidentRow): HTMLElement {
  return h(
    "section",
    {},
    h("h3", {}, t("did_it_happen")),
    h(
      "p",
      { class: "big" },
      h("b", {}, code("word", row.word)),
      ` · ${percent(row.p_exists)} · ${t("odds", { odds: odds(row.p_exists) })}`,
    ),
    h("div", { class: "meter" }, h("i", { style: `width:${row.p_exists * 100}%` })),
  );
}

function origin(row: OriginRow, most: number): HTMLElement {
  const size = (50 * Math.abs(row.log10_likelihood_ratio)) / most;
  const left = row.log10_likelihood_ratio < 0 ? 50 - size : 50;
  const party = row.claimed_by === "withheld" ? code("party", "withheld") : row.claimed_by;
  const word = party ? t("word_of", { party }) : "";
  const about = [
    code("channel", row.channel),
    t("detections", { n: number(row.detections) }),
    word,
  ];
  return h(
    "li",
    {},
    h("span", {}, h("b", {}, row.label), ` ${about.filter(Boolean).join(" · ")}`),
    h("div", { class: "ratio" }, h("i", { style: `left:${left}%;width:${size}%` })),
    h("span", { class: "value" }, number(row.log10_likelihood_ratio, 1)),
  );
}

function evidence(row: IncidentRow): HTMLElement {
  const most = Math.max(1, ...row.origins.map((one) => Math.abs(one.log10_likelihood_ratio)));
  return h(
    "section",
    {},
    h("h3", {}, t("evidence")),
    row.origins.length > 0
      ? h("ul", { class: "origins" }, ...row.origins.map((one) => origin(one, most)))
      : h("p", {}, t("no_origins")),
    h("p", { class: "note" }, t("evidence_note")),
    row.context > 0 ? h("p", { class: "note" }, t("context", { n: number(row.context) })) : null,
  );
}

/** Glyph of a standing: filled, half or hollow, as the dots are drawn. */
export function glyph(standing: string, colour = "currentColor"): HTMLElement {
  return h("i", { class: `glyph ${standing}`, style: `color:${colour}`, "aria-hidden": "true" });
}

function cell(finding: FindingRow | undefined, chosen: boolean): HTMLElement {
  if (!finding) return h("td", { class: chosen ? "chosen" : "" }, "–");
  const exempt =
    finding.exempt_status === "none" ? null : h("small", {}, code("exempt", finding.exempt_status));
  return h(
    "td",
    { class: chosen ? "chosen" : "" },
    h("span", {}, glyph(finding.standing), ` ${code("standing", finding.standing)}`),
    finding.standing === "untestable"
      ? null
      : h("small", {}, t("p_breach", { p: percent(finding.p_breach) })),
    h("small", {}, `${code("grade", finding.grade)} · ${finding.severity}`),
    exempt,
  );
}

function comparison(row: IncidentRow, bulletin: Bulletin, state: State): HTMLElement {
  const clauses = [...new Set(row.findings.map((one) => one.clause))];
  const head = bulletin.readings.map((reading) =>
    h(
      "th",
      { scope: "col", class: reading.id === state.reading ? "chosen" : "", title: reading.title },
      reading.id,
    ),
  );
  const text = new Map(bulletin.clauses);
  const lines = clauses.map((clause) => {
    const cells = bulletin.readings.map((reading) =>
      cell(
        row.findings.find((one) => one.clause === clause && one.reading === reading.id),
        reading.id === state.reading,
      ),
    );
    return h("tr", {}, h("th", { scope: "row", title: text.get(clause) ?? "" }, clause), ...cells);
  });
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("clause")), ...head)),
    h("tbody", {}, ...lines),
  );
  return h(
    "section",
    {},
    h("h3", {}, t("by_reading")),
    clauses.length > 0 ? h("div", { class: "wide" }, table) : h("p", {}, t("no_findings")),
  );
}

function attribution(finding: FindingRow): string {
  const to = finding.attributed_to ? `: ${finding.attributed_to}` : "";
  return `${code("attribution", finding.attribution)}${to}`;
}

function review(finding: FindingRow): string {
  if (!finding.verdict) return t("not_reviewed");
  const verdict = code("verdict", finding.verdict);
  const reason = finding.reviewer_reason;
  return reason ? t("reviewed_because", { verdict, reason }) : t("reviewed", { verdict });
}

function reasonsOf(finding: FindingRow, clause: string): HTMLElement {
  const verdict = review(finding);
  const lines = [
    ...finding.reasons.map((reason) => code("reason", reason)),
    `${t("attribution")}: ${attribution(finding)}`,
    verdict,
  ];
  return h(
    "li",
    {},
    h("b", {}, t("clause_n", { clause: finding.clause })),
    ` ${clause}`,
    h("ul", {}, ...lines.map((line) => h("li", {}, line))),
  );
}

function reasons(row: IncidentRow, bulletin: Bulletin, state: State): HTMLElement | null {
  const findings = row.findings.filter((one) => one.reading === state.reading);
  if (findings.length === 0) return null;
  const text = new Map(bulletin.clauses);
  const items = findings.map((one) => reasonsOf(one, text.get(one.clause) ?? ""));
  return h(
    "section",
    {},
    h("h3", {}, t("reasons", { reading: state.reading })),
    h("ul", { class: "reasons" }, ...items),
  );
}

export function incidentPanel(row: IncidentRow, bulletin: Bulletin, state: State): HTMLElement {
  return h(
    "article",
    { class: "incident" },
    h("h2", { tabindex: -1 }, row.name, h("small", {}, actWords(row))),
    h("p", { class: "note" }, h("a", { href: inBulletin(row) }, t("in_bulletin"))),
    facts(row, bulletin),
    existence(row),
    evidence(row),
    comparison(row, bulletin, state),
    reasons(row, bulletin, state),
  );
}

export function firingPanel(rows: readonly FiringRow[], withheld: number): HTMLElement {
  const lines = rows.map((row) =>
    h(
      "tr",
      {},
      h(
        "td",
        {},
        row.line ? t("side", { line: row.line, held: code("held", row.held) }) : t("side_unknown"),
      ),
      h("td", {}, number(row.incidents)),
      h("td", {}, number(row.p_mass, 2)),
    ),
  );
  const head = h(
    "tr",
    {},
    ...[t("side_of_line"), t("incidents"), t("mass")].map((text) =>
      h("th", { scope: "col" }, text),
    ),
  );
  return h(
    "article",
    { class: "incident" },
    h("h2", { tabindex: -1 }, t("firing")),
    h("p", {}, t("firing_note")),
    withheld > 0 ? h("p", {}, t("firing_withheld", { n: number(withheld) })) : null,
    h("table", {}, h("thead", {}, head), h("tbody", {}, ...lines)),
  );
}
