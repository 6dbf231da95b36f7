#!/usr/bin/env python3
"""Compares what a `record` consumer wrote with the numbered lines 1…N that were written; prints JSON.

    missing      numbers that are not there at all, and the first of them
    repeated     lines that are there more than once, counted as often as they are too many
    steps back   places where the order falls back to a number that was there already (a replay), with the longest in bytes
    gaps         places where the order jumps ahead over numbers
    foreign      lines that are not numbered lines, such as one torn by a kill
"""

import argparse
import json
import re

LINE = re.compile(rb"2026-01-01 00:00:00,000 - INFO - seq=(\d+) value=(\d+)$")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", required=True)
    parser.add_argument("--lines", type=int, required=True)
    return parser.parse_args()


def main():
    options = parse()
    seen = bytearray(options.lines + 1)
    foreign, beyond, repeated, gaps = [], 0, 0, 0
    steps_back, longest, replayed = 0, 0, 0
    last = 0
    with open(options.record, "rb") as file:
        for line in file:
            match = LINE.search(line.rstrip(b"\n"))
            if not match:
                foreign.append(line[:120].decode(errors="replace"))
                continue
            number = int(match[1])
            if match.start() > 0 or int(match[2]) != number * 7919 % 1000:
                foreign.append(line[:120].decode(errors="replace"))
            if number > options.lines or number == 0:
                beyond += 1
                continue
            if seen[number]:
                repeated += 1
                if number != last + 1 or replayed == 0:
                    steps_back += 1
                    replayed = 0
                replayed += len(line)
                longest = max(longest, replayed)
            else:
                seen[number] = 1
                replayed = 0
                gaps += number != last + 1 and last != 0 and not seen[number - 1]
            last = number
    missing = options.lines - sum(seen[1:])
    print(
        json.dumps(
            {
                "missing": missing,
                "firstMissing": seen.index(0, 1) if missing else 0,
                "repeated": repeated,
                "stepsBack": steps_back,
                "longestReplay": longest,
                "gaps": gaps,
                "foreign": len(foreign),
                "firstForeign": foreign[:3],
                "beyond": beyond,
            }
        )
    )


if __name__ == "__main__":
    main()
