"""How fast the bot is, next to the fastest its libraries allow: product and floor measured in the same run.

Absolute figures belong to one machine on one day; ratios travel. `docs/performance.md`
says what each bar means.
"""
