enum PatternMatchingPlaceholder {}
