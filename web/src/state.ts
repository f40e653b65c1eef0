// What the reader has chosen, and what that leaves of the bulletin.
import type { Bulletin, FindingRow, IncidentRow, Standing } from "./bulletin";

export interface State {
  reading: string;
  colour: "grade" | "likelihood";
  clause: string;
  act: string;
  sector: string;
  grades: ReadonlySet<string>;
  from: number;
  to: number;
  selected: string;
}

/** In place of a grade where no clause speaks of an incident. */
const UNTESTED = "none";

/** From most to least reliable; the order of legends and of "the best grade". */
export const GRADES = [
  "Verified",
  "Probable",
  "Possible",
  "Reported",
  "Contested",
  "Unverifiable",
  "Discounted",
  UNTESTED,
] as const;

export const STANDINGS: readonly Standing[] = ["inside", "undecided", "outside", "untestable"];

/** One incident as it stands under the chosen reading and clause. */
export interface Seen {
  row: IncidentRow;
  begin: number;
  end: number;
  findings: FindingRow[];
  standing: Standing;
  grade: string;
}

const rank = (order: readonly string[], value: string) => {
  const at = order.indexOf(value);
  return at < 0 ? order.length : at;
};

/** Which standing decides where clauses differ; `share/page/standing.py` has the same order. */
const DECIDING: readonly Standing[] = ["inside", "undecided", "untestable", "outside"];

/** Inside one clause is inside; outside all clauses, or tested by none, is outside. */
function standingOf(findings: readonly FindingRow[]): Standing {
  const best = Math.min(...findings.map((one) => rank(DECIDING, one.standing)));
  return DECIDING[best] ?? "outside";
}

/** How many of these incidents stand how under a reading, in the order of `STANDINGS`. */
export function tally(seen: readonly Seen[], reading: string, clause: string): number[] {
  const found = seen.map((one) => standingOf(under(one.row, reading, clause)));
  return STANDINGS.map((standing) => found.filter((one) => one === standing).length);
}

function under(row: IncidentRow, reading: string, clause: string): FindingRow[] {
  return row.findings.filter(
    (one) => one.reading === reading && (!clause || one.clause === clause),
  );
}

function gradeOf(findings: readonly FindingRow[]): string {
  const best = Math.min(...findings.map((one) => rank(GRADES, one.grade)));
  return GRADES[best] ?? UNTESTED;
}

function seen(row: IncidentRow, state: State): Seen {
  const findings = under(row, state.reading, state.clause);
  return {
    row,
    begin: Date.parse(row.begin),
    end: Date.parse(row.end),
    findings,
    standing: standingOf(findings),
    grade: gradeOf(findings),
  };
}

/** Incidents that pass every filter but time, each under the chosen reading. */
export function passing(bulletin: Bulletin, state: State): Seen[] {
  return bulletin.incidents
    .filter((row) => !state.act || row.acts[0] === state.act)
    .filter((row) => !state.sector || row.sector === state.sector)
    .map((row) => seen(row, state))
    .filter((one) => !state.clause || one.findings.length > 0)
    .filter((one) => state.grades.has(one.grade));
}

/** Whether any of its time lies in the chosen span, both half-open. */
export function inSpan(one: Seen, from: number, to: number): boolean {
  return one.begin < to && from < one.end;
}

/** The time axis: the bulletin's period, widened to the incidents it counts. */
export function domain(bulletin: Bulletin): [number, number] {
  const { begin, end } = bulletin.order.period;
  let [from, to] = [Date.parse(begin), Date.parse(end)];
  for (const row of bulletin.incidents) {
    from = Math.min(from, Date.parse(row.begin));
    to = Math.max(to, Date.parse(row.end));
  }
  return [from, to];
}

/** One window in milliseconds: surely in force within `sure`, perhaps within `perhaps`. */
export interface Span {
  perhaps: [number, number];
  sure: [number, number];
}

/** The earliest and latest time an edge may have: `instant`, `from~to`, or `..` for open. */
function edge(text: string, open: number): [number, number] {
  if (text === "..") return [open, open];
  const [first, last] = text.split("~");
  return [Date.parse(first!), Date.parse(last ?? first!)];
}

/** A window as the bulletin writes it, `edge/edge`; `null` where it is written otherwise. */
export function span(text: string): Span | null {
  const [begin, end] = text.split("/");
  if (begin === undefined || end === undefined) return null;
  const [opens, closes] = [edge(begin, -Infinity), edge(end, Infinity)];
  if ([...opens, ...closes].some(Number.isNaN)) return null;
  return { perhaps: [opens[0], closes[1]], sure: [opens[1], closes[0]] };
}
