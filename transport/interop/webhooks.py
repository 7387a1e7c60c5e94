# Verifies deliveries as a receiver with the public library does, and checks that it
# refuses each of them with another body, id or time. webhook/interop_test.go runs it.
import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

verified = refused = 0
for delivered in json.loads(sys.argv[1]):
    webhook = Webhook(delivered["secret"])
    body, headers = delivered["body"], delivered["headers"]
    webhook.verify(body, headers)
    verified += 1
    later = str(int(headers["webhook-timestamp"]) + 1)
    changed = [
        (body.replace("claimed", "closed"), headers),
        (body, {**headers, "webhook-id": "e2"}),
        (body, {**headers, "webhook-timestamp": later}),
    ]
    for text, with_ in changed:
        try:
            webhook.verify(text, with_)
        except WebhookVerificationError:
            refused += 1
print(f"{verified} verified, {refused} refused")
