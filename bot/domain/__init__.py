"""The rules of consulting and voting: pure, synchronous, standard library only.

Nothing here reads a clock, logs, or speaks a sentence.
"""
