"""Unlinked ballots: sealed as they are cast, opened at the closing, found again by their voters' codes alone."""
