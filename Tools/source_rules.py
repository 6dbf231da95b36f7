#!/usr/bin/env python3
"""What the compiler does not check: who imports whom, and words that do not belong.

    swift package dump-package | python3 Tools/source_rules.py [--root DIR]

Prints `file:line: what is wrong` for every breach and exits 1 when there is one.
"""

import argparse
import json
import os
import re
import subprocess
import sys

# Folders of Sources from the bottom up; those of one row are siblings and do not know each other.
LAYERS = [
    ["Vocabulary"],
    ["Text"],
    ["Decode", "Extract", "Metrics", "Query", "Rules"],
    ["Host"],
    ["Collect", "Serve", "Ship", "Upkeep"],
    ["App"],
]
RANK = {folder: rank for rank, row in enumerate(LAYERS) for folder in row}

# Folders whose targets may import each other, and the single pairs elsewhere.
OPEN_FOLDERS = {"Vocabulary", "Host", "App"}
SIDEWAYS = {
    ("Consumption", "FileTail"),
    ("HistorySampling", "MetricRegistry"),
    ("HistorySampling", "SeriesStore"),
    ("PatternMatching", "CLiteralScan"),
    ("QueryScripts", "PromQL"),
    ("Scheduling", "CivilTime"),
}

# Part of the toolchain: no dependency of a target.
TOOLCHAIN = {"Swift", "Synchronization", "_Concurrency"}
TEST_TOOLCHAIN = TOOLCHAIN | {"Testing", "Foundation", "Glibc", "Dispatch"}

# The one target (or targets) that may import a library which is not ours.
HOMES = {
    "CPCRE2": {"PatternMatching"},
    "CLiteralScan": {"PatternMatching"},
    "CFloatMath": {"PromQL"},
    "CYAML": {"YAMLNodes"},
    "CZlib": {"Compression"},
    "CDeflate": {"Compression"},
    "CCrypto": {"Cryptography"},
    "CSQLite": {"Ledger"},
    "CCurl": {"HTTPDelivery"},
    "CJournal": {"JournalInput"},
    "ArgumentParser": {"Commands"},
    "ServiceLifecycle": {"Agent", "Commands"},
    "UnixSignals": {"Agent", "Commands"},
}
HOME_BY_PREFIX = {"NIO": {"HTTPInterface"}}

IMPORT = re.compile(
    r"^\s*(?P<attributes>(?:@\w+(?:\([^)]*\))?\s+)*)(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?(?P<module>[A-Za-z_]\w*)"
)
SPI = re.compile(r"@_spi\(\s*LedgerCommit\s*\)")

SOURCE_WORDS = [
    (re.compile(r"\btry!"), "`try!` crashes where an error should be reported"),
    (re.compile(r"\bas!"), "`as!` crashes where an error should be reported"),
    (re.compile(r"\b(?:TODO|FIXME|XXX)\b"), "unfinished work is finished or left out whole"),
]
TEXT_WORDS = [
    (re.compile(r"(?<![\w.$}])/(?:home|Users)/[a-z]\w*/"), "a path of one machine"),
    (re.compile(r"(?<![\w.$}])/(?:root|work)/\w"), "a path of one machine"),
    (re.compile(r"\bissues? #\d+", re.IGNORECASE), "the repository speaks of itself alone, without issue numbers"),
]
TEXT_SUFFIXES = (
    ".swift", ".md", ".py", ".sh", ".c", ".h", ".yml", ".yaml", ".json", ".conf", ".service", ".txt", ".modulemap",
)
TEXT_NAMES = {"Makefile", "run", "Dockerfile"}


class Target:
    def __init__(self, entry):
        self.name = entry["name"]
        self.kind = entry["type"]
        self.path = (entry.get("path") or f"Sources/{self.name}").rstrip("/")
        self.dependencies = {dependency_name(each) for each in entry.get("dependencies", [])} - {None}

    @property
    def folder(self):
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "Sources" else None

    @property
    def is_test(self):
        return self.path.startswith("Tests/")

    @property
    def is_shim(self):
        """A C shim beside its user: a module map over a library of the system."""
        return self.kind == "system"


def dependency_name(entry):
    for kind in ("byName", "product", "target"):
        if kind in entry:
            return entry[kind][0]
    return None


def homes(module):
    for prefix, targets in HOME_BY_PREFIX.items():
        if module.startswith(prefix):
            return targets
    return HOMES.get(module)


def layer_breach(importer, imported):
    """Why `importer` may not know `imported`, or None."""
    if importer.is_test or importer.folder is None or imported.folder is None:
        if imported.is_test and not importer.is_test:
            return f"{importer.name} depends on the tests' {imported.name}"
        return None
    if importer.folder not in RANK:
        return f"the folder {importer.folder} of {importer.name} has no layer; add it to LAYERS"
    if imported.folder not in RANK:
        return f"the folder {imported.folder} of {imported.name} has no layer; add it to LAYERS"
    if RANK[imported.folder] < RANK[importer.folder]:
        return None
    if imported.folder == importer.folder:
        if imported.is_shim or imported.folder in OPEN_FOLDERS or (importer.name, imported.name) in SIDEWAYS:
            return None
        return f"{importer.name} imports its sibling {imported.name}; meet through a protocol in Vocabulary"
    way = "sideways" if RANK[imported.folder] == RANK[importer.folder] else "upwards"
    return f"{importer.name} ({importer.folder}) imports {way}: {imported.name} ({imported.folder})"


def manifest_breaches(targets):
    by_name = {target.name: target for target in targets}
    for target in targets:
        for name in sorted(target.dependencies):
            reason = by_name.get(name) and layer_breach(target, by_name[name])
            if reason:
                yield "Package.swift", 1, f"the dependencies break the layers: {reason}"


def import_breaches(target, by_name, path, text):
    """The breaches of one Swift file of `target`."""
    allowed = TEST_TOOLCHAIN if target.is_test else TOOLCHAIN
    for number, line in enumerate(text.splitlines(), 1):
        match = IMPORT.match(line)
        if not match:
            continue
        module = match["module"]
        if SPI.search(match["attributes"]) and not target.is_test and target.path != "Sources/Host/Ledger":
            yield path, number, "only Sources/Host/Ledger imports @_spi(LedgerCommit): it makes published snapshots"
        if module in allowed or module == target.name:
            continue
        if module.startswith("Foundation"):
            if not target.is_test:
                yield path, number, f"{module} stays out of Sources; the binary is to do without it"
            continue
        if module in ("Glibc", "Musl", "Dispatch"):
            if target.folder != "Host":
                yield path, number, f"{module} is imported only in Sources/Host; use FileAccess or CLinux"
            continue
        allowed_homes = homes(module)
        if allowed_homes and target.name not in allowed_homes and not target.is_test:
            yield path, number, f"{module} has one home: {', '.join(sorted(allowed_homes))}"
        if module not in target.dependencies:
            yield path, number, f"{target.name} imports {module} but does not depend on it in Package.swift"
        reason = module in by_name and layer_breach(target, by_name[module])
        if reason:
            yield path, number, reason


def word_breaches(path, text):
    """Words that do not belong into a tracked text file."""
    rules = list(TEXT_WORDS)
    if path.startswith("Sources/"):
        rules += SOURCE_WORDS
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, reason in rules:
            found = pattern.search(line)
            if found:
                yield path, number, f"`{found.group(0)}`: {reason}"


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def swift_files(root, folder):
    for directory, folders, names in os.walk(os.path.join(root, folder)):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".swift"):
                yield os.path.relpath(os.path.join(directory, name), root)


def text_files(root):
    # The clone may belong to another user than the one who checks, as in a container.
    command = ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    for path in sorted(filter(None, listing.split("\0"))):
        if path.endswith(TEXT_SUFFIXES) or os.path.basename(path) in TEXT_NAMES:
            if os.path.isfile(os.path.join(root, path)):
                yield path


def breaches(root, package):
    targets = [Target(entry) for entry in package["targets"]]
    by_name = {target.name: target for target in targets}
    yield from manifest_breaches(targets)
    owned = set()
    for target in targets:
        for path in swift_files(root, target.path):
            owned.add(path)
            yield from import_breaches(target, by_name, path, read(root, path))
    for folder in ("Sources", "Tests"):
        for path in swift_files(root, folder):
            if path not in owned:
                yield path, 1, "belongs to no target of Package.swift, so nothing compiles it"
    for path in text_files(root):
        # The rules and their fixtures name what they forbid.
        if not path.startswith("Tools/source_rules"):
            yield from word_breaches(path, read(root, path))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", default=".")
    arguments = parser.parse_args()
    found = list(breaches(arguments.root, json.load(sys.stdin)))
    for path, line, reason in found:
        print(f"{path}:{line}: {reason}")
    if found:
        sys.exit(f"{len(found)} breach{'es' if len(found) > 1 else ''} of the source rules (Tools/source_rules.py)")
    print("source rules: imports, layers, homes and words are as they should be")


if __name__ == "__main__":
    main()
