"""Telegram through python-telegram-bot, which nothing else in the project imports.

`inbound` reads updates and `reception` takes them to the door in order, whether `polling`
or `webhook` brought them; `outbound` sends cards in the shape `markup` gives them and when
`pacing` lets it, `rooms` answers questions about groups, `platform` puts it all together.
"""
