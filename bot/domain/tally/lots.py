"""Lots: a draw that anyone can repeat from its seed."""

from __future__ import annotations

import hashlib


def lot(seed: str, number: int) -> str:
    """The lot an option draws: SHA-256 of `seed:number`, in hexadecimal; the smallest wins."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
