/**
 * A connection that is begun before there is anything to show what comes.
 *
 * @module
 */
import {
  type Connection,
  type ConnectionEvent,
  type ConnectOptions,
} from "../../wire/connection.ts";

/** Passes events on once somebody takes them; those that came before are kept. */
export class EarlyConnection {
  readonly #connection: Connection;
  #waiting: ConnectionEvent[] = [];
  #onEvent: ((event: ConnectionEvent) => void) | undefined;

  constructor(connect: (options: Pick<ConnectOptions, "onEvent">) => Connection) {
    this.#connection = connect({ onEvent: (event) => this.#pass(event) });
  }

  /** Hands over the connection, and what it tells from then on; what it told before comes in a moment. */
  take({ onEvent }: Pick<ConnectOptions, "onEvent">): Connection {
    queueMicrotask(() => {
      this.#onEvent = onEvent;
      for (const event of this.#waiting.splice(0)) onEvent(event);
    });
    return this.#connection;
  }

  #pass(event: ConnectionEvent): void {
    if (this.#onEvent === undefined) this.#waiting.push(event);
    else this.#onEvent(event);
  }
}
