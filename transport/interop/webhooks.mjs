// Verifies deliveries as a receiver with the public library does, and checks that it
// refuses each of them with another body, id or time. webhook/interop_test.go runs it.
import { Webhook } from "standardwebhooks";

let verified = 0;
let refused = 0;
for (const { secret, headers, body } of JSON.parse(process.argv[2])) {
  const webhook = new Webhook(secret);
  webhook.verify(body, headers);
  verified++;
  const later = String(Number(headers["webhook-timestamp"]) + 1);
  const changed = [
    [body.replace("claimed", "closed"), headers],
    [body, { ...headers, "webhook-id": "e2" }],
    [body, { ...headers, "webhook-timestamp": later }],
  ];
  for (const [text, with_] of changed) {
    try {
      webhook.verify(text, with_);
    } catch {
      refused++;
    }
  }
}
console.log(`${verified} verified, ${refused} refused`);
