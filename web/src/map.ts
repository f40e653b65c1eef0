// The map as an object that shows incidents and says which were clicked.
import {
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as GlMap,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerSource from "maplibre-gl/dist/maplibre-gl-worker.mjs?raw";
import type { Feature, FeatureCollection, Position } from "geojson";
import type { Bulletin } from "./bulletin";
import { style } from "./layers";
import { agreed, cellKey, cells, collection, dotPlaces, ellipse, positions } from "./shapes";
import { GRADES, type Seen } from "./state";
import { t } from "./text";
import { markColour, theme } from "./theme";

// From file:// a worker may not be fetched; its source travels in the page instead.
setWorkerUrl(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));

const ALL_ELLIPSES_UP_TO = 40;
const UNCROWDED = 300; // more dots than these are drawn smaller

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
    ...bulletin.incidents
      .filter((row) => row.located === "point")
      .map((row): Position => [row.lon_deg!, row.lat_deg!]),
    ...bulletin.firing.map((row): Position => [row.lon_deg, row.lat_deg]),
    ...agreed(bulletin.shapes, "line").features.flatMap((one) => positions(one.geometry)),
    ...agreed(bulletin.shapes, "zone").features.flatMap((one) => positions(one.geometry)),
  ];
  if (all.length === 0) return [-170, -55, 170, 75];
  const [lons, lats] = [all.map((p) => p[0]!), all.map((p) => p[1]!)];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  return [
    least(lons) - 0.3,
    Math.max(-84, least(lats) - 0.3),
    most(lons) + 0.3,
    Math.min(84, most(lats) + 0.3),
  ];
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

  show(shown: Shown): void {
    this.#shown = shown;
    const seen = shown.seen.filter((one) => one.row.located === "point");
    const chosen = this.#bulletin.incidents.filter(
      (row) => row.id === shown.selected && row.located === "point",
    );
    const outlined = seen.length <= ALL_ELLIPSES_UP_TO ? seen.map((one) => one.row) : chosen;
    this.#set("cells", cells(seen));
    const dots = this.#dots(seen, shown);
    this.#set("dots", collection(dots));
    this.#set(
      "chosen-dot",
      collection(dots.filter((dot) => dot.properties!.id === shown.selected)),
    );
    this.#set("ellipses", collection(outlined.map(ellipse)));
    this.#set(
      "chosen",
      cells(seen.filter((one) => chosen.some((row) => cellKey(row) === cellKey(one.row)))),
    );
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

  #dots(seen: readonly Seen[], { colour }: Shown): Feature[] {
    const c = theme();
    const crowd = Math.max(0.5, Math.min(1, Math.sqrt(UNCROWDED / seen.length)));
    return seen.map((one) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: this.#places.get(one.row.id)! },
      properties: {
        id: one.row.id,
        standing: one.standing,
        colour: markColour(c, colour, one),
        radius: crowd * Math.min(18, 3.5 + 1.5 * Math.sqrt(one.row.units_best)),
        order: -GRADES.indexOf(one.grade as (typeof GRADES)[number]),
      },
    }));
  }

  #listen(events: MapEvents): void {
    const near = ({ x, y }: { x: number; y: number }): [[number, number], [number, number]] => [
      [x - 4, y - 4],
      [x + 4, y + 4],
    ];
    this.#map.on("click", ({ point }) => {
      const found = (layer: string, name: string) =>
        this.#map
          .queryRenderedFeatures(near(point), { layers: [layer] })
          .map((one) => String(one.properties[name]));
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
