// Every word on the page comes from the catalogue embedded with the bulletin.

let catalogue: Record<string, string> = {};
let locale = "en";

export function speak(text: Record<string, string>, language: string): void {
  catalogue = text;
  locale = language;
}

/** The catalogue's text with `{name}` replaced; throws for a key it does not have. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = catalogue[`map.${key}`];
  if (text === undefined) throw new Error(`the catalogue has no map.${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A code (`not_watched`) in words: of the catalogue where it knows it, else as it is written. */
export function code(group: string, value: string): string {
  const known = catalogue[`map.${group}.${value}`] ?? catalogue[`${group}.${value}`];
  return known ?? value.replaceAll("_", " ").replace("=", ": ");
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits });
}

/** A probability in percent; never rounded to certainty. */
export function percent(p: number): string {
  if (p > 0 && p < 0.01) return `< ${number(1)} %`;
  if (p < 1 && p > 0.99) return `> ${number(99)} %`;
  return `${number(p * 100)} %`;
}

const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");

/** `2025-04-19 15:00 UTC` */
export function instant(ms: number): string {
  return `${minute(ms)} UTC`;
}

/** `2025-04-19 15:00 – 21:00 UTC`, half-open; the day is not said twice. */
export function interval(begin: number, end: number): string {
  const [from, to] = [minute(begin), minute(end)];
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to} UTC`;
}

/** `05-04 15:00 – 21:00`, where year and zone go without saying. */
export function brief(begin: number, end: number): string {
  return interval(begin, end)
    .replaceAll(/\d{4}-(?=\d\d-)/g, "")
    .replace(" UTC", "");
}
