"""Holds a running server to the contract.

schemathesis sends what openapi.yaml allows and what it forbids, to every operation, with every check that it has, and
fails on any answer that the contract does not describe. Afterwards the server must still be ready and its log empty of
failures.

Usage: check_server.py PATH-OF-OWP-SERVER [schemathesis options]
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

CONTRACT = Path(__file__).resolve().parent / "openapi.yaml"
CONFIG = CONTRACT.with_name("schemathesis.toml")
START_WITHIN_S = 20


def main(server: str, options: list[str]) -> int:
    admin_token = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w") as errors:
            command = [server, "--port", "0", "--db", f"{folder}/pool.db", "--log", "error"]
            # It asks far more often than anybody may. Without a secret no webhook would be looked at.
            environment = {**os.environ, "OWP_ADMIN_TOKEN": admin_token, "OWP_RATE_LIMIT": "off"}
            environment["GITHUB_WEBHOOK_SECRET"] = secrets.token_urlsafe(24)
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        try:
            url = start_line(process).split(" is ready at ")[1].strip()
            failed = check(url, admin_token, options, folder)
            call(url + "/readyz", {})
        finally:
            process.terminate()
            ended = process.wait(timeout=START_WITHIN_S)
        logged = log.read_text()
    if logged or ended:
        print(f"error: the server ended with {ended} and logged:\n{logged}", file=sys.stderr)
    return failed or ended or (1 if logged else 0)


def start_line(process: subprocess.Popen) -> str:
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        line = process.stdout.readline()
        if " is ready at " in line:
            return line
    raise SystemExit("error: the server did not start")


def check(url: str, admin_token: str, options: list[str], folder: str) -> int:
    """Prepares what the contract's examples name, then lets schemathesis loose, with its caches in a folder that goes."""
    admin = {"X-Admin-Token": admin_token}
    call(url + "/v1/admin/repos", admin, {"repo": "owner/repo", "max_open_prs": 100})
    worker = call(url + "/v1/workers/register", {}, {"name": "checker"})
    schemathesis = Path(sys.executable).absolute().with_name("schemathesis")
    command = [schemathesis, "--config-file", CONFIG, "run", CONTRACT, "--url", url, "--checks", "all", *options]
    command += ["-H", f"X-Admin-Token: {admin_token}", "-H", f"Authorization: Bearer {worker['token']}"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "yaml_bodies", "PYTHONPATH": str(CONTRACT.parent)}
    return subprocess.run(command, cwd=folder, env=environment).returncode


def call(url: str, headers: dict[str, str], body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {**headers, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=START_WITHIN_S) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
