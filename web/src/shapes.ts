// Geometry of what is drawn. Longitude first, degrees, as in GeoJSON.
import type { Feature, FeatureCollection, Geometry, MultiLineString, Position } from "geojson";
import land from "virtual:land";
import type { Bulletin, FiringRow, IncidentRow, ShapeRow } from "./bulletin";
import type { Seen } from "./state";

type Features = FeatureCollection<Geometry>;

const METRES_PER_DEGREE = 111_195;
const radians = (deg: number) => (deg * Math.PI) / 180;

export const collection = (features: Feature[]): Features => ({
  type: "FeatureCollection",
  features,
});

const feature = (geometry: Geometry, properties: Record<string, string | number>): Feature => ({
  type: "Feature",
  geometry,
  properties,
});

function ring(steps: readonly number[]): Position[] {
  const out: Position[] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i]!;
    y += steps[i + 1]!;
    out.push([x / 100, y / 100]);
  }
  return out;
}

/** Where land is, to a hundredth of a degree. */
export function coast(): Feature {
  return feature(
    { type: "MultiPolygon", coordinates: land.map((polygon) => polygon.map(ring)) },
    {},
  );
}

const hemisphere = (deg: number, plus: string, minus: string) =>
  `${Math.abs(deg)}°${deg === 0 ? "" : deg > 0 ? plus : minus}`;

/** Meridians and parallels every `step_deg`, each with its label. */
export function graticule(step_deg: number): Features {
  const line = (a: Position, b: Position, label: string) =>
    feature({ type: "LineString", coordinates: [a, b] }, { label });
  const lines: Feature[] = [];
  for (let lon = -180; lon < 180; lon += step_deg)
    lines.push(line([lon, -85], [lon, 85], hemisphere(lon, "E", "W")));
  for (let lat = -80; lat <= 80; lat += step_deg)
    lines.push(line([-180, lat], [180, lat], hemisphere(lat, "N", "S")));
  return collection(lines);
}

function square(lon: number, lat: number, side_deg: number): Geometry {
  const half = side_deg / 2;
  const [west, east, south, north] = [lon - half, lon + half, lat - half, lat + half];
  return {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}

/** Incidents that were released in one cell share this key. */
export const cellKey = (row: IncidentRow): string =>
  `${row.lon_deg},${row.lat_deg},${row.cell_deg}`;

/** The released squares, each once, with how many incidents it holds. */
export function cells(shown: readonly Seen[]): Features {
  const groups = Map.groupBy(
    shown.filter((one) => one.row.located === "point"),
    (one) => cellKey(one.row),
  );
  return collection(
    [...groups].map(([key, group]) => {
      const { lon_deg, lat_deg, cell_deg } = group[0]!.row;
      return feature(square(lon_deg!, lat_deg!, cell_deg), { key, count: group.length });
    }),
  );
}

/**
 * Where each incident's dot is drawn: its cell's centre, or, where several share the cell,
 * places on a spiral inside it, which say nothing but that the cell holds them.
 */
export function dotPlaces(bulletin: Bulletin): Map<string, Position> {
  const points = bulletin.incidents.filter((row) => row.located === "point");
  const places = new Map<string, Position>();
  for (const group of Map.groupBy(points, cellKey).values())
    group.forEach((row, i) => {
      const radius =
        group.length > 1 ? 0.42 * row.cell_deg * Math.sqrt((i + 0.5) / group.length) : 0;
      const angle = i * Math.PI * (3 - Math.sqrt(5)); // the golden angle spreads evenly
      places.set(row.id, [
        row.lon_deg! + radius * Math.cos(angle),
        row.lat_deg! + radius * Math.sin(angle),
      ]);
    });
  return places;
}

/** The 90 % ellipse as released, already widened by the cell. */
export function ellipse(row: IncidentRow): Feature {
  const azimuth = radians(row.azimuth_deg);
  const shrink = Math.cos(radians(row.lat_deg!));
  const outline = Array.from({ length: 73 }, (_, i): Position => {
    const turn = (i / 72) * 2 * Math.PI;
    const [along, across] = [row.semi_major_m * Math.cos(turn), row.semi_minor_m * Math.sin(turn)];
    const north = along * Math.cos(azimuth) - across * Math.sin(azimuth);
    const east = along * Math.sin(azimuth) + across * Math.cos(azimuth);
    return [
      row.lon_deg! + east / METRES_PER_DEGREE / shrink,
      row.lat_deg! + north / METRES_PER_DEGREE,
    ];
  });
  return feature({ type: "Polygon", coordinates: [outline] }, { id: row.id });
}

/** One square per coarse cell that may hold firing, whatever the side. */
export function firingCells(rows: readonly FiringRow[]): Features {
  const groups = Map.groupBy(rows, (row) => `${row.lon_deg},${row.lat_deg},${row.cell_deg}`);
  return collection(
    [...groups].map(([key, group]) => {
      const { lon_deg, lat_deg, cell_deg } = group[0]!;
      return feature(square(lon_deg, lat_deg, cell_deg), { key });
    }),
  );
}

function geometries(text: string): Geometry[] {
  const found = JSON.parse(text) as Features | Feature | Geometry;
  if (found.type === "FeatureCollection") return found.features.map((one) => one.geometry);
  return [found.type === "Feature" ? found.geometry : found];
}

/** Width in pixels at zoom 0 of a band that spans ± `half_m` at a latitude. */
function widthAtZoom0(half_m: number, lat_deg: number): number {
  return (2 * half_m) / ((40_075_017 * Math.cos(radians(lat_deg))) / 512);
}

/** Positions of any geometry, in order. */
export function positions(geometry: Geometry): Position[] {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positions);
  const depth = {
    Point: 0,
    MultiPoint: 1,
    LineString: 1,
    MultiLineString: 2,
    Polygon: 2,
    MultiPolygon: 3,
  };
  const flat = [geometry.coordinates].flat(depth[geometry.type]) as unknown as Position[];
  return flat;
}

/** A line drawn as areas is drawn as their border: fills of a line would take a side. */
function borders(geometry: Geometry): Geometry {
  if (geometry.type === "Polygon")
    return { type: "MultiLineString", coordinates: geometry.coordinates };
  if (geometry.type !== "MultiPolygon") return geometry;
  return {
    type: "MultiLineString",
    coordinates: geometry.coordinates.flat(),
  } satisfies MultiLineString;
}

const SIGMAS_90 = 1.645;

/** The agreement's own shapes of one kind; lines know the width of their 90 % band. */
export function agreed(shapes: readonly ShapeRow[], what: ShapeRow["what"]): Features {
  const rows = shapes.filter((row) => row.what === what && row.geojson !== "");
  return collection(
    rows.flatMap((row) =>
      geometries(row.geojson).map((geometry) => {
        const at = positions(geometry)[0]?.[1] ?? 0;
        const band = widthAtZoom0(SIGMAS_90 * row.uncertainty_m, at);
        return feature(what === "line" ? borders(geometry) : geometry, {
          id: row.id,
          title: row.title,
          band,
        });
      }),
    ),
  );
}
