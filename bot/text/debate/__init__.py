"""What a structured debate shows."""
