#!/usr/bin/env python3
"""Parses a page of metrics on standard input with Python's prometheus_client, as OpenMetrics when it is called with
`openmetrics`; prints {family: samples} as JSON."""

import json
import sys

if sys.argv[1:] == ["openmetrics"]:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
else:
    from prometheus_client.parser import text_string_to_metric_families

families = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    families[family.name] = len(family.samples)
print(json.dumps(families))
