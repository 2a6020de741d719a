/**
 * The page's icons, as paths on a ground of 24 by 24.
 *
 * @module
 */

/** An icon's name. */
export type IconName = keyof typeof ICONS;

/** Every icon. */
export const ICONS = {
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .8 3.2 2.5 3.5 5.1",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  find: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.8-4.8",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  full: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  point: "M5 4l14 6-6 2.5L10.5 19 5 4Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  agent: "M7 9h10v9H7zM12 9V5M9.5 13h.01M14.5 13h.01M4 12v3M20 12v3",
  play: "M8 5.5v13l10-6.5-10-6.5Z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  again: "M5 12a7 7 0 1 0 2.2-5.1M5 4.5V9h4.5",
  previous: "M18 6l-8 6 8 6V6ZM6.5 6v12",
  next: "M6 6l8 6-8 6V6ZM17.5 6v12",
} as const;
