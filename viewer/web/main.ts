/**
 * The page's program: at a session's link its live view, at a recording its player.
 *
 * @module
 */
import { Stage } from "./stage.ts";

new Stage(document.body, { label: "Terminal", onLink: () => {} });
