#!/usr/bin/env python3
"""Parses a page of metrics on standard input with Python's prometheus_client; prints {family: samples} as JSON."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

families = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    families[family.name] = len(family.samples)
print(json.dumps(families))
