#!/usr/bin/env bash
# run_tests.sh FILTER: runs the built tests whose id (Target.Suite/test) matches; a filter that matches nothing is a failure,
# since a renamed suite would otherwise pass for ever.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${SWIFT:-swift}" test --skip-build --disable-xctest --filter "$1" 2>&1 | tee "$log"
if ! grep -qE 'Test run with [1-9][0-9]* tests?' "$log"; then
    printf 'run_tests.sh: no test matches the filter "%s"\n' "$1" >&2
    exit 1
fi
