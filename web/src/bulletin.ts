// The bulletin as `trucewatch.share.bulletin` writes it; keep the two in step.

export interface ReadingRow {
  id: string;
  title: string;
  held_by: string[];
  stance: string;
  windows: string[];
  in_force_ratio: number;
  note: string;
}

export interface OriginRow {
  label: string;
  channel: string;
  log10_likelihood_ratio: number;
  detections: number;
  claimed_by: string;
}

export type Standing = "inside" | "outside" | "undecided" | "untestable";

export interface FindingRow {
  id: string;
  clause: string;
  reading: string;
  standing: Standing;
  p_act: number;
  p_zone: number;
  p_window: number;
  p_exempt: number;
  p_breach: number;
  word: string;
  grade: string;
  grade_automatic: string;
  severity: string;
  exempt_status: string;
  independent_origins: number;
  independent_channels: number;
  attribution: string;
  attributed_to: string;
  verdict: string;
  reasons: string[];
  reviewer_reason: string;
}

export interface IncidentRow {
  id: string;
  name: string;
  begin: string;
  end: string;
  located: "point" | "area" | "unlocated";
  lat_deg: number | null;
  lon_deg: number | null;
  cell_deg: number;
  semi_major_m: number;
  semi_minor_m: number;
  azimuth_deg: number;
  area: string;
  sector: string;
  acts: string[];
  p_acts: number[];
  units_low: number;
  units_best: number;
  units_high: number;
  p_exists: number;
  word: string;
  origins: OriginRow[];
  context: number;
  findings: FindingRow[];
}

export interface FiringRow {
  lat_deg: number;
  lon_deg: number;
  cell_deg: number;
  line: string;
  held: string;
  incidents: number;
  p_mass: number;
}

export interface StatementRow {
  id: string;
  speaker: string;
  against: string;
  said: string;
  said_end: string;
  what: string;
  figures: [string, number][];
  total: number | null;
  words: string;
  outlet: string;
  address: string;
  contradicted_by: string[];
  total_at_least: boolean;
}

export interface CoverageRow {
  sector: string;
  procedure: string;
  act: string;
  watch: "watched" | "partly" | "not_watched" | "no_delivery" | "failed";
  p_detect: number;
  watched_ratio: number;
  acquisitions: number;
  observations: number;
}

export interface ShapeRow {
  what: "line" | "zone" | "site";
  id: string;
  title: string;
  geojson: string;
  uncertainty_m: number;
}

export interface Bulletin {
  name: string;
  order: {
    mission: string;
    title: string;
    period: { begin: string; end: string };
    cutoff: string;
    stage: string;
    release: string;
    language: string;
  };
  agreement_title: string;
  agreement_version: string;
  agreement_status: string;
  parties: [string, string][];
  readings: ReadingRow[];
  clauses: [string, string][];
  sectors: { id: string; title: string }[];
  incidents: IncidentRow[];
  firing: FiringRow[];
  statements: StatementRow[];
  coverage: CoverageRow[];
  shapes: ShapeRow[];
  supersedes: string;
  method_version: string;
  ledger_size: number;
  ledger_root: string;
  thresholds: string[];
  firing_withheld: number;
}

/** What `share/formats/map.py` puts into the page. */
export interface Embedded {
  id: string;
  day: string;
  bulletin: Bulletin;
  text: Record<string, string>;
}
