/**
 * Writes an audit log to the file it is given until it is killed, and prints how many lines it has noted.
 *
 * @module
 */
import { passThroughRedactor } from "../../../redact/redactor.ts";
import { createSessionKeys } from "../../../wire/token.ts";
import { systemClock } from "../../clock.ts";
import { startAudit } from "../audit.ts";

const [path = ""] = Deno.args;
const encoder = new TextEncoder();
const audit = await startAudit(path, {
  keys: await createSessionKeys(),
  redactor: passThroughRedactor(),
  clock: systemClock,
  now: () => Date.now(),
  presenter: "Ada",
  onError: (error) => {
    throw error;
  },
});
let noted = 0;
setInterval(() => {
  audit.note({ event: "marker", label: `${++noted}` });
  audit.typed("host", encoder.encode(`echo ${++noted}\r`), { echo: "echo" });
  Deno.stdout.writeSync(encoder.encode(`${performance.now().toFixed()} ${noted}\n`));
}, 5);
