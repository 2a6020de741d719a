/** Placeholder until the presenter's terminal is painted. */
import type { Stage } from "./host.ts";
import type { HostOptions } from "./options.ts";
export class PresenterStage implements Stage {
  readonly size = { cols: 80, rows: 24 };
  constructor(_options: HostOptions) {
    throw new Error("Not yet");
  }
  announce(): void {}
  begin(): void {}
  report(): void {}
  end(): Promise<void> {
    return Promise.resolve();
  }
}
