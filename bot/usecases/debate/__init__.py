"""The use cases of a structured debate."""
