// Colours. Grades and likelihoods keep their order of lightness, also for the colour-blind.

import type { Seen } from "./state";

export interface Theme {
  sea: string;
  land: string;
  coast: string;
  grid: string;
  ink: string;
  line: string;
  zone: string;
  firing: string;
  grades: Record<string, string>;
  likelihoods: readonly string[];
}

// Blues by reliability; vermilion for contested (Okabe and Ito 2008); greys for the rest.
const LIGHT: Theme = {
  sea: "#dfe8ee",
  land: "#f8f7f3",
  coast: "#a9b8c2",
  grid: "#b9c6cf",
  ink: "#1b2530",
  line: "#1b2530",
  zone: "#5b6b78",
  firing: "#7b3294",
  grades: {
    Verified: "#08306b",
    Probable: "#1f6fb2",
    Possible: "#5aa7d6",
    Reported: "#93b9cf",
    Contested: "#d55e00",
    Unverifiable: "#7a7a7a",
    Discounted: "#b4b4b4",
    none: "#cfc8b8",
  },
  likelihoods: ["#b8c0c5", "#a3bac6", "#86b2cc", "#5f9ec4", "#337fb5", "#145a99", "#08306b"],
};

const DARK: Theme = {
  sea: "#10171d",
  land: "#1e2830",
  coast: "#46555f",
  grid: "#34424c",
  ink: "#e6edf2",
  line: "#f2f5f7",
  zone: "#9fb0bc",
  firing: "#d7a3ec",
  grades: {
    Verified: "#e3f1fc",
    Probable: "#9dcbf0",
    Possible: "#5a9fd0",
    Reported: "#3f769b",
    Contested: "#ff8a3c",
    Unverifiable: "#9a9a9a",
    Discounted: "#666d72",
    none: "#5b5648",
  },
  likelihoods: ["#4c5960", "#40667b", "#3f7698", "#4c90bd", "#6fafda", "#a5d0f0", "#e3f1fc"],
};

const wantsDark = matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  return wantsDark.matches ? DARK : LIGHT;
}

export function onThemeChange(act: () => void): void {
  wantsDark.addEventListener("change", act);
}

/** The words of ICD 203 from least to most likely; `words.py` draws the bounds. */
export const WORDS = [
  "almost_no_chance",
  "very_unlikely",
  "unlikely",
  "roughly_even",
  "likely",
  "very_likely",
  "almost_certain",
] as const;

export function likelihoodColour(theme: Theme, word: string): string {
  return theme.likelihoods[Math.max(0, (WORDS as readonly string[]).indexOf(word))]!;
}

/** The colour of an incident's mark, on the map and in lists. */
export function markColour(theme: Theme, by: "grade" | "likelihood", one: Seen): string {
  return by === "grade" ? theme.grades[one.grade]! : likelihoodColour(theme, one.row.word);
}
