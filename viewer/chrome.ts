/**
 * What is drawn around a session's screen: the status line, boxes and menus. The presenter's terminal, `watch`
 * and `replay` share it.
 *
 * @module
 */
export { type BoxContent, type BoxLine, boxOverlay, type Span } from "./box.ts";
export { ASCII_GLYPHS, type Glyphs, glyphsFor, UNICODE_GLYPHS } from "./glyphs.ts";
export {
  keyLabel,
  type Menu,
  menuContent,
  type MenuItem,
  type MenuStep,
  openMenu,
  refreshMenu,
  stepMenu,
} from "./menu.ts";
export {
  spansPart,
  type StatusLine,
  type StatusPart,
  statusRow,
  TAG_STYLES,
} from "./status_line.ts";
export { drawTimeline, type Timeline, timelinePart } from "./timeline.ts";
