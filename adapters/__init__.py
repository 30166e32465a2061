"""The outside world: one package per chat platform, the alarm, the clock and the drawing of charts.

Adapters see `bot.ports`, `bot.domain` and `bot.text.card`; never use cases or sentences.
"""
