#!/usr/bin/env python3
"""make_log.py MIB FILE: writes a service's mixed log, the same for the same size; about a tenth of the lines are submissions."""

import random
import sys

WORDS = """batch block cache commit consumer cursor deadline draft epoch fetch flush gradient heap index journal kernel lease ledger
limit merge model mutex node offset packet page peer prune queue quorum replica retry route scan shard slot snapshot stage stream
table tensor token trace vote wallet window worker""".split()


def line(random, number):
    second = number // 400
    stamp = f"2025-11-{23 + second // 86400 % 7} {second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02},{number % 1000:03}"
    words = " ".join(random.choices(WORDS, k=random.randrange(3, 12)))
    chance = random.random()
    if chance < 0.10:
        prediction = random.uniform(-1, 1)
        return f"{stamp} - INFO - Submission success: prediction={prediction:.5f} balance={random.uniform(1, 99):.1f} allo nonce={number}"
    if chance < 0.13:
        return f"{stamp} - ERROR - client: {words} failed code={random.randrange(600)}"
    if chance < 0.16:
        return f"{stamp} - INFO - HEARTBEAT"
    if chance < 0.35:
        host = ".".join(str(random.randrange(256)) for _ in range(4))
        return f'{host} - - [{stamp}] "GET /v1/{random.choice(WORDS)}?id={number} HTTP/1.1" 200 {random.randrange(90000)} "-" "curl/8"'
    if chance < 0.55:
        return f'{{"ts":"{stamp}","level":"info","msg":"{words}","duration_ms":{random.uniform(0, 90):.2f}}}'
    return f"{stamp} - DEBUG - {random.choice(WORDS)}.{random.choice(WORDS)}: {words} size={random.randrange(10**6)}"


def main():
    target, path = int(sys.argv[1]) * 1024 * 1024, sys.argv[2]
    generator = random.Random(20251123)
    written = number = 0
    with open(path, "wb") as file:
        while written < target:
            block = ("\n".join(line(generator, number + each) for each in range(10_000)) + "\n").encode()
            number += 10_000
            written += file.write(block)


if __name__ == "__main__":
    main()
