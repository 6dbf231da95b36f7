#!/usr/bin/env python3
"""Asks a web server for /line?seq=N, N from 1 on, at a rate; prints how many requests were answered."""

import argparse
import http.client
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--rate", type=int, default=1_000)
    options = parser.parse_args()
    connection = http.client.HTTPConnection("127.0.0.1", options.port, timeout=10)
    start = time.monotonic()
    answered = 0
    for number in range(1, options.requests + 1):
        connection.request("GET", f"/line?seq={number}&value={number * 7919 % 1000}")
        connection.getresponse().read()
        answered += 1
        time.sleep(max(0, start + number / options.rate - time.monotonic()))
    print(answered)


if __name__ == "__main__":
    main()
