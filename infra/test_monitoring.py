"""Holds the alarms and the dashboard to a running server.

promtool looks at the rules, tries them on made-up figures and looks at what the server shows; and every metric that a rule
or the dashboard names must be among that, with every label that it is asked for. Otherwise an alarm would be silent for ever.

Usage: test_monitoring.py PATH-OF-OWP-SERVER PATH-OF-PROMTOOL
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
SERVER, PROMTOOL = (str(Path(path).absolute()) for path in sys.argv[1:3])
START_WITHIN_S = 20
# Only a server with a replica has this one.
ELSEWHERE = {"owp_replica_lag_seconds"}
# Prometheus adds these to every series that it reads.
OF_PROMETHEUS = {"instance", "job"}
ADMIN_TOKEN = secrets.token_urlsafe(24)


def shown() -> str:
    """What a server shows after a task was given, and a call each that waits, fails and is refused."""
    with tempfile.TemporaryDirectory() as folder:
        command = [SERVER, "--port", "0", "--db", f"{folder}/pool.db", "--log", "error"]
        environment = {**os.environ, "OWP_ADMIN_TOKEN": ADMIN_TOKEN, "OWP_SWEEP_INTERVAL_S": "1"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        try:
            url = process.stdout.readline().split(" is ready at ")[1].strip()
            admin = {"X-Admin-Token": ADMIN_TOKEN}
            call(url + "/v1/admin/repos", admin, {"repo": "demo", "max_open_prs": 3})
            call(url + "/v1/admin/tasks", admin, {"repo": "demo", "title": "A task"})
            worker = call(url + "/v1/workers/register", {}, {"name": "watched"})
            bearer = {"Authorization": f"Bearer {worker['token']}"}
            call(url + "/v1/work", bearer)
            call(url + "/v1/work?wait_s=1", bearer)
            until = time.monotonic() + START_WITHIN_S
            while time.monotonic() < until:
                text = read(url + "/metrics", admin)
                if "owp_sweep_last_success_timestamp_seconds " in text:
                    return text
                time.sleep(0.1)
            raise SystemExit("error: no sweep was told in time")
        finally:
            process.terminate()
            process.wait(timeout=START_WITHIN_S)
            process.stdout.close()


def call(url: str, headers: dict[str, str], body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    return json.loads(read(url, {**headers, "Content-Type": "application/json"}, data))


def read(url: str, headers: dict[str, str], data: bytes | None = None) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=START_WITHIN_S) as answer:
        return answer.read().decode()


def promtool(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, **options)


def series_of(text: str) -> dict[str, set[str]]:
    """Names of metrics as they are asked for, each with the names of its labels."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        match = re.match(r"([a-z_]+)(\{(.*)\})? ", line)
        if match and not line.startswith("#"):
            found.setdefault(match[1], set()).update(re.findall(r"([a-z_]+)=\"", match[3] or ""))
    return found


def asked_by(expression: str) -> dict[str, set[str]]:
    """The same of an expression, as far as its selectors say."""
    found: dict[str, set[str]] = {}
    for name, _, labels in re.findall(r"\b(owp_[a-z_]+)(\{([^}]*)\})?", expression):
        found.setdefault(name, set()).update(re.findall(r"([a-z_]+)\s*[=!]~?=?\s*\"", labels))
    return found


def rules() -> list[dict]:
    groups = yaml.safe_load((HERE / "prometheus/alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> dict[str, str]:
    """Each expression, by where it stands."""
    panels = json.loads((HERE / "grafana/dashboard.json").read_text())["panels"]
    of_panels = {
        f"the panel {panel['title']}, {target['refId']}": target["expr"]
        for panel in panels
        for target in panel.get("targets", [])
    }
    return {**of_panels, **{f"the alarm {rule['alert']}": rule["expr"] for rule in rules()}}


def unknown(known: dict[str, set[str]], asked: dict[str, str]) -> list[str]:
    wrong = []
    for place, expression in asked.items():
        for name, labels in asked_by(expression).items():
            if name not in known and name not in ELSEWHERE:
                wrong.append(f"{place} asks for {name}, which the server does not show")
            elif name not in ELSEWHERE and not labels <= known[name] | OF_PROMETHEUS:
                wrong.append(f"{place} asks {name} for {labels - known[name] - OF_PROMETHEUS}, which it does not have")
    return wrong


class Monitoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shown = shown()

    def test_promtool_finds_nothing_to_say_about_the_metrics(self):
        checked = promtool("check", "metrics", input=self.shown)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_promtool_accepts_the_rules_and_the_configuration(self):
        for arguments in (["check", "rules", "alerts.yaml"], ["check", "config", "--syntax-only", "prometheus.yaml"]):
            checked = promtool(*arguments, cwd=HERE / "prometheus")
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_each_alarm_is_raised_by_its_figures_and_by_no_others(self):
        checked = promtool("test", "rules", "alerts_test.yaml", cwd=HERE / "prometheus")
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        tests = yaml.safe_load((HERE / "prometheus/alerts_test.yaml").read_text())["tests"]
        raised = {case["alertname"] for test in tests for case in test["alert_rule_test"] if "exp_alerts" in case}
        self.assertEqual(raised, {rule["alert"] for rule in rules()})

    def test_every_metric_that_is_asked_for_is_shown(self):
        self.assertEqual(unknown(series_of(self.shown), expressions()), [])
        self.assertGreater(len(expressions()), 30)

    def test_every_alarm_and_every_metric_is_explained(self):
        guide = (HERE.parent / "docs/operating.md").read_text()
        base = {re.sub("_(bucket|sum|count)$", "", name) for name in series_of(self.shown)}
        words = base | ELSEWHERE | {rule["alert"] for rule in rules()}
        self.assertEqual(sorted(word for word in words if f"`{word}`" not in guide), [])

    def test_a_metric_or_label_that_is_not_there_would_be_noticed(self):
        known = {"owp_tasks": {"state"}}
        asked = {"a panel": 'sum(owp_tasks{color="red", instance=~".*"}) + owp_nonsense_total'}
        self.assertEqual(len(unknown(known, asked)), 2)

    def test_a_metric_with_a_bad_name_would_be_noticed(self):
        self.assertNotEqual(promtool("check", "metrics", input="# TYPE owp_calls counter\nowp_calls 1\n").returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
