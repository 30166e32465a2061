"""How people write down a group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.addresses import Address, read


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("-1001234567890", Address(-1001234567890)),
        ("telegram:-1001234567890:17", Address(-1001234567890, "17")),
        (" @assembly ", Address("@assembly")),
        ("https://t.me/assembly", Address("@assembly")),
        ("http://telegram.me/assembly/", Address("@assembly")),
        ("t.me/assembly/17/42?single", Address("@assembly", "17")),
        ("t.me/assembly/1/42", Address("@assembly")),
        ("https://t.me/c/1234567890/17", Address(-1001234567890, "17")),
        ("https://t.me/c/1234567890", Address(-1001234567890)),
    ],
)
def test_numbers_names_and_links_are_read(typed: str, address: Address) -> None:
    assert read(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "assembly",
        "42",
        "@é",
        "@abc",
        "https://t.me/+AbC",
        "https://t.me/joinchat/AbC",
        "https://x.org/t.me/abcd",
        "-１２",
    ],
)
def test_the_rest_is_no_address(typed: str) -> None:
    assert read(typed) is None


@given(st.text(max_size=60))
def test_anything_can_be_typed(typed: str) -> None:
    read(typed)
