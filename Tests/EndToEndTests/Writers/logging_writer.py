#!/usr/bin/env python3
"""Writes numbered lines through one of Python's own file handlers, and obeys its standard input.

    hold      finishes the line at hand, answers `held` and waits (so that another program can rotate without a race of its own)
    go on     answers `going on`
    stop      answers `stopped LINES` and ends

Without commands it ends after --lines and answers `stopped LINES`; the end of the standard input means `stop`.
"""

import argparse
import logging
import logging.handlers
import select
import sys
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--handler", choices=["rotating", "timed", "watched", "plain"], required=True)
    parser.add_argument("--file", required=True)
    parser.add_argument("--lines", type=int, default=0, help="0: until told to stop")
    parser.add_argument("--rate", type=int, default=5_000, help="lines a second")
    parser.add_argument("--max-bytes", type=int, default=64 * 1024, help="for rotating")
    parser.add_argument("--backups", type=int, default=50, help="for rotating and timed")
    return parser.parse_args()


def make_handler(options):
    if options.handler == "rotating":
        return logging.handlers.RotatingFileHandler(
            options.file, maxBytes=options.max_bytes, backupCount=options.backups
        )
    if options.handler == "timed":
        return logging.handlers.TimedRotatingFileHandler(
            options.file, when="S", interval=1, backupCount=options.backups
        )
    if options.handler == "watched":
        return logging.handlers.WatchedFileHandler(options.file)
    return logging.FileHandler(options.file)


def answer(text):
    print(text, flush=True)


def command(wait):
    """The next command, or None when there is none within `wait` seconds (None: for ever)."""
    ready, _, _ = select.select([sys.stdin], [], [], wait)
    if not ready:
        return None
    line = sys.stdin.readline()
    return line.strip() if line else "stop"


def main():
    options = parse()
    handler = make_handler(options)
    handler.setFormatter(logging.Formatter("%(asctime)s - %(levelname)s - %(message)s"))
    logger = logging.getLogger("service")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    lines = 0
    due_at = time.monotonic()
    batch = max(1, options.rate // 200)
    while not options.lines or lines < options.lines:
        told = command(max(0, due_at - time.monotonic()))
        if told == "hold":
            answer("held")
            while (told := command(None)) not in ("go on", "stop"):
                pass
            if told == "go on":
                answer("going on")
                due_at = time.monotonic()
                continue
        if told == "stop":
            break
        if time.monotonic() < due_at:
            continue
        for _ in range(batch if not options.lines else min(batch, options.lines - lines)):
            lines += 1
            logger.info("seq=%d value=%d", lines, lines * 7919 % 1000)
        due_at += batch / options.rate
    logging.shutdown()
    answer(f"stopped {lines}")


if __name__ == "__main__":
    main()
