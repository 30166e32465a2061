"""How votes were counted, in words and in figures for charts, for every counting method."""
