"""Letters of other alphabets that cannot be told from Latin ones by eye, as data.

A short list, taken by frequency from what Unicode calls confusables: Cyrillic,
Greek and Armenian letters, quotes and dashes. It knows no digits (option 1 and
option l are left to the reader) and no accents ("pâte" is not "pate").
"""

from __future__ import annotations

_PAIRS = (
    # Cyrillic, capitals then small letters
    ("АВЕЅІЈКМНОРСТУХҮԌԚԜӀЁЇ", "ABESIJKMHOPCTYXYGQWIËÏ"),
    ("аесіїјорухѕԁһԛԝѵүёӏ", "aeciïjopyxsdhqwvyël"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ", "ABEZHIKMNOPTYXCJ"),
    ("αγικνορυϲϳ", "ayikvopucj"),
    # Armenian, dotless and script letters
    ("ՕօոսհցʜıȷɑɡƖ", "OonuhgHijagl"),
    # Apostrophes, quotes and dashes
    ("’‘‛ʼʹʻʽꞌ′‵´`", "''''''''''''"),
    ("“”„‟″«»", '"""""""'),
    ("‐‑‒–—―−﹘－", "---------"),
)

LATIN = str.maketrans("".join(strange for strange, _ in _PAIRS), "".join(plain for _, plain in _PAIRS))
"""A `str.translate` table from a confusable character to the Latin one it looks like."""

APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼʹʻʽꞌ′‵´`", "'"))
"""A `str.translate` table from what keyboards produce for an apostrophe to the plain one."""
