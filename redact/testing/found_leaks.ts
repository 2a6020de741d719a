/**
 * Drawings that once showed a secret, found among random ones: keys whose first line a box wraps into three rows, blanks
 * that belong to a text and not to its box, keys of an alternate screen that scrolls, keys without digits that were not
 * remembered, card numbers that a row ends in between two groups or before its padding, and others.
 *
 * @module
 */
import type { RandomDrawing } from "./random_drawing.ts";

/** A drawing of one sample. */
export interface FoundLeak {
  /** The samples' seed, and which one of them it is. */
  readonly seed: number;
  readonly sample: number;
  readonly drawing: RandomDrawing;
}

type Layout = RandomDrawing["layout"];
type Region = Extract<Layout, { readonly kind: "region" }>;

function stream(cols: number, rows: number): Layout {
  return { kind: "stream", cols, rows };
}

function region(left: number, width: number, box: Partial<Region> = {}): Region {
  return { kind: "region", left, width, pad: 0, sides: false, beside: 0, ...box };
}

/** What all drawings have that tell nothing else. */
const PLAIN: Omit<RandomDrawing, "layout" | "numbers"> = {
  pieces: "at once",
  disguise: "none",
  later: [],
  alternate: false,
  filler: "",
  behind: "",
};

/** A drawing by what it has that {@link PLAIN} has not. */
type Found = Partial<typeof PLAIN> & { readonly layout: Layout; readonly numbers: string };

function leak(seed: number, sample: number, { numbers, ...found }: Found): FoundLeak {
  return { seed, sample, drawing: { ...PLAIN, ...found, numbers: numbers.split(" ").map(Number) } };
}

/** All of them. */
export const FOUND_LEAKS: readonly FoundLeak[] = [
  leak(8142, 31, {
    layout: region(30, 17),
    pieces: "rows",
    disguise: "colours",
    filler: "12:03 INFO ",
    behind: " | less",
    numbers: "41 350 163 110 319 394 613 72 195 24 223 453",
  }),
  leak(8165, 22, {
    layout: region(30, 16, { pad: 1, sides: true }),
    pieces: "some",
    disguise: "combining",
    filler: "12:03 INFO ",
    behind: " | less",
    numbers: "7 249 9 613 804 333 181 935 48 322 998 640",
  }),
  leak(8461, 30, {
    layout: stream(54, 3),
    later: ["resize"],
    filler: "$ ",
    numbers: "9 723 450 391 4 54 747 546 178 460 999 8",
  }),
  leak(8613, 22, {
    layout: region(0, 21, { pad: 1, sides: true }),
    pieces: "shuffled",
    later: ["alternate"],
    alternate: true,
    filler: "................. ",
    numbers: "703 213 852 480 892 809 483 1 151 393 917 292",
  }),
  leak(8942, 31, {
    layout: stream(17, 10),
    pieces: "characters",
    later: ["retype"],
    alternate: true,
    filler: "12:03 INFO ",
    numbers: "719 382 489 507 968 534 74 966 995 991 204 5",
  }),
  leak(8962, 19, {
    layout: region(7, 24, { pad: 1, sides: true }),
    disguise: "combining",
    later: ["clear", "nothing"],
    alternate: true,
    filler: "................. ",
    behind: " # done",
    numbers: "1 461 877 70 413 977 4 200 903 53 1000 239",
  }),
  leak(9350, 23, {
    layout: region(0, 17),
    pieces: "characters",
    later: ["clear", "retype"],
    filler: "日本語 ",
    behind: " 漢字",
    numbers: "320 7 219 998 450 619 645 218 964 8 553 973",
  }),
  leak(9517, 30, {
    layout: stream(14, 20),
    pieces: "characters",
    disguise: "combining",
    later: ["nothing"],
    alternate: true,
    filler: "12:03 INFO ",
    behind: " | less",
    numbers: "373 545 2 544 788 780 5 288 554 176 8 348",
  }),
  leak(9582, 31, {
    layout: stream(57, 5),
    pieces: "characters",
    disguise: "wrong first",
    later: ["clear"],
    alternate: true,
    behind: " 漢字",
    numbers: "287 434 621 394 2 889 40 993 170 221 237 347",
  }),
  leak(9673, 26, {
    layout: region(1, 17, { pad: 1 }),
    pieces: "characters",
    later: ["retype", "clear"],
    alternate: true,
    filler: "日本語 ",
    numbers: "228 74 966 999 645 893 796 579 761 997 363 3",
  }),
  leak(9799, 24, {
    layout: region(1, 17),
    pieces: "characters",
    disguise: "colours",
    later: ["clear", "retype", "scroll"],
    alternate: true,
    filler: "................. ",
    behind: " | less",
    numbers: "8 309 377 1 9 747 724 15 190 646 3 856",
  }),
  leak(9889, 18, {
    layout: region(1, 27, { pad: 1, sides: true }),
    disguise: "combining",
    alternate: true,
    filler: "# ",
    behind: " | less",
    numbers: "407 9 41 730 627 450 310 1000 971 234 527 634",
  }),
  leak(10253, 30, {
    layout: region(0, 23, { pad: 1 }),
    filler: "12:03 INFO ",
    behind: " 漢字",
    numbers: "813 829 589 999 161 309 992 1 7 26 848 715",
  }),
  leak(17725, 31, {
    layout: region(0, 19, { pad: 1 }),
    filler: "日本語 ",
    numbers: "1 993 181 89 524 360 921 598 745 6 992 889",
  }),
  leak(17674, 12, {
    layout: region(30, 21, { pad: 1, beside: 20 }),
    pieces: "characters",
    disguise: "wrong first",
    later: ["move lines"],
    alternate: true,
    filler: "................. ",
    numbers: "92 762 752 654 128 484 993 693 127 343 564 381",
  }),
  leak(24238, 1, {
    layout: stream(17, 24),
    pieces: "some",
    later: ["nothing", "move lines", "resize"],
    filler: "日本語 ",
    numbers: "994 885 877 432 684 317 165 6 330 4 89 52",
  }),
  leak(25005, 0, {
    layout: stream(17, 5),
    pieces: "characters",
    later: ["resize", "resize"],
    alternate: true,
    filler: "12:03 INFO ",
    behind: " # done",
    numbers: "654 252 340 3 441 150 239 650 622 598 3 209",
  }),
  leak(24837, 24, {
    layout: region(1, 17),
    pieces: "some",
    alternate: true,
    filler: "12:03 INFO ",
    behind: " # done",
    numbers: "1 3 493 911 85 986 6 9 547 894 6 85",
  }),
  leak(41925, 26, {
    layout: region(0, 16, { sides: true }),
    pieces: "some",
    disguise: "wrong first",
    later: ["alternate", "retype", "retype"],
    alternate: true,
    filler: "日本語 ",
    numbers: "526 815 934 15 112 994 8 1 71 224 4 998",
  }),
  leak(40702, 19, {
    layout: stream(11, 15),
    pieces: "some",
    later: ["scroll", "retype", "resize"],
    alternate: true,
    filler: "................. ",
    behind: " | less",
    numbers: "185 265 570 635 470 5 1 955 997 218 600 825",
  }),
  leak(49072, 22, {
    layout: region(30, 35, { pad: 1, sides: true, beside: 20 }),
    pieces: "shuffled",
    disguise: "combining",
    filler: "$ ",
    numbers: "641 414 610 485 788 832 0 830 524 70 982 3",
  }),
  leak(56387, 26, {
    layout: stream(11, 12),
    pieces: "shuffled",
    disguise: "colours",
    later: ["nothing", "retype", "nothing"],
    alternate: true,
    filler: "# ",
    behind: " # done",
    numbers: "77 212 1000 460 968 374 780 293 499 9 429 230",
  }),
  leak(55676, 19, {
    layout: stream(17, 20),
    later: ["resize"],
    behind: " | less",
    numbers: "4 998 6 594 83 877 989 689 998 7 4 949",
  }),
  leak(7136293, 26, {
    layout: region(0, 37, { pad: 1 }),
    pieces: "some",
    disguise: "wrong first",
    later: ["nothing", "nothing"],
    filler: "................. ",
    behind: " # done",
    numbers: "255 123 663 994 998 213 56 196 1 665 932 564",
  }),
];
