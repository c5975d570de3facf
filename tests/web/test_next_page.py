"""After the door somebody lands on a page of ours, or nowhere special."""

import pytest

from app.web.next_page import safe_path


@pytest.mark.parametrize(
    "path",
    ["/", "/vandaag", "/herhalen?kaarten=3&over=a,b", "/hoofdstuk1/les#zin-a", "/kaart/é", "/a//b"],
)
def test_a_page_of_ours_is_gone_to(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "vandaag",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: x=y",
        "/\x00",
        " /vandaag",
        "/ /evil.example",
        "\t//evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:///evil.example",
        "//evil.example@127.0.0.1",
        "/\u2028/evil.example",
        "/\u00a0/evil.example",
        "/\u202e/evil.example",
        "//[::1",
    ],
)
def test_anything_else_is_not(path: str) -> None:
    assert safe_path(path) == ""
