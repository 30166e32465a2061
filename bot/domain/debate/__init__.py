"""The rules of a structured debate: phases, arguments, the speakers' list, moderation, opinions, conclusion."""
