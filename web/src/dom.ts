// Elements are made of text only: nothing of the bulletin is ever read as HTML.

type Attributes = Record<string, string | number | boolean | ((event: Event) => void)>;
type Child = Node | string | null;

function apply(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(element, attributes);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** One choice of several, as radio buttons that look like a switch. */
export function choice(
  name: string,
  label: string,
  options: readonly { value: string; label: string; title?: string }[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const buttons = options.map(({ value, label: text, title }) =>
    h(
      "label",
      title ? { title } : {},
      h("input", {
        type: "radio",
        name,
        value,
        checked: value === chosen,
        change: () => choose(value),
      }),
      h("span", {}, text),
    ),
  );
  return h("fieldset", { class: "choice" }, h("legend", {}, label), h("div", {}, ...buttons));
}

export function select(
  label: string,
  options: readonly { value: string; label: string }[],
  choose: (value: string) => void,
): HTMLElement {
  const list = h("select", {}, ...options.map((o) => h("option", { value: o.value }, o.label)));
  list.addEventListener("change", () => choose(list.value));
  return h("label", { class: "field" }, h("span", {}, label), list);
}
