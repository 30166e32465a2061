"""Minutes in words: what happened, told in sections, and written as Markdown or as a web page."""
