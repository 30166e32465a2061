"""The core of Palabre: what a consultation is and how it lives.

It knows no chat platform, no SQL and no scheduler; those come in through `bot.ports`
and `bot.store`. `domain` has the rules, `usecases` what people and the clock can do,
`text` every sentence; `main` is the only wiring.
"""
