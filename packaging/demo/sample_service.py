#!/usr/bin/env python3
"""A service that makes predictions and writes about them, as the ones that Outrider was made for do.

It rotates its own log by size and, when it is stopped, writes down what it has really written: the truth that the agent's
metrics are compared with.
"""

import argparse
import json
import logging
import logging.handlers
import random
import signal
import time


class Service:
    def __init__(self, options):
        self.random = random.Random(options.seed)
        self.truth = {
            "lines": 0,
            "submissions": 0,
            "confirmations": 0,
            "errors": 0,
            "criticals": 0,
            "tracebacks": 0,
            "exceptions": {},
            "heartbeats": 0,
            "predictions_rejected": 0,
            "prediction": None,
            "balance": None,
        }
        self.balance = 100.0
        self.logger = logging.getLogger("service")
        self.logger.setLevel(logging.INFO)
        handler = logging.handlers.RotatingFileHandler(options.log, maxBytes=options.max_bytes, backupCount=20)
        handler.setFormatter(logging.Formatter("%(asctime)s - %(levelname)s - %(message)s"))
        self.logger.addHandler(handler)

    def say(self, level, message):
        self.logger.log(level, message)
        self.truth["lines"] += 1 + message.count("\n")

    def submit(self):
        prediction = self.prediction()
        self.balance = max(0.0, self.balance + self.random.uniform(-0.5, 0.6))
        balance = f"{self.balance:.1f}"
        nonce = self.random.randrange(1_000_000)
        self.say(logging.INFO, f"Submission success: prediction={prediction} balance={balance} allo nonce={nonce}")
        self.truth["submissions"] += 1
        self.truth["balance"] = float(balance)
        value = float(prediction)
        if -50 <= value <= 50:
            self.truth["prediction"] = value
        else:
            self.truth["predictions_rejected"] += 1
        if self.random.random() < 0.5:
            self.say(logging.INFO, "submission successful")
            self.truth["confirmations"] += 1

    def prediction(self):
        """Now and then one that must not reach the gauge."""
        if self.random.random() < 0.05:
            return self.random.choice(["nan", "inf", "-inf", "51.5", "-1e9"])
        return f"{self.random.uniform(-0.1, 0.1):.5f}"

    def fail(self):
        name = self.random.choice(["ValueError", "KeyError", "TimeoutError", "ConnectionError"])
        lines = [
            "request failed",
            "Traceback (most recent call last):",
            '  File "service.py", line 88, in submit',
            "    response = client.submit(prediction)",
            f"{name}: no answer from the node",
        ]
        self.say(logging.ERROR, "\n".join(lines))
        self.truth["errors"] += 1
        self.truth["tracebacks"] += 1
        self.truth["exceptions"][name] = self.truth["exceptions"].get(name, 0) + 1

    def work(self):
        chance = self.random.random()
        if chance < 0.45:
            self.submit()
        elif chance < 0.50:
            self.fail()
        elif chance < 0.53:
            self.say(logging.ERROR, "the node answered with status 503")
            self.truth["errors"] += 1
        elif chance < 0.535:
            self.say(logging.CRITICAL, "the wallet is locked")
            self.truth["criticals"] += 1
        elif chance < 0.56:
            self.say(logging.INFO, "HEARTBEAT")
            self.truth["heartbeats"] += 1
        else:
            self.say(logging.INFO, f"epoch {self.random.randrange(1000)} loss={self.random.random():.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--log", required=True)
    parser.add_argument("--truth", required=True, help="written at the end (SIGINT or SIGTERM)")
    parser.add_argument("--rate", type=float, default=100, help="records a second")
    parser.add_argument("--max-bytes", type=int, default=32 * 1024, help="size at which the log is rotated")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()

    stopped = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.append(True))
    service = Service(options)
    while not stopped:
        service.work()
        time.sleep(service.random.expovariate(options.rate))
    logging.shutdown()
    with open(options.truth, "w", encoding="utf-8") as file:
        json.dump(service.truth, file, indent=2)


if __name__ == "__main__":
    main()
