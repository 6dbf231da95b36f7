#!/usr/bin/env python3
"""The pattern libraries of rules/patterns as Swift, so that the binary carries them.

    Tools/embed_patterns.py            write Sources/App/Configuration/Libraries/ShippedLibraries.swift
    Tools/embed_patterns.py --check    exit 1 when it is not what would be written
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, "rules", "patterns")
TARGET = os.path.join(ROOT, "Sources", "App", "Configuration", "Libraries", "ShippedLibraries.swift")

HEAD = '''\
// Made from rules/patterns by Tools/embed_patterns.py; edit those files. `make check` compares.
// swift-format-ignore-file

/// The text of every file of rules/patterns, by its name.
enum ShippedLibraries {
    static let texts: [(name: String, text: String)] = [
'''


def literal(text):
    """A Swift literal of several lines; its delimiter must not occur in the text."""
    assert '"""#' not in text and "\\#(" not in text, "the text holds what ends or changes its literal"
    lines = "".join(f"{' ' * 12}{line}".rstrip(" ") + "\n" for line in text.splitlines())
    return f'#"""\n{lines}\n{" " * 12}"""#'


def source():
    names = sorted(name for name in os.listdir(FOLDER) if name.endswith(".yml"))
    parts = []
    for name in names:
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            parts.append(f'        ("{name[:-4]}", {literal(file.read())}),\n')
    return HEAD + "".join(parts) + "    ]\n}\n"


def main():
    made = source()
    if "--check" not in sys.argv[1:]:
        with open(TARGET, "w", encoding="utf-8") as file:
            file.write(made)
        return
    with open(TARGET, encoding="utf-8") as file:
        if file.read() != made:
            sys.exit(f"{os.path.relpath(TARGET, ROOT)} is not made from rules/patterns as it is: run `make patterns`")
    print("pattern libraries: embedded as they are")


if __name__ == "__main__":
    main()
