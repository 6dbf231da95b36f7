#!/usr/bin/env python3
"""How many evaluations of Prometheus's own test scripts the engine passes, as a page of the documentation.

    Tools/conformance.py --binary FILE            write docs/CONFORMANCE.md
    Tools/conformance.py --binary FILE --check    exit 1 when it is not what would be written

The scripts lie beside the checkout (`--scripts` names another folder) and are no part of it.
"""

import argparse
import glob
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "CONFORMANCE.md")

HEAD = """\
# Conformance of PromQL

Prometheus 3.x states what expressions mean in test scripts (promql/promqltest/testdata). `outrider test FILE.test` runs them; each
evaluation of a vector at an instant is also tried as the middle step of a range. There are no exceptions: an evaluation
either passes or is counted as failed. Those that load or expect native histograms, which are not evaluated yet, are left out
and counted apart.

Made by `make conformance`.

"""


def reports(binary, scripts):
    """What the binary says of each script, by its name."""
    files = sorted(glob.glob(os.path.join(scripts, "*.test")))
    if not files:
        sys.exit(f"conformance.py: there are no scripts in {scripts}")
    run = subprocess.run([binary, "test", "--json", *files], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    # 1 means that an evaluation failed, which is for the table to say.
    if run.returncode not in (0, 1):
        sys.exit(f"conformance.py: {binary} ended with {run.returncode}: {run.stderr.decode(errors='replace')}")
    return {os.path.basename(entry["file"]): entry for entry in json.loads(run.stdout)["files"]}


def page(reports_by_name):
    rows = [(name, entry["passed"], entry["tried"], entry["left_out"]) for name, entry in reports_by_name.items()]
    total = ("all", *(sum(row[column] for row in rows) for column in (1, 2, 3)))
    lines = ["| script | passed | of | native histograms |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {name} | {passed} | {tried} | {left} |" for name, passed, tried, left in [*rows, total]]
    return HEAD + "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--scripts", default=os.path.join(os.path.dirname(ROOT), "shared", "promql"))
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    found = reports(options.binary, options.scripts)
    made = page(found)
    if options.check:
        with open(PAGE, encoding="utf-8") as file:
            if file.read() != made:
                sys.exit(f"docs/CONFORMANCE.md is not what the engine does: run `make conformance`; it would say\n{made}")
    else:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(made)
    failed = [f"{name}:{failure['line']}: {failure['expression']}" for name in found for failure in found[name]["failures"]]
    if failed:
        sys.exit("\n".join(["these evaluations are not as expected:", *failed]))


if __name__ == "__main__":
    main()
