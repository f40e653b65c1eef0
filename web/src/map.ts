// The map: land, graticule, the agreement's lines and zones, cells, ellipses and dots.
import {
  type ExpressionSpecification,
  type GeoJSONSource,
  type LngLatBoundsLike,
  type LayerSpecification,
  Map as GlMap,
  NavigationControl,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from "maplibre-gl";
import workerSource from "maplibre-gl/dist/maplibre-gl-worker.mjs?raw";
import type { FeatureCollection, Position } from "geojson";
import type { Bulletin } from "./bulletin";
import { agreed, cellKey, cells, coast, collection, dotPlaces, ellipse, firingCells, graticule, positions } from "./shapes";
import { GRADES, type Seen } from "./state";
import { t } from "./text";
import { type Theme, likelihoodColour, theme } from "./theme";

// From file:// a worker may not be fetched; its source travels in the page instead.
setWorkerUrl(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));

const FONT = ["sans-serif"]; // drawn by the browser; there is no glyph server
const ALL_ELLIPSES_UP_TO = 40;
const EMPTY = collection([]);

const byZoom = (...stops: (number | ExpressionSpecification)[]): ExpressionSpecification =>
  ["interpolate", ["exponential", 2], ["zoom"], ...stops] as ExpressionSpecification;

/** Band width doubles with every zoom level, as the ground does. */
const bandWidth = byZoom(0, ["get", "band"], 22, ["*", ["get", "band"], 2 ** 22]);

const dotRadius: ExpressionSpecification = [
  "interpolate", ["linear"], ["zoom"],
  3, ["*", 0.45, ["get", "radius"]],
  7, ["get", "radius"],
  11, ["*", 1.6, ["get", "radius"]],
];

function baseLayers(c: Theme): LayerSpecification[] {
  const grid = (id: string, source: string, minzoom: number, maxzoom: number): LayerSpecification[] => [
    { id, type: "line", source, minzoom, maxzoom, paint: { "line-color": c.grid, "line-width": 0.5, "line-opacity": 0.7 } },
    {
      id: `${id}-label`, type: "symbol", source, minzoom, maxzoom,
      layout: { "symbol-placement": "line", "symbol-spacing": 420, "text-field": ["get", "label"], "text-font": FONT, "text-size": 10 },
      paint: { "text-color": c.zone, "text-halo-color": c.land, "text-halo-width": 1.2 },
    },
  ];
  return [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": c.land } },
    { id: "coast", type: "line", source: "land", paint: { "line-color": c.coast, "line-width": 0.7 } },
    ...grid("grid-10", "grid-10", 0, 5.5),
    ...grid("grid-1", "grid-1", 5.5, 24),
  ];
}

function agreementLayers(c: Theme): LayerSpecification[] {
  const label = (id: string, source: string, minzoom: number, along: boolean): LayerSpecification => ({
    id, type: "symbol", source, minzoom,
    layout: {
      "text-field": ["get", "title"], "text-font": FONT, "text-size": 11, "text-max-width": 9,
      ...(along ? { "symbol-placement": "line" as const, "symbol-spacing": 500, "text-offset": [0, -0.9] as [number, number] } : { "text-offset": [0, 0.9] as [number, number], "text-anchor": "top" as const }),
    },
    paint: { "text-color": c.ink, "text-halo-color": c.land, "text-halo-width": 1.5 },
  });
  return [
    { id: "zones", type: "fill", source: "zones", paint: { "fill-color": c.zone, "fill-opacity": 0.07 } },
    { id: "zone-edges", type: "line", source: "zones", paint: { "line-color": c.zone, "line-width": 1, "line-dasharray": [3, 2.5], "line-opacity": 0.8 } },
    { id: "bands", type: "line", source: "lines", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": c.ink, "line-width": bandWidth, "line-opacity": 0.13 } },
    { id: "lines", type: "line", source: "lines", layout: { "line-join": "round" }, paint: { "line-color": c.line, "line-width": 1.8 } },
    { id: "sites", type: "circle", source: "sites", paint: { "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 0, 3, 5, 3, 22, ["max", 3, ["*", ["get", "band"], 2 ** 21]]], "circle-color": c.zone, "circle-opacity": 0.18, "circle-stroke-color": c.zone, "circle-stroke-width": 1.2 } },
    label("zone-names", "zones", 4, false),
    label("line-names", "lines", 4, true),
    label("site-names", "sites", 7, false),
  ];
}

function incidentLayers(c: Theme): LayerSpecification[] {
  const standing = (inside: number, undecided: number, outside: number, untestable: number): ExpressionSpecification =>
    ["match", ["get", "standing"], "inside", inside, "undecided", undecided, "outside", outside, untestable];
  return [
    { id: "firing", type: "fill", source: "firing", paint: { "fill-pattern": "hatch" } },
    { id: "firing-edges", type: "line", source: "firing", paint: { "line-color": c.firing, "line-width": 1.2 } },
    { id: "cells", type: "fill", source: "cells", paint: { "fill-color": c.ink, "fill-opacity": ["interpolate", ["linear"], ["get", "count"], 1, 0.05, 30, 0.22] } },
    { id: "cell-edges", type: "line", source: "cells", paint: { "line-color": c.ink, "line-width": 0.7, "line-opacity": ["interpolate", ["linear"], ["zoom"], 5, 0.1, 8, 0.55] } },
    { id: "ellipses", type: "line", source: "ellipses", paint: { "line-color": c.ink, "line-width": 1, "line-dasharray": [4, 3], "line-opacity": 0.5 } },
    {
      id: "dots", type: "circle", source: "dots", layout: { "circle-sort-key": ["get", "order"] },
      paint: {
        "circle-radius": dotRadius,
        "circle-color": ["case", ["==", ["get", "standing"], "outside"], c.land, ["get", "colour"]],
        "circle-opacity": standing(0.95, 0.35, 0.9, 0.12),
        "circle-stroke-color": ["get", "colour"],
        "circle-stroke-width": standing(0.8, 1.6, 1.8, 1),
        "circle-stroke-opacity": standing(1, 1, 1, 0.6),
      },
    },
    { id: "chosen-cell", type: "line", source: "chosen", paint: { "line-color": c.ink, "line-width": 2.5 } },
  ];
}

/** The style without data; sources are filled when it has loaded. */
function style(bulletin: Bulletin): StyleSpecification {
  const c = theme();
  const source = (data: FeatureCollection | ReturnType<typeof coast>) => ({ type: "geojson" as const, data });
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
      cells: source(EMPTY),
      ellipses: source(EMPTY),
      dots: source(EMPTY),
      chosen: source(EMPTY),
    },
    layers: [...baseLayers(c), ...agreementLayers(c), ...incidentLayers(c)],
  };
}

/** Diagonal hatching, drawn once per theme. */
function hatch(colour: string): ImageData {
  const size = 16;
  const context = new OffscreenCanvas(size, size).getContext("2d")!;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.globalAlpha = 0.75;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift - 2, size + 2);
    context.lineTo(shift + size + 2, -2);
    context.stroke();
  }
  return context.getImageData(0, 0, size, size);
}

function bounds(bulletin: Bulletin): LngLatBoundsLike {
  const all: Position[] = [
    ...bulletin.incidents.filter((row) => row.located === "point").map((row): Position => [row.lon_deg!, row.lat_deg!]),
    ...bulletin.firing.map((row): Position => [row.lon_deg, row.lat_deg]),
    ...agreed(bulletin.shapes, "line").features.flatMap((one) => positions(one.geometry)),
    ...agreed(bulletin.shapes, "zone").features.flatMap((one) => positions(one.geometry)),
  ];
  if (all.length === 0) return [-170, -55, 170, 75];
  const [lons, lats] = [all.map((p) => p[0]!), all.map((p) => p[1]!)];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  return [least(lons) - 0.3, Math.max(-84, least(lats) - 0.3), most(lons) + 0.3, Math.min(84, most(lats) + 0.3)];
}

export interface Shown {
  seen: readonly Seen[];
  colour: "grade" | "likelihood";
  selected: string;
}

export interface MapEvents {
  pickIncidents: (ids: string[]) => void;
  pickFiring: (key: string) => void;
}

export class IncidentMap {
  readonly #map: GlMap;
  readonly #bulletin: Bulletin;
  readonly #places: Map<string, Position>;
  #shown: Shown = { seen: [], colour: "grade", selected: "" };

  /** Throws where the browser cannot draw maps. */
  constructor(container: HTMLElement, bulletin: Bulletin, events: MapEvents) {
    this.#bulletin = bulletin;
    this.#places = dotPlaces(bulletin);
    this.#map = new GlMap({
      container,
      style: style(bulletin),
      bounds: bounds(bulletin),
      fitBoundsOptions: { padding: 30, maxZoom: 9 },
      maxZoom: 13,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // so that it prints
      locale: {
        "NavigationControl.ZoomIn": t("zoom_in"),
        "NavigationControl.ZoomOut": t("zoom_out"),
        "Map.Title": t("map"),
      },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.#map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
    this.#map.on("style.load", () => {
      this.#map.addImage("hatch", hatch(theme().firing), { pixelRatio: 2 });
      this.show(this.#shown);
    });
    this.#map.once("idle", () => document.documentElement.setAttribute("data-map", "drawn"));
    this.#listen(events);
  }

  /** Where an incident's dot stands on the screen, for whoever has to point at it. */
  screen(id: string): [number, number] | null {
    const place = this.#places.get(id);
    if (!place) return null;
    const { x, y } = this.#map.project(place as [number, number]);
    return [x, y];
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const seen = shown.seen.filter((one) => one.row.located === "point");
    const chosen = this.#bulletin.incidents.filter((row) => row.id === shown.selected && row.located === "point");
    const outlined = seen.length <= ALL_ELLIPSES_UP_TO ? seen.map((one) => one.row) : chosen;
    this.#set("cells", cells(seen));
    this.#set("dots", this.#dots(seen, shown));
    this.#set("ellipses", collection(outlined.map(ellipse)));
    this.#set("chosen", cells(seen.filter((one) => chosen.some((row) => cellKey(row) === cellKey(one.row)))));
  }

  /** Bring an incident into view, should it be outside. */
  reveal(id: string): void {
    const place = this.#places.get(id) as [number, number] | undefined;
    if (place && !this.#map.getBounds().contains(place)) this.#map.panTo(place);
  }

  restyle(): void {
    this.#map.setStyle(style(this.#bulletin), { diff: false });
  }

  #set(source: string, data: FeatureCollection): void {
    this.#map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  #dots(seen: readonly Seen[], { colour }: Shown): FeatureCollection {
    const c = theme();
    return collection(
      seen.map((one) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: this.#places.get(one.row.id)! },
        properties: {
          id: one.row.id,
          standing: one.standing,
          colour: colour === "grade" ? c.grades[one.grade]! : likelihoodColour(c, one.row.word),
          radius: Math.min(18, 3.5 + 1.5 * Math.sqrt(one.row.units_best)),
          order: -GRADES.indexOf(one.grade as (typeof GRADES)[number]),
        },
      })),
    );
  }

  #listen(events: MapEvents): void {
    const near = ({ x, y }: { x: number; y: number }): [[number, number], [number, number]] => [[x - 4, y - 4], [x + 4, y + 4]];
    this.#map.on("click", ({ point }) => {
      const found = (layer: string, name: string) =>
        this.#map.queryRenderedFeatures(near(point), { layers: [layer] }).map((one) => String(one.properties[name]));
      const dots = [...new Set(found("dots", "id"))];
      if (dots.length > 0) return events.pickIncidents(dots);
      const cell = found("cells", "key")[0];
      if (cell) return events.pickIncidents(this.#inCell(cell));
      const firing = found("firing", "key")[0];
      if (firing) events.pickFiring(firing);
    });
    for (const layer of ["dots", "cells", "firing"]) {
      this.#map.on("mouseenter", layer, () => (this.#map.getCanvas().style.cursor = "pointer"));
      this.#map.on("mouseleave", layer, () => (this.#map.getCanvas().style.cursor = ""));
    }
  }

  #inCell(key: string): string[] {
    return this.#shown.seen.filter((one) => cellKey(one.row) === key).map((one) => one.row.id);
  }
}
