import assert from "node:assert/strict";
import { certificateName } from "./client_name.ts";

Deno.test("a certificate's owner is its common name, else its first other name, else its fingerprint", () => {
  const fingerprint256 = "36:E9:AA:C3:77:F7:8B:9F";
  for (
    const [certificate, wanted] of [
      [{ subject: { CN: "Ada" }, subjectaltname: "DNS:x", fingerprint256 }, "Ada"],
      [{ subject: { CN: ["Ada", "Bob"] }, fingerprint256 }, "Ada"],
      [{ subject: { CN: " " }, subjectaltname: "email:ada@x.y, DNS:z" }, "ada@x.y"],
      [{ subject: {}, subjectaltname: "IP Address:192.0.2.7" }, "192.0.2.7"],
      [{ subjectaltname: "URI:spiffe://team/ada" }, "spiffe://team/ada"],
      [{ subject: { CN: [] }, fingerprint256 }, "certificate 36e9aac3"],
      [{}, "certificate"],
      [undefined, "certificate"],
    ] as const
  ) assert.equal(certificateName(certificate as Parameters<typeof certificateName>[0]), wanted);
});
