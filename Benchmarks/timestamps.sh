#!/bin/sh
# Builds and runs timestamps.swift, optimised, with the two modules it measures.
set -eu
cd "$(dirname "$0")/.."
build=.build/bench-timestamps
mkdir -p "$build"
module() {
    name=$1
    shift
    swiftc -O -wmo -parse-as-library -swift-version 6 -enable-upcoming-feature InternalImportsByDefault -I "$build" \
        -module-name "$name" -emit-module -emit-module-path "$build/$name.swiftmodule" -emit-object -o "$build/$name.o" "$@"
}
module LogModel $(find Sources/Vocabulary/LogModel -name '*.swift')
module CivilTime $(find Sources/Text/CivilTime -name '*.swift')
swiftc -O -parse-as-library -swift-version 6 -I "$build" -o "$build/timestamps" Benchmarks/timestamps.swift \
    "$build/LogModel.o" "$build/CivilTime.o"
exec "$build/timestamps"
