"""The third platform: rooms and people that exist in a scenario only, played from a file or at a prompt.

`script` reads the lines, `world` holds rooms, people, messages and the clock,
`messenger` is the port over that world, `player` plays acts against the bot,
`expectations` judges what they caused, `transcript` shows it, `prompt` is the
rehearsal.
"""
