"""What an opinion map shows."""
