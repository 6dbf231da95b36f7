#!/usr/bin/env python3
"""Scrapes a page at an interval and notes every counter that went down or disappeared.

At SIGTERM it writes {"scrapes", "unanswered", "decreases": […]} to --report. A page that does not answer is no breach: the agent
is being killed meanwhile.
"""

import argparse
import http.client
import json
import re
import signal
import time

SAMPLE = re.compile(r"^([A-Za-z_:][\w:]*)(\{.*\})? (\S+)(?: -?\d+)?$")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--interval", type=float, default=1)
    parser.add_argument("--report", required=True)
    return parser.parse_args()


def fetch(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        body = response.read().decode()
        return body if response.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def counters(page):
    kinds, values = {}, {}
    for line in page.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ", 3)
            kinds[name] = kind
        match = SAMPLE.match(line)
        if match and kinds.get(match[1]) == "counter":
            values[match[1] + (match[2] or "")] = float(match[3])
    return values


def main():
    options = parse()
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    report = {"scrapes": 0, "unanswered": 0, "decreases": []}
    highest = {}
    next_scrape = time.monotonic()
    while True:
        page = fetch(options.port)
        if page is None:
            report["unanswered"] += 1
        else:
            report["scrapes"] += 1
            for series, value in counters(page).items():
                if value < highest.get(series, value):
                    report["decreases"].append({"series": series, "before": highest[series], "after": value})
                highest[series] = value
        if stopped:
            break
        next_scrape += options.interval
        while not stopped and time.monotonic() < next_scrape:
            time.sleep(0.02)
    with open(options.report, "w", encoding="utf-8") as file:
        json.dump(report, file)


if __name__ == "__main__":
    main()
