"""Matrix: what the homeserver's own interface needs, with the encryption of matrix-nio, which nothing else imports.

`session` logs in and remembers, `keyring` encrypts, `signing` vouches for our device; `intake` takes what happens to
the door in order, read by `inbound`; `outbound` sends cards in the shape `markup` gives them, `chats` finds the private
ones, `rooms` and `people` say what a room and an account are, `platform` puts it all together.
"""
