"""Programs that go with every bundle, for whoever wants to check it without Palabre: they import nothing of it."""
