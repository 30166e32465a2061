"""Votes cast in another's place: giving one away, taking it, casting it, and telling both sides."""
