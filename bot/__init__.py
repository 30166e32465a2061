"""The core of Palabre: what a consultation is and how it lives. It knows no chat platform, no SQL and no scheduler; those come in through `bot.ports`."""
