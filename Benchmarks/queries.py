"""The rows of the history and of queries: the store's memory and speed, and the engine beside a real Prometheus.

The driver (Benchmarks/Queries) makes the same samples for both, and evaluates what it has parsed once. Prometheus evaluates the expressions as recording rules, so that
neither HTTP nor JSON is in its figure: CPU seconds of the whole process for each evaluation of the group, and what it says of the
duration itself (prometheus_rule_group_last_duration_seconds), which is without the work of its garbage collector's threads.
"""

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse

# Seconds between two evaluations of a group; the heavy one must fit.
INTERVAL = 3


def driver_values(command):
    """Lines of a name and a value."""
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split(" ", 1) for line in output.splitlines()]


def measure_store(bench, driver):
    found = {name: float(value) for name, value in driver_values([driver, "store"])}
    samples = found["samples"]
    load = "10,000 series, 6 h at 15 s"
    bench.note(
        f"history, {load}",
        f"{found['bytes'] / 2**20:.1f} MiB ({found['bytes'] / samples:.2f} bytes a sample, all included)",
        "32 MiB, or what does fit",
    )
    bench.note(f"history, {load}, by kind", kinds(found), "about 2 bytes")
    bench.note(f"history, {load}, resident", f"{found['resident'] / 2**20:.1f} MiB")
    hours = found["limited_samples"] / 10_000 * 15 / 3600
    bench.note("history, 10,000 series in the default 32 MiB", f"the last {hours:.1f} h")
    bench.note("history, samples taken", f"{found['samples_per_second'] / 1e6:.1f} million per CPU second")


def kinds(found):
    names = [name for name in found if name.startswith("bytes_of_")]
    return ", ".join(f"{name[9:].replace('_', ' ')} {found[name]:.2f} bytes" for name in names)


def measure_engine(bench, driver):
    start = int(time.time()) - 25 * 60
    found = driver_values([driver, "evaluate", str(start)])
    ours = {name: float(value) for name, value in found if name != "answer"}
    answers = [value.split(" ", 2) for name, value in found if name == "answer"]
    bench.note("`sum by (x) (rate(m[5m]))` over 10,000 series", f"{ours['all_seconds'] * 1000:.1f} ms of CPU")
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        for kind, count in (("light", "1,000"), ("heavy", "20")):
            bench.note(f"{count} {kind} expressions", f"{ours[f'{kind}_seconds']:.3f} CPU seconds")
        bench.note("queries, Prometheus", "not measured: prometheus is not installed")
        return
    directory = bench.path("prometheus")
    os.makedirs(directory)
    text = os.path.join(directory, "samples.txt")
    with open(text, "wb") as file:
        subprocess.run([driver, "text", str(start)], check=True, stdout=file)
    blocks = ["promtool", "tsdb", "create-blocks-from", "openmetrics", text, os.path.join(directory, "tsdb")]
    subprocess.run(blocks, check=True, stdout=subprocess.DEVNULL)
    os.remove(text)
    for kind, count, goal, share in (("light", "1,000", "half or less", 2), ("heavy", "20", "a quarter or less", 4)):
        theirs = Prometheus(bench, directory, kind, driver)
        try:
            cpu, duration = theirs.evaluations(4)
            if kind == "heavy":
                theirs.compare(start * 1000 + 25 * 60_000 + 777, answers)
        finally:
            theirs.stop()
        mine = ours[f"{kind}_seconds"]
        bench.note(
            f"{count} {kind} expressions",
            f"{mine:.3f} CPU seconds; Prometheus {cpu:.3f} (by its own word {duration:.3f} of a clock): "
            f"{mine / cpu:.0%} ({mine / duration:.0%})",
            goal,
        )


class Prometheus:
    """One with the samples and one group of recording rules."""

    def __init__(self, bench, directory, kind, driver):
        self.kind = kind
        self.port = bench.free_port()
        expressions = subprocess.run(
            [driver, "expressions", kind], check=True, capture_output=True, text=True
        ).stdout.splitlines()
        rules = [{"record": f"{kind}:{number}", "expr": text} for number, text in enumerate(expressions)]
        # JSON is YAML.
        rule_file = os.path.join(directory, f"{kind}.json")
        self.write(rule_file, {"groups": [{"name": kind, "interval": f"{INTERVAL}s", "rules": rules}]})
        configuration = os.path.join(directory, f"{kind}.yml")
        self.write(configuration, {"global": {"evaluation_interval": f"{INTERVAL}s"}, "rule_files": [rule_file]})
        log = open(os.path.join(directory, f"{kind}.log"), "wb")
        command = ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={directory}/tsdb"]
        command += [f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    @staticmethod
    def write(path, content):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read().decode()
            return body if response.status == 200 else None
        except OSError:
            return None
        finally:
            connection.close()

    def state(self):
        """How often the group was evaluated, the CPU seconds so far, and how long the last evaluation took."""
        page = self.get("/metrics") or ""

        def value(name):
            found = re.search(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", page, re.MULTILINE)
            return float(found[1]) if found else 0.0

        return (
            int(value("prometheus_rule_group_iterations_total")), value("process_cpu_seconds_total"),
            value("prometheus_rule_group_last_duration_seconds"),
        )

    def after(self, iterations):
        """The state as soon as there were so many evaluations."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            state = self.state()
            if state[0] >= iterations and state[2] > 0:
                return state
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit(f"Prometheus does not evaluate the {self.kind} rules; see its log")

    def evaluations(self, count):
        """CPU seconds and clock seconds of one evaluation, once everything has been read from disk."""
        states = [self.after(2)]
        for _ in range(count):
            states.append(self.after(states[-1][0] + 1))
        cpu = (states[-1][1] - states[0][1]) / (states[-1][0] - states[0][0])
        return cpu, statistics.median(state[2] for state in states[1:])

    def compare(self, milliseconds, answers):
        """A fast wrong answer is worth nothing."""
        for ours, _, expression in answers:
            query = urllib.parse.urlencode({"query": f"sum({expression})", "time": f"{milliseconds / 1000:.3f}"})
            reply = json.loads(self.get(f"/api/v1/query?{query}") or "{}")
            result = reply.get("data", {}).get("result", [])
            theirs = float(result[0]["value"][1]) if result else 0.0
            if abs(theirs - float(ours)) > 1e-9 * max(1.0, abs(theirs)):
                sys.exit(f"{expression} comes to {ours} here and to {theirs} in Prometheus")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
