#!/usr/bin/env python3
"""make_json_log.py MIB FILE: writes a service's log as JSON, a record of some 210 bytes a line, the same for the same size; a tenth of
the records warn or worse."""

import json
import random
import sys

WORDS = "block cache epoch feature fill frame lease model nonce order peer price quote rate retry reward score topic vote worker".split()


def record(generator, number):
    words = generator.choices(WORDS, k=generator.randrange(4, 12))
    second, fraction = divmod(number * 750, 1_000_000)
    return {
        "ts": f"2025-11-23T{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{fraction:06}+00:00",
        "level": generator.choices(("debug", "info", "warn", "error"), (20, 70, 7, 3))[0],
        "logger": f"svc.{generator.choice(WORDS)}",
        "msg": " ".join(words),
        "request_id": f"{generator.getrandbits(64):016x}",
        "duration_ms": round(generator.random() * 900, 2),
        "seq": number,
    }


def main():
    size, path = int(sys.argv[1]) << 20, sys.argv[2]
    generator = random.Random(11)
    # As long as it takes to make this many records, the rest repeats them.
    lines = [json.dumps(record(generator, number)) + "\n" for number in range(100_000)]
    written = 0
    with open(path, "w", encoding="ascii") as file:
        while written < size:
            for line in lines:
                file.write(line)
                written += len(line)
                if written >= size:
                    break


if __name__ == "__main__":
    main()
