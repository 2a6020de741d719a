/**
 * HTTP by hand, for requests that no client would make.
 *
 * @module
 */

/** Sends a request to a server, whatever its lines say; resolves to the status of the answer. */
export async function connectTo(server: URL, lines: readonly string[]): Promise<number> {
  const { hostname, port } = server;
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode([...lines, "", ""].join("\r\n")));
  let answer = "";
  for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) answer += text;
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)![1]);
}
