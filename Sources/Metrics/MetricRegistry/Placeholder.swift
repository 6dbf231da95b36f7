enum MetricRegistryPlaceholder {}
