#!/usr/bin/env python3
"""make_log.py MIB FILE: writes a service's mixed log, the same for the same size; about 40 % of the lines match one of the ten patterns of
patterns.py."""

import random
import sys

WORDS = """batch block cache commit consumer cursor deadline draft epoch fetch flush gradient heap index journal kernel lease ledger
limit merge model mutex node offset packet page peer prune queue quorum replica retry route scan shard slot snapshot stage stream
table tensor token trace vote wallet window worker""".split()


AGENTS = ["Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", "curl/8.5.0", "python-requests/2.31.0", "Go-http-client/2.0"]
ERRORS = ["ValueError", "KeyError", "RuntimeError", "asyncio.exceptions.TimeoutError", "requests.exceptions.ConnectionError", "RpcException"]


def access(random, stamp, words):
    host = ".".join(str(random.randrange(256)) for _ in range(4))
    method = random.choices(("GET", "POST", "PUT", "DELETE", "HEAD"), (70, 20, 4, 2, 4))[0]
    code = random.choices((200, 201, 304, 404, 500, 502), (80, 6, 6, 6, 1, 1))[0]
    request = f"{method} /v1/{words[0]}/{random.randrange(10**5)}?id={random.randrange(10**6)} HTTP/1.1"
    agent = random.choice(AGENTS)
    return f'{host} - - [{stamp}] "{request}" {code} {random.randrange(90000)} "-" "{agent}" {random.uniform(0, 2):.3f}'


def traceback(random, words):
    frames = [
        f'  File "/opt/app/{word}/{random.choice(WORDS)}.py", line {random.randrange(900)}, in {random.choice(WORDS)}\n    return self.{word}()'
        for word in words[:5]
    ]
    return "\n".join(["Traceback (most recent call last):", *frames, f"{random.choice(ERRORS)}: {' '.join(words[:4])}"])


def record(random, stamp, level, words):
    text = " ".join(words)
    return f'{{"ts":"{stamp}","level":"{level}","logger":"svc.{words[0]}","msg":"{text}","duration_ms":{random.uniform(0, 90):.2f}}}'


def line(random, number):
    second = number // 400
    stamp = f"2025-11-{23 + second // 86400 % 7} {second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02},{number % 1000:03}"
    words = random.choices(WORDS, k=random.randrange(3, 14))
    text = " ".join(words)
    chance = random.random()
    if chance < 0.07:
        prediction = random.uniform(-1, 1)
        return f"{stamp} - INFO - Submission success: prediction={prediction:.5f} balance={random.uniform(1, 99):.1f} allo nonce={number}"
    if chance < 0.16:
        return f"{stamp} - INFO - heartbeat ok latency_ms={random.randrange(400)} peer={words[0]} height={number}"
    if chance < 0.31:
        return access(random, stamp, words)
    if chance < 0.34:
        level = "ERROR" if random.random() < 0.9 else "CRITICAL"
        return f"{stamp} - {level} - svc.client: {text} failed code={random.randrange(600)}"
    if chance < 0.345:
        return traceback(random, words)
    if chance < 0.36:
        return record(random, stamp, random.choice(("warn", "error")), words)
    if chance < 0.39:
        return f"{stamp} - INFO - scheduler queue depth={random.randrange(500)} workers={random.randrange(32)}"
    if chance < 0.40:
        kind = random.choice(("Connection reset by peer", "connection refused", "Connection timed out"))
        return f"{stamp} - WARNING - svc.client: {kind} {words[0]}:{random.randrange(65536)}"
    if chance < 0.55:
        return record(random, stamp, "info", words)
    return f"{stamp} - DEBUG - {random.choice(WORDS)}.{random.choice(WORDS)}: {text} size={random.randrange(10**6)}"


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
