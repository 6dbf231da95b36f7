#!/usr/bin/env python3
"""Appends numbered lines at a rate, rotates its own file by renaming, and writes down what it wrote.

Runs until SIGTERM (or until --lines), then writes {"lines", "sum", "last", "bytes", "rotations"} to --truth. Some writes end in
the middle of a line, which the next write finishes, unless --whole-lines; its own rotations happen between lines only.
"""

import argparse
import gzip
import json
import os
import random
import signal
import time

TICK = 0.005


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--file", required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--rate", type=int, default=20_000, help="lines a second")
    parser.add_argument("--lines", type=int, default=0, help="stop by itself after so many; 0: at SIGTERM")
    parser.add_argument("--rotate-every", type=float, default=0, help="seconds between rotations; 0: none")
    parser.add_argument("--keep", type=int, default=5)
    parser.add_argument("--gzip-older", action="store_true", help="compress all but the newest rotated file")
    parser.add_argument("--whole-lines", action="store_true", help="for when somebody else rotates at any moment")
    parser.add_argument("--docker", action="store_true", help="JSON in Docker's envelope; some lines in two parts, some over two lines")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Writer:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.lines = self.sum = self.last = self.bytes = self.rotations = self.raw = self.errors = self.traces = 0
        self.pending = b""
        self.open()

    def open(self):
        self.file = os.open(self.options.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def produce(self, count):
        made = []
        for _ in range(count):
            self.lines += 1
            value = self.lines * 7919 % 1000
            self.sum += value
            self.last = self.lines
            if self.options.docker:
                made.append(self.contained(value))
            else:
                made.append(b"2026-01-01 00:00:00,000 - INFO - seq=%d value=%d\n" % (self.lines, value))
        self.pending += b"".join(made)

    def contained(self, value):
        """What Docker writes for one line of the service; for some it takes several."""
        number, output = self.lines, "stderr" if self.lines % 5 == 0 else "stdout"
        if number % 50 == 0:
            self.traces += 1
            texts = [f"Traceback {number}\n", "  File x\n", f"ValueError: seq={number} value={value}\n"]
        else:
            level = "error" if number % 10 == 0 else "info"
            self.errors += level == "error"
            text = json.dumps({"seq": number, "value": value, "level": level, "msg": 'a "b"'}) + "\n"
            cut = len(text) // 2 if number % 7 == 0 else 0
            texts = [text[:cut], text[cut:]] if cut else [text]
        self.raw += len(texts)
        return "".join(
            json.dumps({"log": text, "stream": output, "time": "2026-01-01T00:00:00.000000001Z"}) + "\n"
            for text in texts
        ).encode()

    def write(self, length):
        while length > 0:
            written = os.write(self.file, self.pending[:length])
            self.bytes += written
            self.pending = self.pending[written:]
            length -= written

    def write_most(self):
        """Leaves the end of the last line for the next write, now and then."""
        partial = not self.options.whole_lines and self.random.random() < 0.5
        cut = self.random.randrange(40) if partial else 0
        self.write(max(0, len(self.pending) - cut))

    def flush(self):
        self.write(len(self.pending))

    def rotate(self):
        self.flush()
        os.close(self.file)
        name, keep = self.options.file, self.options.keep
        for number in range(keep, 0, -1):
            for suffix in ("", ".gz"):
                old = f"{name}.{number}{suffix}"
                if not os.path.exists(old):
                    continue
                if number == keep:
                    os.unlink(old)
                else:
                    os.rename(old, f"{name}.{number + 1}{suffix}")
        os.rename(name, f"{name}.1")
        self.open()
        self.rotations += 1
        if self.options.gzip_older:
            compress(f"{name}.2")


def compress(path):
    """As gzip(1) does: the whole copy first, then the original goes."""
    if not os.path.exists(path):
        return
    with open(path, "rb") as source, gzip.open(path + ".gz", "wb", compresslevel=1) as target:
        while block := source.read(1 << 20):
            target.write(block)
    os.unlink(path)


def main():
    options = parse()
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
    writer = Writer(options)
    start = time.monotonic()
    rotated = start
    while not stopped:
        now = time.monotonic()
        # Being held (SIGSTOP) must not be followed by one enormous write.
        due = min(int((now - start) * options.rate) - writer.lines, options.rate // 10 + 1)
        if options.lines:
            due = min(due, options.lines - writer.lines)
        if due > 0:
            writer.produce(due)
        writer.write_most()
        if options.lines and writer.lines >= options.lines:
            break
        if options.rotate_every and now - rotated >= options.rotate_every:
            writer.rotate()
            rotated = now
        time.sleep(TICK)
    writer.flush()
    truth = {name: getattr(writer, name) for name in ("lines", "sum", "last", "bytes", "rotations", "raw", "errors", "traces")}
    with open(options.truth + ".new", "w", encoding="utf-8") as file:
        json.dump(truth, file)
    os.rename(options.truth + ".new", options.truth)


if __name__ == "__main__":
    main()
