#!/usr/bin/env bash
# run_fuzzers.sh SECONDS [NAME...]: builds the fuzz targets and runs all of them, or the named ones, for so long each. What is learnt
# stays in .build/fuzz; what makes a target fail is left there too, and the script fails behind the last target.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$1
shift
"${SWIFT:-swift}" build -c release --package-path Fuzz
binaries=$("${SWIFT:-swift}" build -c release --package-path Fuzz --show-bin-path)
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for folder in Fuzz/Targets/*/; do names+=("$(basename "$folder")"); done
fi

# Swift's own backtraces wait for a debugger that the sanitizer keeps away. The time is also bounded from outside, in case that an
# input hangs.
run() {
    local name=$1 corpus=.build/fuzz/$1 seeds=Fuzz/Seeds/$1
    mkdir -p "$corpus"
    [ -d "$seeds" ] || seeds=
    SWIFT_BACKTRACE=enable=no timeout --kill-after=10 $((seconds + 60)) "$binaries/$name" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=2048 -max_len=1024 -verbosity=0 -print_final_stats=1 \
        -artifact_prefix=".build/fuzz/findings/$name-" "$corpus" $seeds </dev/null >"$corpus.log" 2>&1
}

failed=()
finish() {
    if wait "$2"; then
        printf '%s for %s seconds: %s\n' "$1" "$seconds" "$(grep -oE 'number_of_executed_units: *[0-9]+' ".build/fuzz/$1.log" || true)"
    else
        failed+=("$1")
        tail -n 40 ".build/fuzz/$1.log"
    fi
}

mkdir -p .build/fuzz/findings
# Two at a time.
previous=
for name in "${names[@]}"; do
    run "$name" &
    if [ -n "$previous" ]; then finish $previous; fi
    previous="$name $!"
done
if [ -n "$previous" ]; then finish $previous; fi
if [ ${#failed[@]} -gt 0 ]; then
    printf 'run_fuzzers.sh: %s found something; the inputs are in .build/fuzz/findings\n' "${failed[*]}" >&2
    exit 1
fi
