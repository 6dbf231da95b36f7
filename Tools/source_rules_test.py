#!/usr/bin/env python3
"""Proves that each rule of source_rules.py catches its breach, and lets pass what is allowed."""

import os
import subprocess
import tempfile
import unittest

import source_rules


def target(name, folder, dependencies=(), kind="regular"):
    path = f"{folder}/{name}" if folder == "Tests" else f"Sources/{folder}/{name}"
    return {"name": name, "type": kind, "path": path, "dependencies": [{"byName": [each, None]} for each in dependencies]}


PACKAGE = {
    "targets": [
        target("LogModel", "Vocabulary"),
        target("SeriesModel", "Vocabulary", ["LogModel"]),
        target("CZlib", "Text", kind="system"),
        target("Compression", "Text", ["CZlib"]),
        target("YAMLNodes", "Text"),
        target("Extraction", "Extract", ["LogModel"]),
        target("MetricRegistry", "Metrics", ["SeriesModel"]),
        target("FileAccess", "Host", ["LogModel"]),
        target("Ledger", "Host", ["LogModel", "FileAccess"]),
        target("FileTail", "Collect", ["FileAccess", "Compression"]),
        target("Consumption", "Collect", ["FileTail", "LogModel"]),
        {
            "name": "HTTPInterface",
            "type": "regular",
            "path": "Sources/Serve/HTTPInterface",
            "dependencies": [{"product": ["NIOCore", "swift-nio", None, None]}, {"byName": ["LogModel", None]}],
        },
        target("Agent", "App", ["HTTPInterface", "Ledger", "LogModel"]),
        target("LedgerTests", "Tests", ["Ledger", "LogModel"], kind="test"),
    ]
}


def with_dependencies(name, dependencies):
    changed = [dict(each) for each in PACKAGE["targets"]]
    for each in changed:
        if each["name"] == name:
            each["dependencies"] = [{"byName": [dependency, None]} for dependency in dependencies]
    return {"targets": changed}


class SourceRules(unittest.TestCase):
    def found(self, files, package=PACKAGE):
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["git", "init", "-q", root], check=True)
            for path, text in files.items():
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return [f"{path}:{line}: {reason}" for path, line, reason in source_rules.breaches(root, package)]

    def caught(self, path, text, expected, package=PACKAGE):
        found = self.found({path: text}, package)
        self.assertTrue(any(expected in each for each in found), f"{expected!r} is not in {found}")

    def passes(self, path, text, package=PACKAGE):
        self.assertEqual(self.found({path: text}, package), [])

    def test_what_is_allowed_passes(self):
        self.passes("Sources/Extract/Extraction/A.swift", "public import LogModel\nimport Synchronization\n")
        self.passes("Sources/Collect/Consumption/A.swift", "import FileTail\n")
        self.passes("Sources/Text/Compression/A.swift", "internal import CZlib\n")
        self.passes("Sources/Serve/HTTPInterface/A.swift", "import NIOCore\n")
        self.passes("Sources/Host/Ledger/A.swift", "import Glibc\n@_spi(LedgerCommit) public import LogModel\n")
        self.passes("Tests/LedgerTests/A.swift", "import Foundation\n@testable import Ledger\nimport Testing\n")

    def test_an_import_without_a_dependency_is_caught_in_each_spelling(self):
        for line in (
            "import SeriesModel", "public import SeriesModel", "@testable import SeriesModel",
            "import struct SeriesModel.Slot", "  @preconcurrency internal import SeriesModel",
        ):
            self.caught("Sources/Extract/Extraction/A.swift", f"\n{line}\n", "A.swift:2: Extraction imports SeriesModel but")

    def test_a_test_without_the_dependency_is_caught(self):
        self.caught("Tests/LedgerTests/A.swift", "import FileAccess\n", "LedgerTests imports FileAccess but")

    def test_an_upward_import_is_caught(self):
        package = with_dependencies("Compression", ["FileAccess"])
        self.caught("Sources/Text/Compression/A.swift", "import FileAccess\n", "imports upwards: FileAccess", package)

    def test_a_sideways_import_between_folders_is_caught(self):
        package = with_dependencies("Extraction", ["MetricRegistry"])
        self.caught("Sources/Extract/Extraction/A.swift", "import MetricRegistry\n", "imports sideways", package)

    def test_a_sibling_import_within_a_folder_is_caught(self):
        package = with_dependencies("YAMLNodes", ["Compression"])
        self.caught("Sources/Text/YAMLNodes/A.swift", "import Compression\n", "its sibling Compression", package)

    def test_the_sideways_exception_holds_in_one_direction_only(self):
        package = with_dependencies("FileTail", ["Consumption"])
        self.caught("Sources/Collect/FileTail/A.swift", "import Consumption\n", "its sibling Consumption", package)

    def test_a_forbidden_dependency_is_caught_before_it_is_imported(self):
        package = with_dependencies("Extraction", ["FileAccess"])
        self.caught("Sources/Extract/Extraction/A.swift", "", "Package.swift:1: the dependencies break", package)

    def test_an_unknown_folder_is_caught(self):
        package = {"targets": PACKAGE["targets"] + [target("Helpers", "Common", ["LogModel"])]}
        self.caught("Sources/Common/Helpers/A.swift", "import LogModel\n", "has no layer", package)

    def test_glibc_outside_host_is_caught(self):
        self.caught("Sources/App/Agent/A.swift", "import Glibc\n", "Glibc is imported only in Sources/Host")

    def test_foundation_in_sources_is_caught(self):
        self.caught("Sources/App/Agent/A.swift", "import Foundation\n", "Foundation stays out")
        self.caught("Sources/Host/Ledger/A.swift", "import FoundationEssentials\n", "FoundationEssentials stays out")

    def test_the_ledgers_spi_elsewhere_is_caught(self):
        self.caught("Sources/App/Agent/A.swift", "@_spi(LedgerCommit) import LogModel\n", "only Sources/Host/Ledger")
        self.caught("Sources/Host/FileAccess/A.swift", "@_spi(LedgerCommit) import LogModel\n", "only Sources/Host/Ledger")
        self.passes("Tests/LedgerTests/A.swift", "@_spi(LedgerCommit) import LogModel\n")

    def test_a_library_outside_its_home_is_caught(self):
        package = with_dependencies("FileTail", ["CZlib"])
        self.caught("Sources/Collect/FileTail/A.swift", "import CZlib\n", "CZlib has one home: Compression", package)
        package = with_dependencies("Agent", ["NIOPosix"])
        self.caught("Sources/App/Agent/A.swift", "import NIOPosix\n", "NIOPosix has one home", package)

    def test_a_file_of_no_target_is_caught(self):
        self.caught("Sources/Query/PromQL/A.swift", "", "belongs to no target")

    def test_words_are_caught(self):
        path = "Sources/App/Agent/A.swift"
        self.caught(path, "let a = try! f()\n", "`try!`")
        self.caught(path, "let a = b as! Int\n", "`as!`")
        self.caught(path, "// TODO later\n", "`TODO`")
        self.caught(path, "// FIXME later\n", "`FIXME`")
        self.caught("README.md", "see /home/somebody/x\n", "a path of one machine")
        self.caught("docs/A.md", "clone into /root/outrider\n", "a path of one machine")
        self.caught("docs/A.md", "see issue #7\n", "issue numbers")
        self.passes("README.md", "TODO is a word here; /var/log/bot/app.log is nobody's\n")


if __name__ == "__main__":
    unittest.main()
