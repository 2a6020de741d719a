/**
 * Making elements: the few lines that a page needs of a framework.
 *
 * @module
 */

import { type IconName, ICONS } from "./icons.ts";

/** What an element contains; what is `undefined`, `null` or `false` is left out. */
export type Child = Node | string | undefined | null | false;

/**
 * An element's attributes. `class` and the others are set as attributes, a boolean is there or not, a function is a
 * listener (`onclick`). Text is only ever set as text.
 */
export type Attributes = Readonly<
  Record<string, string | number | boolean | undefined | ((event: never) => void)>
>;

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...present(children));
  return element;
}

/** Gives an element these children in the place of those that it has. */
export function setChildren(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...present(children));
}

/** Replaces children only when `key` is another than the last time: what has the focus stays as it is. */
export function setChildrenOnce(
  element: HTMLElement,
  key: string,
  make: () => readonly Child[],
): void {
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  setChildren(element, ...make());
}

/** Sets an element's text unless it is that already: a screen reader hears of each change. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** An icon, for the eye only. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  setAttributes(svg, {
    viewBox: "0 0 24 24",
    class: `icon icon-${name}`,
    "aria-hidden": "true",
    focusable: "false",
  });
  const stroke = document.createElementNS(SVG, "path");
  stroke.setAttribute("d", ICONS[name]);
  svg.append(stroke);
  return svg;
}

const SVG = "http://www.w3.org/2000/svg";

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    } else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string =>
    child !== undefined && child !== null && child !== false
  );
}
