#!/usr/bin/env python3
"""Starts the sample service and the agent on its log, shows what the agent counts, and in the end compares it with the truth.

Ctrl-C (or DEMO_SECONDS=20) stops the service first, waits until the agent has read everything, compares, and stops the agent.
Exits 1 when a value differs.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = re.compile(r"^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
PATIENCE = 30


class Page:
    """The agent's /metrics, read once."""

    def __init__(self, text):
        self.samples = []
        for line in text.splitlines():
            match = SAMPLE.match(line)
            if match:
                self.samples.append((match[1], dict(LABEL.findall(match[2] or "")), float(match[3])))

    def value(self, name, **labels):
        """The sum of the matching samples, None when there is none."""
        found = [value for each, carried, value in self.samples if each == name and labels.items() <= carried.items()]
        return sum(found) if found else None


def fetch(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        return body if response.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def scrape(port):
    text = fetch(port, "/metrics")
    return Page(text) if text is not None else None


class Demo:
    def __init__(self, options):
        self.port = options.port
        self.seconds = options.seconds
        self.directory = os.path.abspath(options.directory)
        self.binary = os.path.abspath(options.binary)
        self.children = []
        self.stopped = False
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def start(self, command, output):
        # In a session of its own, so that a Ctrl-C in the terminal reaches only this program, which knows the right order.
        with open(output, "ab") as file:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                env={**os.environ, "DEMO_DIR": self.directory, "DEMO_PORT": str(self.port)},
            )
        self.children.append(child)
        return child

    def run(self):
        configuration = os.path.join(HERE, "outrider.yml")
        self.agent = self.start([self.binary, "run", "--config", configuration], self.path("agent.log"))
        self.await_ready()
        self.service = self.start(
            [sys.executable, os.path.join(HERE, "sample_service.py")]
            + ["--log", self.path("service.log"), "--truth", self.path("truth.json")],
            self.path("service.out"),
        )
        self.explain()
        self.watch()
        return self.compare(self.stop_service())

    def await_ready(self):
        deadline = time.monotonic() + PATIENCE
        while fetch(self.port, "/-/ready") is None:
            if self.agent.poll() is not None:
                raise SystemExit(f"demo: the agent ended with {self.agent.returncode}:\n{self.tail('agent.log')}")
            if time.monotonic() > deadline:
                raise SystemExit(f"demo: the agent is not ready after {PATIENCE} s:\n{self.tail('agent.log')}")
            time.sleep(0.05)

    def tail(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-20:])

    def explain(self):
        shown = os.path.relpath(self.directory)
        print(
            f"""
A sample service writes {shown}/service.log and rotates it every few seconds; the agent turns it into metrics.

  what the agent says   curl -s http://127.0.0.1:{self.port}/metrics | grep demo_
  what it reads         tail -F {shown}/service.log
  what it was told      packaging/demo/outrider.yml
  what it logs          {shown}/agent.log
  kill it, if you like  kill -9 {self.agent.pid}   (it is started again, and the values go on)

{'It stops by itself.' if self.seconds else 'Ctrl-C stops both and compares the metrics with what the service has really written.'}
""",
            flush=True,
        )

    def watch(self):
        end = time.monotonic() + self.seconds if self.seconds else None
        next_line = time.monotonic() + 2
        while not self.stopped and (end is None or time.monotonic() < end):
            if self.service.poll() is not None:
                raise SystemExit(f"demo: the service ended with {self.service.returncode}:\n{self.tail('service.out')}")
            self.restart_killed_agent()
            if time.monotonic() >= next_line:
                next_line += 2
                self.show(scrape(self.port))
            time.sleep(0.05)

    def restart_killed_agent(self):
        status = self.agent.poll()
        if status is None:
            return
        if status != -signal.SIGKILL:
            raise SystemExit(f"demo: the agent ended with {status}:\n{self.tail('agent.log')}")
        print("  the agent was killed; it is started again", flush=True)
        configuration = os.path.join(HERE, "outrider.yml")
        self.agent = self.start([self.binary, "run", "--config", configuration], self.path("agent.log"))
        self.await_ready()

    def show(self, page):
        if page is None:
            return
        parts = [
            ("lines", page.value("outrider_consumer_lines_total")),
            ("submissions", page.value("demo_submissions_total")),
            ("errors", page.value("demo_errors_total")),
            ("prediction", page.value("demo_prediction")),
            ("rejected", page.value("outrider_values_rejected_total", metric="demo_prediction") or 0),
            ("balance", page.value("demo_wallet_balance")),
        ]
        rotations = sum(1 for name in os.listdir(self.directory) if name.startswith("service.log."))
        line = "  ".join(f"{name} {shown(value):>7}" for name, value in parts)
        print(f"  {line}  rotated files {rotations}", flush=True)

    def stop_service(self):
        print("\nThe service is stopped first; the agent reads on to the end.", flush=True)
        self.service.send_signal(signal.SIGINT)
        self.service.wait(timeout=PATIENCE)
        with open(self.path("truth.json"), encoding="utf-8") as file:
            truth = json.load(file)
        deadline = time.monotonic() + PATIENCE
        page = scrape(self.port)
        while time.monotonic() < deadline:
            page = scrape(self.port) or page
            if page and (page.value("outrider_consumer_lines_total") or 0) >= truth["lines"]:
                break
            time.sleep(0.05)
        self.agent.send_signal(signal.SIGTERM)
        self.agent.wait(timeout=PATIENCE)
        return truth, page

    def compare(self, result):
        truth, page = result
        if page is None:
            raise SystemExit("demo: the agent did not answer the last scrape")
        rows = [
            ("lines read", truth["lines"], page.value("outrider_consumer_lines_total")),
            ("demo_submissions_total", truth["submissions"], page.value("demo_submissions_total")),
            ("demo_confirmations_total", truth["confirmations"], page.value("demo_confirmations_total")),
            ("demo_errors_total", truth["errors"], page.value("demo_errors_total")),
            ("demo_criticals_total", truth["criticals"], page.value("demo_criticals_total")),
            ("demo_tracebacks_total", truth["tracebacks"], page.value("demo_tracebacks_total")),
            ("demo_heartbeats_total", truth["heartbeats"], page.value("demo_heartbeats_total")),
            ("demo_prediction", truth["prediction"], page.value("demo_prediction")),
            ("demo_wallet_balance", truth["balance"], page.value("demo_wallet_balance", denom="allo")),
            (
                "predictions rejected",
                truth["predictions_rejected"],
                page.value("outrider_values_rejected_total", metric="demo_prediction"),
            ),
        ]
        for name, count in sorted(truth["exceptions"].items()):
            rows.append((f"demo_exceptions_total {name}", count, page.value("demo_exceptions_total", exception=name)))
        print(f"\n{'':38} {'truth':>10} {'metrics':>10}")
        differing = 0
        for name, expected, found in rows:
            # A counter that nothing has touched may be absent; a gauge without a value must be.
            equal = found == expected or (not expected and not found)
            differing += not equal
            print(f"{name:38} {shown(expected):>10} {shown(found):>10}  {'equal' if equal else 'DIFFERENT'}")
        print(f"\n{'Every value agrees.' if not differing else f'{differing} of {len(rows)} values differ.'}")
        return 1 if differing else 0

    def end(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.kill()
                child.wait()


def shown(value):
    return "-" if value is None else f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--directory", default=".build/demo", help="emptied at the start")
    parser.add_argument("--port", type=int, default=int(os.environ.get("DEMO_PORT", "9817")))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("DEMO_SECONDS", "0")))
    demo = Demo(parser.parse_args())

    def stop(*_):
        demo.stopped = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        return demo.run()
    finally:
        demo.end()


if __name__ == "__main__":
    sys.exit(main())
