#!/usr/bin/env python3
"""Parses a page of metrics on standard input with Python's prometheus_client, as OpenMetrics when it is called with
`openmetrics`; prints {family: samples} as JSON, or with `exemplars` behind it [sample, le, labels, value, time] of each exemplar."""

import json
import sys

if sys.argv[1:2] == ["openmetrics"]:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
else:
    from prometheus_client.parser import text_string_to_metric_families

families = {}
exemplars = []
for family in text_string_to_metric_families(sys.stdin.read()):
    families[family.name] = len(family.samples)
    for sample in family.samples:
        if sample.exemplar:
            exemplar = sample.exemplar
            found = [sample.name, sample.labels.get("le", ""), exemplar.labels, exemplar.value, float(exemplar.timestamp)]
            exemplars.append(dict(zip(["sample", "le", "labels", "value", "time"], found)))
print(json.dumps(exemplars if "exemplars" in sys.argv else families))
