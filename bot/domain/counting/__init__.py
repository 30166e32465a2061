"""Counting the ballots of a live consultation, merged by what they express.

Plurality and approval are added up here, in plain Python, since a card is counted
again each time it is refreshed; every other method is counted by `bot.domain.tally`, which
counts ballot files as well, and which also decides every tie. What a quorum or a majority
make of the outcome is decided in `bot.domain.results`.
"""
