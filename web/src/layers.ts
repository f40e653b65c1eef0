// How everything is drawn, from the sea up to the names.
import type {
  ExpressionSpecification,
  LayerSpecification,
  LineLayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import type { Bulletin } from "./bulletin";
import { agreed, coast, collection, firingCells, graticule } from "./shapes";
import { type Theme, theme } from "./theme";

const FONT = ["sans-serif"]; // drawn by the browser; there is no glyph server

const byZoom = (...stops: (number | ExpressionSpecification)[]): ExpressionSpecification =>
  ["interpolate", ["exponential", 2], ["zoom"], ...stops] as ExpressionSpecification;

/** Band width doubles with every zoom level, as the ground does. */
const bandWidth = byZoom(0, ["get", "band"], 22, ["*", ["get", "band"], 2 ** 22]);

/** Radius of a dot in pixels, with `more` around it; dots grow as the ground does, but slower. */
const dotRadius = (more: number): ExpressionSpecification => {
  const times = (factor: number): ExpressionSpecification => [
    "+",
    more,
    ["*", factor, ["get", "radius"]],
  ];
  return ["interpolate", ["linear"], ["zoom"], 3, times(0.45), 7, times(1), 11, times(1.6)];
};

const line = (
  id: string,
  source: string,
  paint: NonNullable<LineLayerSpecification["paint"]>,
): LayerSpecification => ({ id, type: "line", source, paint });

/** Meridians or parallels of one source with their labels, between two zooms. */
function grid(c: Theme, source: string, minzoom: number, maxzoom: number): LayerSpecification[] {
  const zooms = { source, minzoom, maxzoom };
  return [
    {
      id: source,
      type: "line",
      ...zooms,
      paint: { "line-color": c.grid, "line-width": 0.5, "line-opacity": 0.7 },
    },
    {
      id: `${source}-label`,
      type: "symbol",
      ...zooms,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 420,
        "text-field": ["get", "label"],
        "text-font": FONT,
        "text-size": 10,
      },
      paint: { "text-color": c.zone, "text-halo-color": c.land, "text-halo-width": 1.2 },
    },
  ];
}

function baseLayers(c: Theme): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": c.land } },
    line("coast", "land", { "line-color": c.coast, "line-width": 0.7 }),
    ...grid(c, "grid-10", 0, 5.5),
    ...grid(c, "grid-1", 5.5, 24),
  ];
}

/** Zones, bands of lines, and sites no smaller than they are known. */
function agreementLayers(c: Theme): LayerSpecification[] {
  const dashes = { "line-dasharray": [3, 2.5], "line-opacity": 0.8 };
  const extent: ExpressionSpecification = ["max", 3, ["*", ["get", "band"], 2 ** 21]];
  return [
    {
      id: "zones",
      type: "fill",
      source: "zones",
      paint: { "fill-color": c.zone, "fill-opacity": 0.07 },
    },
    line("zone-edges", "zones", { "line-color": c.zone, "line-width": 1, ...dashes }),
    {
      id: "bands",
      type: "line",
      source: "lines",
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": c.ink, "line-width": bandWidth, "line-opacity": 0.13 },
    },
    {
      id: "sites",
      type: "circle",
      source: "sites",
      paint: {
        "circle-radius": byZoom(0, 3, 5, 3, 22, extent),
        "circle-color": c.zone,
        "circle-opacity": 0.18,
        "circle-stroke-color": c.zone,
        "circle-stroke-width": 1.2,
      },
    },
  ];
}

/** What was released as squares, and the ellipses around them. */
function cellLayers(c: Theme): LayerSpecification[] {
  const busy: ExpressionSpecification = [
    "interpolate",
    ["linear"],
    ["get", "count"],
    1,
    0.05,
    30,
    0.22,
  ];
  const near: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 5, 0.1, 8, 0.55];
  const dashed = { "line-dasharray": [4, 3], "line-opacity": 0.5 };
  return [
    { id: "firing", type: "fill", source: "firing", paint: { "fill-pattern": "hatch" } },
    line("firing-edges", "firing", { "line-color": c.firing, "line-width": 1.2 }),
    {
      id: "cells",
      type: "fill",
      source: "cells",
      paint: { "fill-color": c.ink, "fill-opacity": busy },
    },
    line("cell-edges", "cells", { "line-color": c.ink, "line-width": 0.7, "line-opacity": near }),
    line("ellipses", "ellipses", { "line-color": c.ink, "line-width": 1, ...dashed }),
  ];
}

/** A number for each standing, in the order of `STANDINGS`. */
const byStanding = (
  ...[inside, undecided, outside, untestable]: [number, number, number, number]
): ExpressionSpecification => [
  "match",
  ["get", "standing"],
  ...(["inside", inside, "undecided", undecided] as const),
  ...(["outside", outside, untestable] as const),
];

/** Dots: colour is the grade or the likelihood, filling the standing. */
function dotLayers(c: Theme): LayerSpecification[] {
  return [
    {
      id: "dots",
      type: "circle",
      source: "dots",
      layout: { "circle-sort-key": ["get", "order"] },
      paint: {
        "circle-radius": dotRadius(0),
        "circle-color": ["case", ["==", ["get", "standing"], "outside"], c.land, ["get", "colour"]],
        "circle-opacity": byStanding(0.95, 0.35, 0.9, 0.12),
        "circle-stroke-color": ["get", "colour"],
        "circle-stroke-width": byStanding(0.8, 1.6, 1.8, 1),
        "circle-stroke-opacity": byStanding(1, 1, 1, 0.6),
      },
    },
    line("chosen-cell", "chosen", { "line-color": c.ink, "line-width": 2.5 }),
    {
      id: "chosen-dot",
      type: "circle",
      source: "chosen-dot",
      paint: {
        "circle-radius": dotRadius(5),
        "circle-opacity": 0,
        "circle-stroke-color": c.ink,
        "circle-stroke-width": 2.5,
      },
    },
  ];
}

/** Lines and names stay readable above any crowd of dots. */
function nameLayers(c: Theme): LayerSpecification[] {
  const label = (
    id: string,
    source: string,
    minzoom: number,
    along: boolean,
  ): LayerSpecification => ({
    id,
    type: "symbol",
    source,
    minzoom,
    layout: {
      "text-field": ["get", "title"],
      "text-font": FONT,
      "text-size": 11,
      "text-max-width": 9,
      ...(along
        ? {
            "symbol-placement": "line" as const,
            "symbol-spacing": 500,
            "text-offset": [0, -0.9] as [number, number],
          }
        : { "text-offset": [0, 0.9] as [number, number], "text-anchor": "top" as const }),
    },
    paint: { "text-color": c.ink, "text-halo-color": c.land, "text-halo-width": 1.5 },
  });
  return [
    {
      id: "lines",
      type: "line",
      source: "lines",
      layout: { "line-join": "round" },
      paint: { "line-color": c.line, "line-width": 1.8 },
    },
    label("zone-names", "zones", 4, false),
    label("line-names", "lines", 4, true),
    label("site-names", "sites", 7, false),
  ];
}

/** The style without data; sources are filled when it has loaded. */
export function style(bulletin: Bulletin): StyleSpecification {
  const c = theme();
  const source = (data: FeatureCollection | ReturnType<typeof coast>) => ({
    type: "geojson" as const,
    data,
  });
  return {
    version: 8,
    transition: { duration: 0, delay: 0 },
    sources: {
      land: { ...source(coast()), tolerance: 0.2 },
      "grid-10": source(graticule(10)),
      "grid-1": source(graticule(1)),
      zones: source(agreed(bulletin.shapes, "zone")),
      lines: source(agreed(bulletin.shapes, "line")),
      sites: source(agreed(bulletin.shapes, "site")),
      firing: source(firingCells(bulletin.firing)),
      cells: source(collection([])),
      ellipses: source(collection([])),
      dots: source(collection([])),
      chosen: source(collection([])),
      "chosen-dot": source(collection([])),
    },
    layers: [
      ...baseLayers(c),
      ...agreementLayers(c),
      ...cellLayers(c),
      ...dotLayers(c),
      ...nameLayers(c),
    ],
  };
}
