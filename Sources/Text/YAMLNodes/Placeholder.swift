enum YAMLNodesPlaceholder {}
