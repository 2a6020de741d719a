/**
 * The whole state of the emulator at one point, to come back to later: what is shown, and everything that decides what
 * further output does (pen, margins, modes, character sets, saved cursors, tab stops, a pending wrap).
 *
 * It copies xterm's own fields. `checkpoint_test.ts` fails when an update brings a field that is not known here.
 *
 * @module
 */
import type { EmulatorCore } from "./emulator.ts";
import { CELL } from "./row.ts";

/** A copyable line (xterm's `BufferLine`). */
interface Line {
  readonly isWrapped: boolean;
  readonly length: number;
  readonly _data: Uint32Array;
  readonly _combined: Readonly<Record<number, string>>;
  readonly _extendedAttrs: Readonly<Record<number, unknown>>;
  clone(): Line;
}

/** A style (xterm's `AttributeData`). */
interface Attributes {
  clone(): Attributes;
}

interface Marker {
  readonly line: number;
  onDispose(listener: () => void): unknown;
}

/** Plain values of a buffer that are copied as they are. */
interface BufferValues {
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  savedX: number;
  savedY: number;
  savedCharset: unknown;
}

interface Buffer extends BufferValues {
  readonly lines: {
    readonly length: number;
    maxLength: number;
    /** The lines are a ring: where it begins, and what it is made of. */
    _startIndex: number;
    _array: (Line | undefined)[];
    get(index: number): Line | undefined;
    set(index: number, line: Line): void;
    push(line: Line): void;
  };
  tabs: Record<string, boolean>;
  savedCurAttrData: Attributes;
  readonly markers: readonly Marker[];
  addMarker(line: number): Marker;
}

interface LinkEntry {
  readonly id: number;
  readonly key?: string;
  readonly data: unknown;
  readonly lines: Marker[];
}

/** xterm's `CoreTerminal`, as far as its state goes. */
export interface StatefulCore {
  readonly cols: number;
  readonly rows: number;
  reset(): void;
  readonly optionsService: { readonly options: { convertEol: boolean } };
  readonly _bufferService: {
    readonly buffers: {
      readonly active: Buffer;
      readonly normal: Buffer;
      readonly alt: Buffer;
      activateAltBuffer(): void;
    };
  };
  readonly _charsetService: { glevel: number; charset: unknown; _charsets: unknown[] };
  readonly coreService: {
    isCursorHidden: boolean;
    isCursorInitialized: boolean;
    readonly modes: object;
    readonly decPrivateModes: object;
  };
  readonly coreMouseService: { activeProtocol: string; activeEncoding: string };
  readonly _oscLinkService: {
    _nextId: number;
    readonly _entriesWithId: Map<string, LinkEntry>;
    readonly _dataByLinkId: Map<number, LinkEntry>;
    _removeMarkerFromLink(entry: LinkEntry, marker: Marker): void;
  };
  readonly _inputHandler: {
    _curAttrData: Attributes;
    readonly _stringDecoder: { _interim: number };
    readonly _utf8Decoder: { readonly interim: Uint8Array };
    readonly _parser: {
      readonly currentState: number;
      readonly initialState: number;
      readonly _parseStack: { readonly state: number };
      precedingJoinState: number;
    };
  };
}

interface SavedBuffer {
  readonly lines: readonly Line[];
  /** Most lines. While a buffer has none, a resize only ever makes room for more. */
  readonly maxLength: number;
  /** Where the ring of lines begins. A narrow resize that rewraps wide characters depends on it (xterm.js 6). */
  readonly start: number;
  readonly values: BufferValues;
  readonly tabs: Record<string, boolean>;
  readonly savedAttributes: Attributes;
}

interface SavedLink {
  readonly id: number;
  readonly key: string | undefined;
  readonly data: unknown;
  readonly normalLines: readonly number[];
  readonly altLines: readonly number[];
}

/** The state of an emulator with its scrollback. Holds no reference to the emulator. */
export interface EmulatorState {
  readonly cols: number;
  readonly rows: number;
  /** About how much memory it takes; lines shared with an earlier state are not counted. */
  readonly bytes: number;
  /** @internal */
  readonly inside: SavedState;
}

interface SavedState {
  readonly normal: SavedBuffer;
  readonly alt: SavedBuffer;
  readonly onAlt: boolean;
  readonly convertEol: boolean;
  readonly charset: { readonly glevel: number; readonly charset: unknown; readonly all: unknown[] };
  readonly cursor: { readonly isCursorHidden: boolean; readonly isCursorInitialized: boolean };
  readonly modes: object;
  readonly decPrivateModes: object;
  readonly mouse: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly attributes: Attributes;
  readonly precedingJoinState: number;
  readonly links: readonly SavedLink[];
  readonly nextLinkId: number;
}

/** What a state costs beside its lines. */
const STATE_BYTES = 2_048, LINE_BYTES = 200;

/** The emulator's inside as this module sees it. */
export function stateful(core: EmulatorCore): StatefulCore {
  return core as unknown as StatefulCore;
}

/**
 * Copies the state of an emulator; `undefined` while it is in the middle of a sequence or a character. Lines that are
 * the same as in an `earlier` state are shared with it.
 */
export function saveState(core: StatefulCore, earlier?: EmulatorState): EmulatorState | undefined {
  if (!isAtRest(core)) return undefined;
  const { active, normal, alt } = core._bufferService.buffers;
  const { coreService, coreMouseService: mouse, _charsetService: charset, _inputHandler: input } =
    core;
  const savedNormal = saveBuffer(normal, earlier?.inside.normal);
  const savedAlt = saveBuffer(alt, earlier?.inside.alt);
  const { isCursorHidden, isCursorInitialized } = coreService;
  const { activeProtocol, activeEncoding } = mouse;
  return {
    cols: core.cols,
    rows: core.rows,
    bytes: STATE_BYTES + savedNormal.bytes + savedAlt.bytes,
    inside: {
      normal: savedNormal.saved,
      alt: savedAlt.saved,
      onAlt: active === alt,
      convertEol: core.optionsService.options.convertEol,
      charset: {
        glevel: charset.glevel,
        charset: charset.charset,
        all: [...charset._charsets],
      },
      cursor: { isCursorHidden, isCursorInitialized },
      modes: { ...coreService.modes },
      decPrivateModes: { ...coreService.decPrivateModes },
      mouse: { activeProtocol, activeEncoding },
      attributes: input._curAttrData.clone(),
      precedingJoinState: input._parser.precedingJoinState,
      links: saveLinks(core),
      nextLinkId: core._oscLinkService._nextId,
    },
  };
}

/** Takes an emulator back to a state, also of another one of the same size and scrollback. */
export function restoreState(core: StatefulCore, state: EmulatorState): void {
  const { inside } = state;
  core.reset();
  const { buffers } = core._bufferService;
  if (inside.onAlt) buffers.activateAltBuffer();
  loadBuffer(buffers.normal, inside.normal);
  loadBuffer(buffers.alt, inside.alt);
  core.optionsService.options.convertEol = inside.convertEol;
  const { glevel, charset, all } = inside.charset;
  core._charsetService._charsets = [...all];
  core._charsetService.glevel = glevel;
  core._charsetService.charset = charset;
  Object.assign(core.coreService, inside.cursor);
  Object.assign(core.coreService.modes, inside.modes);
  Object.assign(core.coreService.decPrivateModes, inside.decPrivateModes);
  Object.assign(core.coreMouseService, inside.mouse);
  const input = core._inputHandler;
  input._stringDecoder._interim = 0;
  input._utf8Decoder.interim.fill(0);
  input._curAttrData = inside.attributes.clone();
  input._parser.precedingJoinState = inside.precedingJoinState;
  loadLinks(core, inside);
}

/** Whether nothing of what was fed is still waiting for the rest of it. */
function isAtRest(core: StatefulCore): boolean {
  const { _parser, _stringDecoder, _utf8Decoder } = core._inputHandler;
  return _parser.currentState === _parser.initialState && _parser._parseStack.state === 0 &&
    _stringDecoder._interim === 0 && _utf8Decoder.interim.every((byte) => byte === 0);
}

function saveBuffer(
  buffer: Buffer,
  earlier: SavedBuffer | undefined,
): { readonly saved: SavedBuffer; readonly bytes: number } {
  const lines: Line[] = [];
  let bytes = 0;
  for (let i = 0; i < buffer.lines.length; i++) {
    const line = buffer.lines.get(i)!;
    const before = earlier?.lines[i];
    if (before !== undefined && sameLine(before, line)) {
      lines.push(before);
      continue;
    }
    lines.push(line.clone());
    bytes += LINE_BYTES + line.length * CELL * Uint32Array.BYTES_PER_ELEMENT;
  }
  const { x, y, ybase, ydisp, scrollTop, scrollBottom, savedX, savedY, savedCharset } = buffer;
  return {
    saved: {
      lines,
      maxLength: buffer.lines.maxLength,
      start: buffer.lines._startIndex,
      values: { x, y, ybase, ydisp, scrollTop, scrollBottom, savedX, savedY, savedCharset },
      tabs: { ...buffer.tabs },
      savedAttributes: buffer.savedCurAttrData.clone(),
    },
    bytes,
  };
}

/** Whether two lines are the same, as far as can be told without looking beside their words. */
function sameLine(a: Line, b: Line): boolean {
  if (a.length !== b.length || a.isWrapped !== b.isWrapped) return false;
  for (let i = 0; i < a.length * CELL; i++) if (a._data[i] !== b._data[i]) return false;
  for (const line of [a, b]) {
    for (const _ in line._combined) return false;
    for (const _ in line._extendedAttrs) return false;
  }
  return true;
}

function loadBuffer(buffer: Buffer, saved: SavedBuffer): void {
  buffer.lines.maxLength = saved.maxLength;
  saved.lines.forEach((line, y) => {
    if (y < buffer.lines.length) buffer.lines.set(y, line.clone());
    else buffer.lines.push(line.clone());
  });
  turnRing(buffer.lines, saved.start);
  Object.assign(buffer, saved.values);
  buffer.tabs = { ...saved.tabs };
  buffer.savedCurAttrData = saved.savedAttributes.clone();
}

/** Lets a ring begin elsewhere, with the same lines in it. */
function turnRing(ring: Buffer["lines"], start: number): void {
  const { maxLength, _startIndex: before, _array: lines } = ring;
  ring._array = Array.from(
    { length: maxLength },
    (_, i) => lines[(i - start + before + 2 * maxLength) % maxLength],
  );
  ring._startIndex = start;
}

function saveLinks(core: StatefulCore): SavedLink[] {
  const { _dataByLinkId } = core._oscLinkService;
  if (_dataByLinkId.size === 0) return [];
  const { normal, alt } = core._bufferService.buffers;
  const ofNormal = new Set(normal.markers), ofAlt = new Set(alt.markers);
  return [..._dataByLinkId.values()].map(({ id, key, data, lines }) => {
    const on = (markers: ReadonlySet<Marker>): number[] =>
      lines.filter((marker) => markers.has(marker)).map((marker) => marker.line);
    return { id, key, data, normalLines: on(ofNormal), altLines: on(ofAlt) };
  });
}

/** Links live as long as a line has them: their markers are put back too. */
function loadLinks(core: StatefulCore, { links, nextLinkId }: SavedState): void {
  const service = core._oscLinkService;
  service._dataByLinkId.clear();
  service._entriesWithId.clear();
  service._nextId = nextLinkId;
  const { normal, alt } = core._bufferService.buffers;
  for (const { id, key, data, normalLines, altLines } of links) {
    const entry: LinkEntry = { id, data, lines: [], ...(key === undefined ? {} : { key }) };
    service._dataByLinkId.set(id, entry);
    if (key !== undefined) service._entriesWithId.set(key, entry);
    const mark = (buffer: Buffer, line: number): void => {
      const marker = buffer.addMarker(line);
      entry.lines.push(marker);
      marker.onDispose(() => service._removeMarkerFromLink(entry, marker));
    };
    for (const line of normalLines) mark(normal, line);
    for (const line of altLines) mark(alt, line);
  }
}
