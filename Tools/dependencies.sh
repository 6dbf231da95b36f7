#!/usr/bin/env bash
# dependencies.sh GROUP…: installs with apt what a group needs and what is missing; says nothing when all is there.
#   build       the C libraries and pkg-config, and a Swift new enough
#   python      python3, for the demo, the source rules and the end-to-end tests
#   components  the programs that the end-to-end tests meet for real (a test whose program is missing is skipped)
set -euo pipefail

required_swift=6.3

fail() {
    printf '%s\n' "$@" >&2
    exit 2
}

has() { command -v "$1" >/dev/null 2>&1; }

missing=()
need() { missing+=("$@"); }

check_swift() {
    has swift || fail "Swift $required_swift or newer is needed and there is no \`swift\` on the PATH." \
        "Install it from https://www.swift.org/install/linux/ and run this again."
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
    if [ "$(printf '%s\n%s\n' "$required_swift" "$version" | sort -V | head -n 1)" != "$required_swift" ]; then
        fail "Swift $required_swift or newer is needed; \`swift --version\` says ${version:-nothing readable}." \
            "Install a newer one from https://www.swift.org/install/linux/ and run this again."
    fi
}

check_build() {
    check_swift
    has pkg-config || need pkg-config
    local pair
    for pair in libpcre2-8=libpcre2-dev yaml-0.1=libyaml-dev sqlite3=libsqlite3-dev zlib=zlib1g-dev \
        libdeflate=libdeflate-dev; do
        pkg-config --exists "${pair%%=*}" 2>/dev/null || need "${pair##*=}"
    done
}

check_python() { has python3 || need python3; }

check_components() {
    has prometheus && has promtool || need prometheus
    has nginx || [ -x /usr/sbin/nginx ] || need nginx-light
    has logrotate || [ -x /usr/sbin/logrotate ] || need logrotate
    /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null || need python3-prometheus-client
}

for group in "$@"; do
    case $group in
        build) check_build ;;
        python) check_python ;;
        components) check_components ;;
        *) fail "dependencies.sh: there is no group \"$group\"; there are build, python and components." ;;
    esac
done

[ ${#missing[@]} -gt 0 ] || exit 0

has apt-get || fail "These packages are missing and there is no apt-get to install them with: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    has sudo || fail "These packages are missing; install them as root: apt-get install ${missing[*]}"
    as_root=(sudo)
fi

# The packages of servers would start them, now and with every boot; the tests start their own on free ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 0755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

printf 'Installing with apt: %s\n' "${missing[*]}"
install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}")
# A fresh machine has no package lists, an old one may have stale ones.
"${install[@]}" </dev/null >/dev/null 2>&1 || {
    "${as_root[@]}" apt-get update -q </dev/null
    "${install[@]}" </dev/null
}

for package in "${missing[@]}"; do
    case $package in prometheus | nginx-light) ;; *) continue ;; esac
    has systemctl && "${as_root[@]}" systemctl --quiet disable "${package%-light}" >/dev/null 2>&1 || true
done
