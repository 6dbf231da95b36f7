enum ConsumptionPlaceholder {}
