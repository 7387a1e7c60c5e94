"""Connects a channel that knows people by number, such as WhatsApp, with Switchboard. Needs Python 3.10 and nothing else.

Answers go to CHANNEL_URL as {"id", "to", "text"}; it answers {"id"}, and takes the same id again for the same message. The channel
calls /inbound with {"id", "from", "name", "text"}, and /status with {"id", "status"}: the id of a send, and delivered or read.
"""

import http.client
import json
import os
import queue
import sqlite3
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor, wait
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

URL, KEY, CHANNEL = (os.environ[name] for name in ("SWITCHBOARD_URL", "SWITCHBOARD_KEY", "CHANNEL_URL"))
PREFIX = "wa:"  # marks the contacts of this channel, and their conversations

FOLLOW = """subscription($after: Cursor, $from: LogPlace) { eventLog(filter: {records: [MESSAGE]}, after: $after, from: $from) {
  cursor message { id body author { __typename } } conversation { contact { externalId } } } }"""
NEWEST = "{ eventLog(last: 0) { newest } }"
POST = """mutation($input: PostMessageInput!) { postMessage(input: $input) { message { id } userErrors { code message } } }"""
START = """mutation($input: StartLivechatInput!) { startLivechat(input: $input) { conversation { id } userErrors { code message } } }"""
MARK = {
    "delivered": "mutation($id: ID!) { markDelivered(input: {messageId: $id}) { userErrors { code message } } }",
    "read": "mutation($id: ID!) { markRead(input: {messageId: $id}) { userErrors { code message } } }",
}


class State:
    """Keeps where the log was read up to, and the channel's id of each message, so that a restart sends nothing twice."""
    def __init__(self, path):
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, check_same_thread=False)
        # No wait for the disk at each message: after a power cut the last are sent again, with the same ids.
        self.db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                              "CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, place TEXT);"
                              "CREATE TABLE IF NOT EXISTS sent (message TEXT PRIMARY KEY, channel TEXT UNIQUE)")

    def ask(self, statement, *values):
        with self.lock, self.db:
            row = self.db.execute(statement, values).fetchone()
            return row[0] if row else None

    def place(self):
        """Where the subscription goes on: at first behind the newest record of now, so that old messages are not sent."""
        kept = self.ask("SELECT place FROM place")
        return json.loads(kept) if kept else self.passed({"from": {"sequence": str(int(ask(NEWEST, {})["newest"]) + 1)}})

    def passed(self, place):
        self.ask("INSERT OR REPLACE INTO place VALUES (1, ?)", json.dumps(place))
        return place


def post(url, body, headers):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def ask(query, variables):
    return root(post(URL, {"query": query, "variables": variables}, {"Authorization": "Bearer " + KEY}))


def root(answer):
    if answer.get("errors"):
        raise RuntimeError(answer["errors"][0]["message"])
    return next(iter(answer["data"].values()))


def act(mutation, variables):
    """Returns the codes of why nothing was done; empty for a success. What ask raises can be tried again."""
    return [e["code"] for e in ask(mutation, variables)["userErrors"]]


def inbound(state, said):
    """Passes on a message of the person. The channel may repeat it: its id makes that harmless."""
    who = PREFIX + said["from"]
    message = {"conversationExternalId": who, "externalId": said["id"], "author": {"contact": True}, "body": said["text"]}
    codes = act(POST, {"input": message})
    if codes == ["NOT_FOUND"]:
        contact = {"externalId": who, "name": said.get("name"), "phone": said["from"], "phoneVerified": True}
        return act(START, {"input": {"externalId": who, "channel": "whatsapp", "contact": contact}}) or act(POST, {"input": message})
    return codes


def status(state, told):
    """Passes on a receipt. One for a later message covers the earlier ones of its conversation."""
    message = state.ask("SELECT message FROM sent WHERE channel = ?", told["id"])
    return act(MARK[told["status"]], {"id": message}) if message and told["status"] in MARK else []


def outbound(state, to, messages):
    """Sends messages to a person, in their order and each once."""
    for message in messages:
        if not state.ask("SELECT 1 FROM sent WHERE message = ?", message["id"]):
            sent = post(CHANNEL, {"id": message["id"], "to": to, "text": message["body"]}, {})
            state.ask("INSERT INTO sent VALUES (?, ?)", message["id"], sent["id"])


def by_person(items):
    """Returns the messages that the channel has to send, for each number."""
    out = {}
    for item in items:
        message, to = item["message"], ((item["conversation"] or {}).get("contact") or {}).get("externalId") or ""
        if message and message["author"]["__typename"] not in ("Contact", "SystemActor") and to.startswith(PREFIX):
            out.setdefault(to.removeprefix(PREFIX), []).append(message)
    return out


def send(state, waiting):
    """Sends what was read, to some people at a time, and passes it once all of it is sent."""
    with ThreadPoolExecutor(8) as pool:
        while True:
            batch = [waiting.get()]
            while len(batch) < 100 and not waiting.empty():
                batch.append(waiting.get())
            until_done(lambda: send_batch(state, pool, batch))


def send_batch(state, pool, batch):
    sending = [pool.submit(outbound, state, to, messages) for to, messages in by_person(batch).items()]
    wait(sending)  # all of them, so that a repeat meets none of these
    for one in sending:
        one.result()
    state.passed({"after": batch[-1]["cursor"]})


def until_done(do):
    pause = 0.1
    while True:
        try:
            return do()
        except Exception as why:  # the channel, or a full disk: what was sent is not sent again
            print("not sent:", why, flush=True)
        time.sleep(pause)
        pause = min(2 * pause, 10)


def follow(place):
    """Yields the log's records behind a place until the connection ends; what the server refuses is raised."""
    at = urllib.parse.urlsplit(URL)
    opened = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
    connection = opened(at.netloc, timeout=60)  # the server says something each few seconds
    headers = {"Authorization": "Bearer " + KEY, "Content-Type": "application/json", "Accept": "text/event-stream"}
    try:
        connection.request("POST", at.path, json.dumps({"query": FOLLOW, "variables": place}), headers)
        stream = connection.getresponse()
        for line in until_cut(stream) if stream.status == 200 else [b"data:" + stream.read()]:
            if line.startswith(b"data:") and line[5:].strip():
                yield root(json.loads(line[5:]))
    finally:
        connection.close()


def until_cut(stream):
    try:
        yield from stream
    except (OSError, http.client.HTTPException):
        pass  # as if the server had ended it


def read(state, waiting):
    """Follows the log for ever. It goes on at once after a cut, and with longer and longer pauses while it is refused."""
    place, pause = None, 0.1
    while True:
        try:
            place = place or state.place()
            for item in follow(place):
                waiting.put(item)  # waits while there is enough to send
                place = {"after": item["cursor"]}
            pause = 0.1
        except Exception as why:  # whatever it was, the log is there when it is over
            print("the log was not followed:", why, flush=True)
        time.sleep(pause)
        pause = min(2 * pause, 10)


def main():
    state = State(os.environ.get("BRIDGE_STATE", "bridge.db"))
    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            pass_on = {"/inbound": inbound, "/status": status}[self.path]
            try:
                codes = pass_on(state, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(422 if codes else 200)
            except Exception as why:  # the channel sends it again
                print("not passed on:", why, flush=True)
                self.send_response(503)
            self.end_headers()

    waiting = queue.Queue(200)
    for work in (read, send):
        threading.Thread(target=work, args=(state, waiting), daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("BRIDGE_PORT", "8090"))), Door).serve_forever()


if __name__ == "__main__":
    main()
