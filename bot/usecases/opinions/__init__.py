"""The use cases of an opinion map."""
