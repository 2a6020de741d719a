/**
 * A base runtime for `deno compile` from the npm registry alone.
 *
 * `deno compile` needs a runtime without the tools ("denort") of exactly its own version, and fetches it from a host
 * that not every build machine can reach. The npm package `@vltpkg/cli-linux-x64@0.0.0-18` is a program compiled
 * with Deno 2.4.2: its first part, up to the end of the ELF section table, is that runtime, unchanged. Deno 2.4.2
 * itself is on npm too. Only for Linux on x86-64.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";

/** The two programs a compile needs. */
export interface BaseRuntime {
  /** Deno 2.4.2. */
  readonly deno: string;
  /** The runtime that becomes the first part of a compiled program; goes into `DENORT_BIN`. */
  readonly denort: string;
}

interface Package {
  readonly name: string;
  readonly version: string;
  /** The file wanted from it. */
  readonly file: string;
  /** SHA-512 of the tarball, as the registry states it. */
  readonly integrity: string;
}

const DENO: Package = {
  name: "@deno/linux-x64-glibc",
  version: "2.4.2",
  file: "package/deno",
  integrity:
    "sha512-LzDLyrROm2oxt2g8sjG6niYWaZas/HLBk4Ns5qEhf2bGaDr8Lcq24VTnThZLepLUKt8cTfT3NGX3MZZWKwSVmA==",
};

const COMPILED_PROGRAM: Package = {
  name: "@vltpkg/cli-linux-x64",
  version: "0.0.0-18",
  file: "package/vlt",
  integrity:
    "sha512-eQvsTLNKsoA/sH80Nn1iEKu+Lh24kmbB97dDjhn34py23Xc6+/uI48UNG2k/TQFIcVf7Sckwnrk80L00Hx1eXA==",
};

/** Whether this machine can use {@link baseRuntime}. */
export function supported(): boolean {
  return Deno.build.target === "x86_64-unknown-linux-gnu";
}

/**
 * Fills `dir` (kept between calls) and gives the paths of the two programs.
 *
 * @throws {Error} on another platform, when the registry cannot be reached, or when a package is not the pinned one.
 */
export async function baseRuntime(dir: string): Promise<BaseRuntime> {
  if (!supported()) {
    throw new Error(`Cannot get a base runtime for ${Deno.build.target}: only for x86-64 Linux`);
  }
  dir = resolve(dir);
  const runtime = { deno: join(dir, "deno"), denort: join(dir, "denort") };
  if (await exists(runtime.deno) && await exists(runtime.denort)) return runtime;
  await Deno.mkdir(dir, { recursive: true });
  const work = await Deno.makeTempDir({ dir, prefix: "unpack-" });
  try {
    const [deno, program] = await Promise.all([
      fetchFile(DENO, work),
      fetchFile(COMPILED_PROGRAM, work),
    ]);
    const denort = join(work, "denort");
    await Deno.writeFile(denort, withoutPayload(await Deno.readFile(program)));
    for (const path of [deno, denort]) await Deno.chmod(path, 0o755);
    // Renames, so that two builds at once never see half a file.
    await Deno.rename(deno, runtime.deno);
    await Deno.rename(denort, runtime.denort);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  return runtime;
}

/** The bytes of an ELF file up to the end of its section table; what was appended after it is left out. */
export function withoutPayload(elf: Uint8Array): Uint8Array {
  if (elf.length < 64 || elf[0] !== 0x7f || elf[1] !== 0x45 || elf[4] !== 2 || elf[5] !== 1) {
    throw new Error("Cannot cut the program: it is not a 64-bit little-endian ELF file");
  }
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const table = Number(view.getBigUint64(0x28, true)); // e_shoff
  const end = table + view.getUint16(0x3a, true) * view.getUint16(0x3c, true); // e_shentsize × e_shnum
  if (table === 0 || end > elf.length) {
    throw new Error("Cannot cut the program: it has no section table");
  }
  return elf.subarray(0, end);
}

async function fetchFile(wanted: Package, dir: string): Promise<string> {
  const spec = `${wanted.name}@${wanted.version}`;
  const into = await Deno.makeTempDir({ dir });
  await run("npm", ["pack", "--loglevel=error", "--pack-destination", into, spec], dir);
  const name = `${wanted.name.slice(1).replace("/", "-")}-${wanted.version}.tgz`;
  const tarball = join(into, name);
  const digest = createHash("sha512").update(await Deno.readFile(tarball)).digest("base64");
  if (`sha512-${digest}` !== wanted.integrity) {
    throw new Error(`Cannot use npm package "${spec}": its digest is not the pinned one`);
  }
  await run("tar", ["-xzf", name, wanted.file], into);
  return join(into, wanted.file);
}

async function run(program: string, args: string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    stdout: "null",
    stderr: "piped",
  })
    .output();
  if (!success) {
    throw new Error(
      `Cannot run "${program} ${args.join(" ")}": ${new TextDecoder().decode(stderr).trim()}`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const dir = Deno.args[0];
  if (dir === undefined || Deno.args.length > 1) {
    // deno-lint-ignore no-console
    console.error("usage: deno run -A scripts/denort.ts DIR");
    Deno.exit(2);
  }
  const { deno, denort } = await baseRuntime(dir);
  // deno-lint-ignore no-console
  console.log(`DENORT_BIN=${denort} ${deno} compile …`);
}
