// The only base map: where land is. Borders come from the agreement file, never from here.
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import type { MultiPolygon, Polygon } from "geojson";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";

const NAME = "virtual:land";
const PER_DEGREE = 100;

/** Vertices of one ring as steps of a hundredth of a degree, the first from 0, 0. */
function steps(ring: readonly number[][]): number[] {
  const out: number[] = [];
  let [x, y] = [0, 0];
  for (const [lon, lat] of ring) {
    const [nextX, nextY] = [Math.round(lon! * PER_DEGREE), Math.round(lat! * PER_DEGREE)];
    if (out.length > 0 && nextX === x && nextY === y) continue;
    out.push(nextX - x, nextY - y);
    [x, y] = [nextX, nextY];
  }
  return out;
}

/** `virtual:land` exports polygons, each an array of rings of steps. */
export function land(): Plugin {
  return {
    name: "land",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null;
      const atlas = createRequire(import.meta.url)("world-atlas/land-50m.json") as Topology<{
        land: GeometryCollection;
      }>;
      const shapes = feature(atlas, atlas.objects.land).features.map((one) => one.geometry);
      const polygons = shapes.flatMap((shape) =>
        shape.type === "MultiPolygon"
          ? (shape as MultiPolygon).coordinates
          : [(shape as Polygon).coordinates],
      );
      const rings = polygons.map((polygon) => polygon.map(steps).filter((r) => r.length >= 8));
      const kept = rings.filter((polygon) => polygon.length > 0);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(kept))});`;
    },
  };
}
