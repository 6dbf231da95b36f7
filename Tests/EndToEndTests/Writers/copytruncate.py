#!/usr/bin/env python3
"""Rotates somebody else's file by copying it and truncating it, as logrotate's copytruncate does.

What is written between a copy and its truncation is lost by the copier itself and cannot be known from outside, so the writer
is held (SIGSTOP) for that moment. Stops at SIGTERM, after the rotation at hand.
"""

import argparse
import os
import shutil
import signal
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--file", required=True)
    parser.add_argument("--writer-pid", type=int, required=True)
    parser.add_argument("--every", type=float, default=2)
    parser.add_argument("--keep", type=int, default=5)
    return parser.parse_args()


def state(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def hold(pid):
    os.kill(pid, signal.SIGSTOP)
    while state(pid) not in "TtZX":
        time.sleep(0.0005)


def rotate(options):
    for number in range(options.keep - 1, 0, -1):
        if os.path.exists(f"{options.file}.{number}"):
            os.replace(f"{options.file}.{number}", f"{options.file}.{number + 1}")
    hold(options.writer_pid)
    try:
        shutil.copyfile(options.file, f"{options.file}.1")
        os.truncate(options.file, 0)
    finally:
        os.kill(options.writer_pid, signal.SIGCONT)


def main():
    options = parse()
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    next_rotation = time.monotonic() + options.every
    while not stopped:
        if time.monotonic() >= next_rotation:
            rotate(options)
            next_rotation += options.every
        time.sleep(0.02)


if __name__ == "__main__":
    main()
