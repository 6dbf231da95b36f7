"""The patterns that are measured: ten of a service's log, and as many more as wanted, for the agent and for mtail."""

import itertools
import random

# Expression and metrics of each: (kind, name, value or None, labels); the buckets of histograms are in BUCKETS. `\g` is written by neither side.
TEN = [
    (
        r"Submission success: prediction=(?P<prediction>-?\d+\.\d+) balance=(?P<balance>\d+\.\d+) (?P<denom>\w+) nonce=\d+",
        [
            ("counter", "submissions_total", None, []),
            ("gauge", "prediction", "prediction", []),
            ("gauge", "balance", "balance", ["denom"]),
        ],
    ),
    (
        r"heartbeat ok latency_ms=(?P<latency>\d+)",
        [("counter", "heartbeats_total", None, []), ("histogram", "heartbeat_latency_ms", "latency", [])],
    ),
    (
        r'"(?P<method>GET|POST|PUT|DELETE|HEAD) [^"]* HTTP/1\.[01]" (?P<code>\d{3}) \d+ "[^"]*" "[^"]*" (?P<seconds>\d+\.\d+)$',
        [("counter", "http_requests_total", None, ["method", "code"]), ("histogram", "http_request_seconds", "seconds", [])],
    ),
    (r" - (?P<level>ERROR|CRITICAL) - ", [("counter", "log_errors_total", None, ["level"])]),
    (r"failed code=(?P<fcode>\d+)", [("counter", "failures_total", None, ["fcode"])]),
    (r"^Traceback \(most recent call last\):", [("counter", "tracebacks_total", None, [])]),
    (r"^(?P<class>[\w.]+(?:Error|Exception)): ", [("counter", "exceptions_total", None, ["class"])]),
    (
        r'"level":"(?P<jlevel>warn|error)".*"duration_ms":(?P<duration>\d+\.\d+)',
        [("counter", "json_problems_total", None, ["jlevel"]), ("histogram", "json_duration_ms", "duration", [])],
    ),
    (
        r"queue depth=(?P<depth>\d+) workers=(?P<workers>\d+)",
        [("gauge", "queue_depth", "depth", []), ("gauge", "queue_workers", "workers", [])],
    ),
    (
        r"[Cc]onnection (?P<kind>reset by peer|refused|timed out)",
        [("counter", "connection_problems_total", None, ["kind"])],
    ),
]

BUCKETS = {
    "heartbeat_latency_ms": [10, 50, 100, 200, 400],
    "http_request_seconds": [0.1, 0.5, 1, 2],
    "json_duration_ms": [10, 100, 500, 1000],
}

# Conditions on fields, and values of fields, for records of make_json_log.py.
FOR_JSON = """patterns:
  - name: problems
    where: {level: [warn, error]}
    metrics: [{counter: record_problems_total, labels: {level: .level}}]
  - name: slow
    where: {level: error}
    unless: {logger: svc.cache}
    has: [duration_ms]
    metrics: [{histogram: record_error_seconds, value: .duration_ms, scale: 0.001, buckets: [0.1, 0.3, 0.6]}]
  - name: durations
    has: [duration_ms]
    metrics: [{counter: record_milliseconds_total, value: .duration_ms}, {gauge: record_latest, value: .seq}]
"""

# Words of the measured logs, so that parts of the patterns are found everywhere in them, and others that are not.
SUBJECTS = """batch block cache commit epoch fetch flush gradient index lease metric peer policy prune replica retry route scan
segment shard snapshot table tensor thread token vote worker adapter balancer broker cipher gateway indexer keyring mailer
resolver sampler""".split()
VERBS = "accepted aborted completed delayed dropped expired failed merged rejected resumed skipped started stopped".split()
SHAPES = [
    r"{subject} {verb} in (?P<v>\d+(?:\.\d+)?)ms",
    r"(?i)\berror in {subject}: (?P<v>\w+)",
    r"^{subject}\[\d+\]: {verb}\b",
    r"{subject}_{verb}=(?P<v>-?\d+)",
    r'"event":"{subject}\.{verb}"',
    r"\[{subject}\] (?:{verb}|timed out|gave up) after (?P<v>\d+) attempts?",
    r"(?:{subject}|{subject}s) {verb}: reason=(?P<v>[a-z_]+)",
]


def many(count):
    """The ten, and others up to `count`, always the same ones."""
    chosen = list(TEN)
    generator = random.Random(7)
    combinations = list(itertools.product(SHAPES, SUBJECTS, VERBS))
    for number, (shape, subject, verb) in enumerate(generator.sample(combinations, count - len(TEN))):
        expression = shape.replace("{subject}", subject).replace("{verb}", verb)
        labels = ["v"] if "(?P<v>" in expression else []
        chosen.append((expression, [("counter", f"generated_{number}_total", None, labels)]))
    return chosen


def for_outrider(patterns):
    """The `patterns:` of a configuration."""
    lines = ["patterns:"]
    for number, (expression, metrics) in enumerate(patterns):
        quoted = expression.replace("'", "''")
        lines += [f"  - name: pattern{number}", f"    match: '{quoted}'", "    metrics:"]
        for kind, name, value, labels in metrics:
            fields = [f"{kind}: {name}"]
            if value:
                fields.append(f"value: ${value}")
            if name in BUCKETS:
                fields.append(f"buckets: {BUCKETS[name]}")
            if labels:
                fields.append("labels: {" + ", ".join(f"{label}: ${label}" for label in labels) + "}")
            lines.append("      - {" + ", ".join(fields) + "}")
    return "\n".join(lines) + "\n"


def for_mtail(patterns):
    """A program of mtail that keeps the same metrics."""
    declarations, actions = [], []
    for expression, metrics in patterns:
        actions.append("/" + expression.replace("/", r"\/") + "/ {")
        for kind, name, value, labels in metrics:
            buckets = " buckets " + ", ".join(map(str, BUCKETS[name])) if name in BUCKETS else ""
            declarations.append(f"{kind} {name}" + (" by " + ", ".join(labels) if labels else "") + buckets)
            target = name + "".join(f"[${label}]" for label in labels)
            actions.append(f"  {target} = ${value}" if value else f"  {target}++")
        actions.append("}")
    return "\n".join(declarations + actions) + "\n"
