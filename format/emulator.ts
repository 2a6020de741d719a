/**
 * What {@link Screen} uses of @xterm/headless beyond its public interface, in one place.
 *
 * The public `write()` parses in a timer, and the public cell interface knows no underline kinds, links or
 * mouse encodings. `screen_test.ts` fails when one of these goes away with an update.
 *
 * @module
 */
// @ts-types="npm:@xterm/headless@6.0.0"
import headless from "@xterm/headless";
import type { Row } from "./row.ts";
import { widthProvider } from "./width.ts";

/** Underline kind, colour and link of a cell (xterm's `ExtendedAttrs`). */
export interface EmulatorExtra {
  readonly _ext: number;
  readonly _urlId: number;
}

/** A line of a buffer (xterm's `BufferLine`): three words a cell, and what does not fit beside them. */
export interface EmulatorLine {
  readonly isWrapped: boolean;
  readonly length: number;
  readonly _data: Uint32Array;
  readonly _combined: Readonly<Record<number, string>>;
  readonly _extendedAttrs: Readonly<Record<number, EmulatorExtra | undefined>>;
  /** Ours, not xterm's: the row last taken from this line. Lines keep their identity while they scroll. */
  taken?: TakenRow;
}

/** A row, and what the line that it was taken from was then. */
export interface TakenRow {
  readonly row: Row;
  readonly words: Uint32Array;
  /** Whether words say that there is more beside them, which changes without them; a row may have none of it. */
  readonly beside: boolean;
}

/** A ring of lines (xterm's `CircularList`). */
export interface EmulatorLines {
  readonly length: number;
  get(index: number): EmulatorLine | undefined;
  onTrim(listener: (amount: number) => void): { dispose(): void };
}

/** The normal or the alternate buffer (xterm's `Buffer`). */
export interface EmulatorBuffer {
  readonly lines: EmulatorLines;
  readonly ybase: number;
  x: number;
  readonly _memoryCleanupQueue: { clear(): void };
  readonly y: number;
}

/** What OSC 8 said of a link. */
export interface EmulatorLink {
  readonly id?: string;
  readonly uri: string;
}

/** The parameters of a control sequence (xterm's `Params`), borrowed for the length of a call. */
export interface EmulatorParams {
  readonly params: Int32Array;
}

/** xterm's `CoreTerminal`, as far as it is used. */
export interface EmulatorCore {
  readonly cols: number;
  readonly rows: number;
  registerCsiHandler(
    id: { readonly final: string; readonly intermediates?: string },
    handler: (params: EmulatorParams) => boolean,
  ): { dispose(): void };
  readonly _bufferService: {
    readonly buffers: {
      readonly active: EmulatorBuffer;
      readonly normal: EmulatorBuffer;
      readonly alt: EmulatorBuffer;
    };
  };
  readonly _writeBuffer: {
    writeSync(data: string | Uint8Array): void;
    _isSyncWriting: boolean;
    _syncCalls: number;
    _pendingData: number;
    readonly _writeBuffer: unknown[];
    readonly _callbacks: unknown[];
  };
  readonly _inputHandler: {
    readonly _parser: { reset(): void };
    /** Which rows of the active buffer a write may have changed; all of them when it does not say. */
    onRequestRefreshRows(
      listener: (rows: { readonly start: number; readonly end: number } | undefined) => void,
    ): { dispose(): void };
    eraseInLine(params: EmulatorParams, respectProtect: boolean): boolean;
    eraseInDisplay(params: EmulatorParams, respectProtect: boolean): boolean;
  };
  readonly _oscLinkService: {
    /** Gives a link its number. xterm forgets links when the line that they began on is gone. */
    registerLink(data: EmulatorLink): number;
    /** By their numbers; a link is gone with the last of its lines. */
    readonly _dataByLinkId: ReadonlyMap<
      number,
      { readonly lines: readonly { dispose(): void }[] }
    >;
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorStyle: "block" | "underline" | "bar" | undefined;
      readonly cursorBlink: boolean | undefined;
      readonly sendFocus: boolean;
      synchronizedOutput: boolean;
    };
  };
  readonly coreMouseService: {
    readonly activeProtocol: string;
    readonly activeEncoding: string;
  };
}

/** Sequences whose cost grows with their count: a huge one would keep the emulator busy for minutes. */
const COUNTED: readonly { readonly final: string; readonly intermediates?: string }[] = [
  ..."@ILMPSTXZb".split("").map((final) => ({ final })),
  { final: "@", intermediates: " " },
  { final: "A", intermediates: " " },
  { final: "}", intermediates: "'" },
  { final: "~", intermediates: "'" },
];

/** A terminal emulator without a display, and its inside. */
export interface Emulator {
  readonly terminal: headless.Terminal;
  readonly core: EmulatorCore;
}

/** Makes an emulator whose work is bounded by the length of what it is fed. */
export function createEmulator(cols: number, rows: number, scrollback: number): Emulator {
  const terminal = new headless.Terminal({
    cols,
    rows,
    scrollback,
    allowProposedApi: true,
    logLevel: "off",
  });
  terminal.unicode.register(
    widthProvider as unknown as Parameters<typeof terminal.unicode.register>[0],
  );
  terminal.unicode.activeVersion = widthProvider.version;
  const core = (terminal as unknown as { readonly _core: EmulatorCore })._core;
  for (const id of COUNTED) {
    core.registerCsiHandler(id, ({ params }) => {
      const limit = Math.max(core.cols, core.rows);
      // Borrowed: xterm's own handler runs next and reads the same array.
      if (params[0]! > limit) params[0] = limit;
      return false;
    });
  }
  core.registerCsiHandler({ final: "J" }, (params) => eraseAbove(core, params));
  boundClusters(core);
  return { terminal, core };
}

/** Forgets a link: xterm has all that were ever on a line until that line is gone. */
export function forgetLink(core: EmulatorCore, number: number): void {
  const lines = core._oscLinkService._dataByLinkId.get(number)?.lines ?? [];
  // Each takes itself out of them.
  for (const line of [...lines]) line.dispose();
}

/** More of a cell (in UTF-16 units) than any row takes of it. */
const MAX_COMBINED = 64;
/** The classes of lines that were seen to: in a page there may be several emulators. */
const bounded = new WeakSet<object>();

/** A cell takes as many combining characters as it is given, in xterm: after these it takes no more. */
function boundClusters(core: EmulatorCore): void {
  const line = core._bufferService.buffers.normal.lines.get(0);
  const lines: { addCodepointToCell: AddCodepoint } = Object.getPrototypeOf(line);
  if (bounded.has(lines)) return;
  bounded.add(lines);
  const add = lines.addCodepointToCell;
  lines.addCodepointToCell = function (index, codePoint, width): void {
    if ((this._combined[index]?.length ?? 0) < MAX_COMBINED) {
      add.call(this, index, codePoint, width);
    }
  };
}

type AddCodepoint = (this: EmulatorLine, index: number, codePoint: number, width: number) => void;

/**
 * ED 1 from the last column of the last row, which xterm 6 throws at (it looks for the row below): the line is erased by
 * itself, the rest from a column before.
 */
function eraseAbove(core: EmulatorCore, params: EmulatorParams): boolean {
  const buffer = core._bufferService.buffers.active;
  if (params.params[0] !== 1 || buffer.x + 1 < core.cols) return false;
  if (buffer.lines.get(buffer.y + 1) !== undefined) return false;
  const { x } = buffer;
  core._inputHandler.eraseInLine(params, false);
  buffer.x = core.cols - 2;
  core._inputHandler.eraseInDisplay(params, false);
  buffer.x = x;
  return true;
}

/** Makes an emulator usable again that threw at what it was fed: the rest of that text is lost, no more. */
export function recover(core: EmulatorCore): void {
  const buffer = core._writeBuffer;
  buffer._isSyncWriting = false;
  buffer._syncCalls = 0;
  buffer._pendingData = 0;
  buffer._writeBuffer.length = 0;
  buffer._callbacks.length = 0;
  core._inputHandler._parser.reset();
}
