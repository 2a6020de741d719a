/**
 * People in their colours.
 *
 * @module
 */
import { PERSON_COLORS } from "../format/person_colors.ts";
import type { Person } from "../format/session_data.ts";
import type { Style } from "../format/text_row.ts";

/** Text in somebody's colour. */
export function personStyle({ color }: Pick<Person, "color">): Style {
  return { fg: PERSON_COLORS[color % PERSON_COLORS.length]! };
}
