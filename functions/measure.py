"""Measures the functions as Lambda would run them, and prints a table beside the goals.

It is a little of Lambda itself: it starts a function, answers its calls of the runtime API on the loopback address, and
stops the time from the start of the process to the first request for work, and from handing an invocation over to
having its answer. Each function is sent the call that the contract shows, with an admin token and a worker's token.

Usage: measure.py FOLDER-OF-FUNCTIONS [NAME ...]

Each function has a fresh libSQL file, unless OWP_DYNAMODB_TABLE names a table for all of them.
"""

import base64
import json
import os
import re
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

import yaml

CONTRACT = Path(__file__).resolve().parent.parent / "protocol/openapi.yaml"
SCHEDULED = "expire-leases"
BYTES_MAX = 15_000_000
READY_MS_MAX = 100
STARTS = 7
WARM_CALLS = 50
PATIENCE_S = 30
ADMIN_TOKEN = "the admin token of measurements"
# What makes ready what the others are asked about, and what they are asked about without it.
PREPARED_BY = ("put-repo", "create-task", "register-worker", "fetch-work")
NOBODY = {"token": "none", "worker_id": "w_none", "task_id": "t_none", "lease_id": "l_none", "offer_id": "o_none"}


class Function:
    """A function in a process of its own, and the connection on which it asks for work."""

    def __init__(self, program: Path, environment: dict[str, str]):
        self.listener = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        # The program is in memory as it is after an earlier start; Lambda has its own ways to bring it there.
        self.log = tempfile.TemporaryFile()
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [program],
            env={
                **environment,
                "AWS_LAMBDA_RUNTIME_API": address,
                "AWS_LAMBDA_FUNCTION_NAME": program.parent.name,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            },
            stdout=self.log,
            stderr=self.log,
        )
        # What came in on each connection. The runtime may use more than one, and waits for work on any of them.
        self.received: dict[socket.socket, bytes] = {}
        self.asking = self.request()[0]
        self.ready_ms = (time.perf_counter() - started) * 1000

    def request(self) -> tuple[socket.socket, str, bytes]:
        """The next request that the function makes: where an answer goes, its path and its body."""
        while True:
            readable, _, _ = select.select([self.listener, *self.received], [], [], PATIENCE_S)
            if not readable:
                self.log.seek(0)
                said = self.log.read().decode()
                raise SystemExit(f"error: {self.process.args[0]} is silent; it said:\n{said}")
            for connection in readable:
                if connection is self.listener:
                    accepted, _ = self.listener.accept()
                    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.received[accepted] = b""
                elif more := connection.recv(1 << 16):
                    self.received[connection] += more
                    if request := whole_request(self.received[connection]):
                        self.received[connection] = b""
                        return connection, *request
                else:
                    del self.received[connection]
                    connection.close()

    def call(self, event: dict) -> tuple[float, dict]:
        """Hands an invocation to the waiting function; milliseconds until its answer was there, and the answer."""
        body = json.dumps(event).encode()
        deadline = int((time.time() + PATIENCE_S) * 1000)
        headers = [
            "HTTP/1.1 200 OK",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"Lambda-Runtime-Aws-Request-Id: {uuid.uuid4()}",
            f"Lambda-Runtime-Deadline-Ms: {deadline}",
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:measured",
            "Lambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        ]
        started = time.perf_counter()
        self.asking.sendall("\r\n".join(headers).encode() + b"\r\n\r\n" + body)
        connection, path, answer = self.request()
        took_ms = (time.perf_counter() - started) * 1000
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        if not path.endswith("/response"):
            raise SystemExit(f"error: {self.process.args[0]} answered at {path}: {answer.decode()}")
        self.asking = self.request()[0]
        return took_ms, json.loads(answer)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for connection in (self.listener, *self.received):
            connection.close()
        self.log.close()


def whole_request(received: bytes) -> tuple[str, bytes] | None:
    """The path and body of a request, once all of it is there. A client sends the next one only after its answer."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return None
    path = head.split(b" ")[1].decode()
    if re.search(rb"transfer-encoding: *chunked", head, re.IGNORECASE):
        return (path, unchunked(body)) if body.endswith(b"0\r\n\r\n") else None
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    return (path, body) if len(body) >= int(length[1] if length else 0) else None


def unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return whole


def calls() -> dict[str, dict]:
    """What each function is sent: the call of the contract, with its first example."""
    contract = yaml.safe_load(CONTRACT.read_text())
    found = {}
    for path, item in contract["paths"].items():
        for method, spec in item.items():
            kebab = re.sub("[A-Z]", lambda capital: "-" + capital[0].lower(), spec["operationId"])
            found[kebab] = {"method": method.upper(), "path": path, "type": None, "body": None}
            for media, content in spec.get("requestBody", {}).get("content", {}).items():
                example = next(iter(content["examples"].values()))["value"]
                body = example if isinstance(example, str) else json.dumps(example, default=str)
                found[kebab] |= {"type": media, "body": body}
                break
    return found


def event(call: dict, ids: dict[str, str]) -> dict:
    """The call as an HTTP API hands it over, in its second format."""
    path = re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], call["path"])
    query = urlencode({"worker_id": ids["worker_id"]}) if path == "/v1/work/explain" else ""
    headers = {"host": "measured", "x-admin-token": ADMIN_TOKEN, "authorization": f"Bearer {ids['token']}"}
    if call["type"]:
        headers["content-type"] = call["type"]
    http = {"method": call["method"], "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    context = {"accountId": "0", "apiId": "measured", "domainName": "measured", "domainPrefix": "measured"}
    context |= {"http": http, "requestId": "measured", "routeKey": f"{call['method']} {call['path']}"}
    context |= {"stage": "$default", "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1767225600000}
    whole = {"version": "2.0", "routeKey": context["routeKey"], "rawPath": path, "rawQueryString": query}
    whole |= {"headers": headers, "requestContext": context, "isBase64Encoded": False}
    return whole | ({"body": call["body"]} if call["body"] is not None else {})


def once(program: Path, environment: dict[str, str], sent: dict) -> dict:
    """One call, for what it does; its answer."""
    function = Function(program, environment)
    try:
        answer = function.call(sent)[1]
    finally:
        function.stop()
    body = answer.get("body") or "{}"
    return json.loads(base64.b64decode(body) if answer.get("isBase64Encoded") else body)


def prepare(folder: Path, environment: dict[str, str], all_calls: dict[str, dict]) -> dict[str, str]:
    """A repository, a worker and a task that it holds, so that calls have something to do."""
    ids = dict(NOBODY)
    run = lambda name, call: once(folder / name / "bootstrap", environment, event(call, ids))
    with_body = lambda name, body: all_calls[name] | {"type": "application/json", "body": json.dumps(body)}
    run("put-repo", with_body("put-repo", {"repo": "owner/repo", "max_open_prs": 100}))
    task = run("create-task", with_body("create-task", {"repo": "owner/repo", "title": "Measured"}))
    ids |= {"task_id": task["task_id"]}
    worker = run("register-worker", with_body("register-worker", {"name": "measuring"}))
    ids |= {"worker_id": worker["worker_id"], "token": worker["token"]}
    work = run("fetch-work", all_calls["fetch-work"])
    return ids | {"lease_id": work["leases"][0]["lease_id"]}


def measure(program: Path, environment: dict[str, str], sent: dict) -> dict:
    ready = []
    for _ in range(STARTS):
        function = Function(program, environment)
        ready.append(function.ready_ms)
        if len(ready) < STARTS:
            function.stop()
    first_ms, answer = function.call(sent)
    warm = [function.call(sent)[0] for _ in range(WARM_CALLS)]
    function.stop()
    return {
        "bytes": program.stat().st_size,
        "ready_ms": statistics.median(ready),
        "first_ms": first_ms,
        "warm_ms": statistics.median(warm),
        "answer": answer.get("statusCode", "done"),
    }


def main(folder: Path, names: list[str]) -> int:
    built = sorted(path.parent.name for path in folder.glob("*/bootstrap"))
    names = names or built
    if not names or not set(names) <= set(built):
        lacking = ", ".join(sorted(set(names) - set(built))) or "functions"
        print(f"error: {folder} has no {lacking}; build them first", file=sys.stderr)
        return 1
    if lacking := sorted(set(PREPARED_BY) - set(built)):
        print(f"not built, so most calls are refused: {', '.join(lacking)}", file=sys.stderr)
    all_calls = calls()
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "OWP_ADMIN_TOKEN": ADMIN_TOKEN, "OWP_JWT_SECRET": "x" * 40, "OWP_LOG": "warn"}
        row = "{:<20} {:>9} {:>10} {:>12} {:>11}  {}".format
        print(row("function", "size", "ready", "first call", "warm call", "answer"))
        missed = []
        for name in names:
            if not environment.get("OWP_DYNAMODB_TABLE"):
                environment |= {"OWP_DB_PATH": f"{scratch}/{name}.db"}
            ids = NOBODY if lacking else prepare(folder, environment, all_calls)
            sent = {} if name == SCHEDULED else event(all_calls[name], ids)
            found = measure(folder / name / "bootstrap", environment, sent)
            times = [f"{found[key]:.1f} ms" for key in ("ready_ms", "first_ms", "warm_ms")]
            print(row(name, f"{found['bytes'] / 1e6:.1f} MB", *times, found["answer"]), flush=True)
            if found["bytes"] > BYTES_MAX or found["ready_ms"] > READY_MS_MAX:
                missed.append(name)
    print(f"medians of {STARTS} starts and {WARM_CALLS} warm calls")
    print(f"goals: {BYTES_MAX / 1e6:.0f} MB, ready in {READY_MS_MAX} ms")
    if missed:
        print(f"error: over the goals: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
