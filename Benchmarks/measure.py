#!/usr/bin/env python3
"""Measures the agent: throughput beside read + memchr (and mtail where it is installed), the ledger, memory, start and idling.

Throughput is compared within one run, the candidates taking turns, by the CPU seconds (user + system) of the whole process; what
is quoted is the median. Nothing else should be busy on the machine meanwhile.
"""

import argparse
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import patterns
import queries

HERE = os.path.dirname(os.path.abspath(__file__))
SUBMISSION = r"Submission success: prediction=(?<prediction>\S+) balance=(?<balance>\S+) (?<denom>\w+)"

ONE_PATTERN_FOR_MTAIL = r"""counter submissions_total
gauge prediction
/Submission success: prediction=(?P<prediction>-?\d+\.\d+) balance=(?P<balance>\S+) (?P<denom>\w+)/ {
  submissions_total++
  prediction = $prediction
}
"""
GOALS = {"no pattern": "50 % or more", "ten patterns": "800 MB or more"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        return body if response.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def cpu_of_run(command):
    """The CPU seconds and the standard output of a command that must succeed."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE)
        error = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {child.returncode}: {error.decode(errors='replace')[-2000:]}")
        output.seek(0)
        return usage.ru_utime + usage.ru_stime, output.read().decode(errors="replace")


def peak_of_run(command):
    """The most memory, in MiB, that a command had resident; what wait4 says would have this interpreter's in it."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        try:
            # Until it is executed, the child is this interpreter.
            if os.readlink(f"/proc/{child.pid}/exe") == command[0]:
                peak = max(peak, field(f"/proc/{child.pid}/status", "VmHWM"))
        except (OSError, TypeError):
            pass
        time.sleep(0.002)
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    return peak / 1024


def cpu_by_thread(pid):
    """CPU seconds by thread name, in sum over the threads of one name; in nanoseconds from the scheduler, finer than its ticks."""
    seconds = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm", encoding="utf-8", errors="replace") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                seconds[name] = seconds.get(name, 0) + int(file.read().split()[0]) / 1e9
        except FileNotFoundError:
            continue
    return seconds


def field(path, name):
    with open(path, encoding="ascii") as file:
        return int(re.search(rf"^{name}:\s*(\d+)", file.read(), re.MULTILINE)[1])


class Agent:
    """A live agent with a configuration of its own in `directory`."""

    def __init__(self, binary, directory, sources, patterns):
        self.binary = binary
        self.directory = directory
        self.port = free_port()
        self.process = None
        os.makedirs(directory, exist_ok=True)
        self.configuration = configure(directory, sources, patterns, f"127.0.0.1:{self.port}")

    def start(self):
        """Returns the seconds until the first scrape was answered."""
        with open(os.path.join(self.directory, "agent.log"), "ab") as log:
            begin = time.monotonic()
            self.process = subprocess.Popen(
                [self.binary, "run", "--config", self.configuration], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        while get(self.port, "/metrics") is None:
            if self.process.poll() is not None or time.monotonic() - begin > 30:
                self.stop()
                sys.exit(f"the agent does not answer; see {self.directory}/agent.log")
            time.sleep(0.0005)
        return time.monotonic() - begin

    def value(self, name):
        page = get(self.port, "/metrics") or ""
        return sum(float(number) for number in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)", page, re.MULTILINE))

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def configure(directory, sources, patterns, listen, source="start_at: beginning"):
    path = os.path.join(directory, "outrider.yml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("target: {job: bench}\n")
        file.write(f"state_dir: {directory}/state\n")
        file.write(f'http: {{metrics: {{listen: "{listen}"}}}}\n')
        file.write(f'sources: [{{name: app, files: ["{sources}"], {source}}}]\n')
        file.write(patterns)
    return path


def one_pattern():
    return (
        "patterns:\n"
        "  - name: submission\n"
        f"    match: '{SUBMISSION}'\n"
        "    metrics:\n"
        "      - {counter: submissions_total}\n"
        "      - {gauge: prediction, value: $prediction}\n"
    )


def counters(page):
    """The counters, and the counts of histograms, of a page, by name and labels; mtail labels them with its program."""
    found = {}
    for name, labels, value in re.findall(r"^(\w+(?:_total|_ms_count|_seconds_count))(?:\{(.*)\})? (\S+)", page, re.MULTILINE):
        pairs = tuple(sorted(pair for pair in re.findall(r'(\w+)="([^"]*)"', labels) if pair[0] != "prog"))
        found[name, pairs] = float(value)
    return found


class Bench:
    def __init__(self, options):
        self.options = options
        self.binary = os.path.abspath(options.binary)
        self.directory = os.path.abspath(options.directory)
        self.rows = []
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    @staticmethod
    def free_port():
        return free_port()

    def note(self, what, value, goal=""):
        self.rows.append((what, value, goal))
        print(f"  {what}: {value}{f'  (goal {goal})' if goal else ''}", flush=True)

    def make_log(self, mebibytes, name, generator=None):
        generator = generator or os.environ.get("OUTRIDER_BENCH_GENERATOR") or os.path.join(HERE, "make_log.py")
        subprocess.run([sys.executable, generator, str(mebibytes), self.path(name)], check=True)
        return self.path(name)

    # Throughput

    def throughput(self):
        log = self.make_log(self.options.mebibytes, "mixed.log")
        small = self.make_log(min(32, self.options.mebibytes), "small.log")
        baseline = self.path("baseline")
        compiler = next(filter(None, map(shutil.which, ("cc", "clang", "gcc"))), None)
        subprocess.run([compiler, "-O2", "-o", baseline, os.path.join(HERE, "baseline.c")], check=True)
        candidates = {"read + memchr": ([baseline, log], log)}
        configurations = {"no pattern": "", "one pattern": one_pattern(), "ten patterns": patterns.for_outrider(patterns.TEN)}
        for count in (55, 300):
            configurations[f"{count} patterns"] = patterns.for_outrider(patterns.many(count))
        for name, configuration in configurations.items():
            candidates[name] = (self.once(name, log, configuration), log)
        records = self.make_log(self.options.mebibytes, "records.log", os.path.join(HERE, "make_json_log.py"))
        json = self.once("JSON", records, patterns.FOR_JSON, "start_at: beginning, format: json")
        candidates["JSON, three patterns"] = (json, records)
        mtail = shutil.which("mtail")
        if mtail:
            candidates["mtail, one pattern"] = (self.mtail_command(mtail, small, "one", ONE_PATTERN_FOR_MTAIL), small)
            ten = self.mtail_command(mtail, small, "ten", patterns.for_mtail(patterns.TEN))
            candidates["mtail, ten patterns"] = (ten, small)
            self.compare_counters(self.once("ten patterns, small", small, configurations["ten patterns"]), ten)
        speeds = {name: [] for name in candidates}
        ratios = {name: [] for name in candidates}
        for _ in range(self.options.rounds):
            for name, (command, file) in candidates.items():
                seconds, output = cpu_of_run(command)
                speeds[name].append(os.path.getsize(file) / 1e6 / max(seconds, 1e-3))
                ratios[name].append(speeds[name][-1] / speeds["read + memchr"][-1])
                if name in configurations and name != "no pattern":
                    self.verify(output, log)
                elif file == records:
                    self.verify_records(output, records)
        for name in candidates:
            goal = GOALS.get(name, "")
            relative = f", {statistics.median(ratios[name]):.1%} of read + memchr" if name != "read + memchr" else ""
            self.note(f"throughput, {name}", f"{statistics.median(speeds[name]):,.0f} MB per CPU second{relative}", goal)
        if mtail:
            for name in ("one pattern", "ten patterns"):
                pairs = zip(speeds[name], speeds[f"mtail, {name}"])
                goal = "40 times or more" if name == "ten patterns" else ""
                self.note(f"throughput, {name}, beside mtail", f"{statistics.median(a / b for a, b in pairs):.0f} times", goal)
        else:
            self.note("throughput, mtail", "not measured: mtail is not installed")

    def memory(self):
        """Of a run over a log that is much larger than the memory that it may take."""
        log = self.make_log(512, "large.log")
        peak = peak_of_run(self.once("ten patterns, large", log, patterns.for_outrider(patterns.TEN)))
        self.note("peak resident memory, ten patterns on 512 MiB", f"{peak:.1f} MiB", "30 MiB or less")
        os.remove(log)

    def once(self, name, log, configuration, source="start_at: beginning"):
        directory = self.path(re.sub(r"\W+", "-", name))
        os.makedirs(directory)
        path = configure(directory, log, configuration, "127.0.0.1:0", source)
        return [self.binary, "run", "--config", path, "--once"]

    def mtail_command(self, mtail, log, name, text):
        program = self.path(f"{name}.mtail")
        with open(program, "w", encoding="utf-8") as file:
            file.write(text)
        return [mtail, "--progs", program, "--logs", log, "--one_shot", "--one_shot_format", "prometheus"]

    def compare_counters(self, ours, mtails):
        """Both must have counted the same."""
        pages = [counters(cpu_of_run(command)[1]) for command in (ours, mtails)]
        names = {name for name, _ in pages[1]}
        counted = {key: value for key, value in pages[0].items() if key[0] in names}
        different = [key for key in pages[1].keys() | counted.keys() if counted.get(key, 0) != pages[1].get(key, 0)]
        if different or not pages[1]:
            sys.exit(f"the agent and mtail count differently: {sorted(different)[:5]}")
        self.note("counters that are the same as mtail's", f"{len(pages[1])} of {len(pages[1])}")

    def verify(self, output, log):
        """A fast wrong answer is worth nothing."""
        if not hasattr(self, "expected"):
            with open(log, "rb") as file:
                self.expected = sum(block.count(b"Submission success: ") for block in iter(file.readline, b""))
        found = re.search(r"^submissions_total(?:\{.*\})? (\S+)", output, re.MULTILINE)
        if not found or float(found[1]) != self.expected:
            sys.exit(f"{self.expected} submissions were written, the agent says {found[1] if found else 'nothing'}")

    def verify_records(self, output, log):
        if not hasattr(self, "expected_records"):
            with open(log, "rb") as file:
                self.expected_records = sum(b'"level": "error"' in line for line in file)
        found = re.search(r'^record_problems_total\{level="error"\} (\S+)', output, re.MULTILINE)
        if not found or float(found[1]) != self.expected_records:
            sys.exit(f"{self.expected_records} errors were written, the agent says {found[1] if found else 'nothing'}")

    # The ledger, memory

    def ledger(self):
        self.ledger_scraped_every(1)
        self.ledger_scraped_every(15)

    def ledger_scraped_every(self, interval):
        series, rate, seconds = 1_000, 10_000, self.options.seconds
        directory = self.path(f"ledger-{interval}")
        tick = (
            "patterns:\n  - name: tick\n    match: 'key=(?<key>\\d+) value=(?<value>\\S+)'\n    metrics:\n"
            "      - {counter: ticks_total, labels: {key: $key}}\n"
        )
        agent = Agent(self.binary, directory, os.path.join(directory, "app.log"), tick)
        with open(os.path.join(directory, "app.log"), "ab", buffering=0) as log:
            agent.start()
            try:
                lines = self.write_ticks(log, series, rate, 2, 0, agent, interval)
                before, written = cpu_by_thread(agent.process.pid), self.written(agent)
                begin = time.monotonic()
                lines = self.write_ticks(log, series, rate, seconds, lines, agent, interval)
                elapsed = time.monotonic() - begin
                after = cpu_by_thread(agent.process.pid)
                used = {name: after[name] - before.get(name, 0) for name in after}
                bytes_a_day = (self.written(agent) - written) / elapsed * 86_400
                self.note_ledger(used, elapsed, bytes_a_day, series, rate, interval)
                if interval == 1:
                    self.note_memory(agent, series)
                deadline = time.monotonic() + 30
                while agent.value("ticks_total") < lines and time.monotonic() < deadline:
                    time.sleep(0.05)
                if agent.value("ticks_total") != lines:
                    sys.exit(f"{lines} lines were written, the agent counts {agent.value('ticks_total')}")
            finally:
                agent.stop()

    def write_ticks(self, log, series, rate, seconds, lines, agent, interval):
        """Writes `rate` lines a second over all series, scraping every `interval` seconds; returns the number of lines so far."""
        begin = time.monotonic()
        first, scraped = lines, begin
        while time.monotonic() - begin < seconds:
            due = first + int((time.monotonic() - begin) * rate)
            log.write(b"".join(b"2025-11-23 10:00:00,000 - INFO - key=%d value=%d\n" % (n % series, n) for n in range(lines, due)))
            lines = max(lines, due)
            if time.monotonic() - scraped >= interval:
                scraped += interval
                get(agent.port, "/metrics")
            time.sleep(0.01)
        return lines

    def written(self, agent):
        return field(f"/proc/{agent.process.pid}/io", "write_bytes")

    def note_ledger(self, used, elapsed, bytes_a_day, series, rate, interval):
        total = sum(used.values())
        load = f"at {rate:,} lines a second over {series:,} changing series, scraped every {interval} s"
        self.note(f"CPU {load}", f"{total / elapsed:.1%} of a core")
        ledger = sum(seconds for name, seconds in used.items() if "ledger" in name.lower())
        if any("ledger" in name.lower() for name in used):
            self.note("the ledger's share of that", f"{ledger / max(total, 1e-9):.1%}", "5 % or less")
        else:
            self.note("the ledger's share of that", f"not measured: no thread is named so ({', '.join(sorted(used))})")
        self.note("written to disk meanwhile", f"{bytes_a_day / 1e9:.1f} GB a day")

    def note_memory(self, agent, series):
        status = f"/proc/{agent.process.pid}/status"
        resident, peak = field(status, "VmRSS") / 1024, field(status, "VmHWM") / 1024
        self.note(f"resident memory with {series:,} series", f"{resident:.1f} MiB (peak {peak:.1f})", "18 MiB or less")

    # The history and queries

    def history(self):
        if self.options.queries:
            queries.measure_store(self, os.path.abspath(self.options.queries))
            queries.measure_engine(self, os.path.abspath(self.options.queries))
        else:
            self.note("history and queries", "not measured: there is no --queries")

    # Start and idling

    def start(self):
        directory = self.path("start")
        agent = Agent(self.binary, directory, os.path.join(directory, "app.log"), one_pattern())
        shutil.copyfile(self.path("small.log"), os.path.join(directory, "app.log"))
        agent.start()
        while agent.value("outrider_consumer_pending_bytes") > 0:
            time.sleep(0.05)
        agent.stop()
        times = []
        for _ in range(11):
            times.append(agent.start() * 1000)
            agent.stop()
        self.note(
            "start to first answered scrape", f"{statistics.median(times):.0f} ms (worst {max(times):.0f})", "100 ms or less"
        )

    def idle(self):
        directory = self.path("idle")
        os.makedirs(os.path.join(directory, "logs"))
        for number in range(100):
            with open(os.path.join(directory, "logs", f"{number}.log"), "w", encoding="utf-8") as file:
                file.write(f"2025-11-23 10:00:00,000 - INFO - started number={number}\n" * 10)
        agent = Agent(self.binary, directory, os.path.join(directory, "logs", "*.log"), one_pattern())
        agent.start()
        try:
            time.sleep(3)
            before, begin = cpu_by_thread(agent.process.pid), time.monotonic()
            time.sleep(self.options.seconds)
            # Threads that end meanwhile take their past with them.
            after = cpu_by_thread(agent.process.pid)
            used = sum(max(0, after[name] - before.get(name, 0)) for name in after)
            share = used / (time.monotonic() - begin)
            self.note("idle with 100 files", f"{share:.2%} of a core", "0.1 % or less")
            self.note("resident memory with 100 files", f"{field(f'/proc/{agent.process.pid}/status', 'VmRSS') / 1024:.1f} MiB")
        finally:
            agent.stop()

    def run(self):
        for part in (self.throughput, self.memory, self.ledger, self.history, self.start, self.idle):
            print(f"{part.__name__}:", flush=True)
            part()
        self.note("the binary", f"{os.path.getsize(self.binary) / 1e6:.1f} MB", "30 MB or less")
        table = self.table()
        print(f"\n{table}")
        if self.options.write:
            with open(self.options.write, "w", encoding="utf-8") as file:
                file.write(self.page(table))

    def table(self):
        rows = [("what", "measured", "goal"), ("---", "---", "---"), *self.rows]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)

    def page(self, table):
        generator = os.environ.get("OUTRIDER_BENCH_GENERATOR")
        log = "another generator's log" if generator else "the log of Benchmarks/make_log.py"
        return (
            "# Performance\n\n"
            "Made by `make bench BENCH_ARGS=\"--write docs/PERFORMANCE.md\"`; see Benchmarks/measure.py for how each figure is\n"
            f"taken. Machine: {os.cpu_count()} processors ({processor()}), Linux {os.uname().release}; {self.options.mebibytes} MiB of\n"
            f"{log}, {self.options.rounds} alternating rounds, medians. Machines differ: compare within one run.\n\n"
            f"{table}\n"
        )


def processor():
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        match = re.search(r"^model name\s*: (.+)$", file.read(), re.MULTILINE)
    return match[1].strip() if match else os.uname().machine


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--queries", help="the driver that Benchmarks/Queries builds")
    parser.add_argument("--directory", default=".build/bench", help="emptied at the start")
    parser.add_argument("--mebibytes", type=int, default=256, help="size of the mixed log")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=30, help="how long the live measurements take")
    parser.add_argument("--write", help="a Markdown file for the table")
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
