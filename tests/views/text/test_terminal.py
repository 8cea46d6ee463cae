"""What a terminal would show."""

from __future__ import annotations

import pytest

from aml_magics.views.text.terminal import TerminalLine, pieces, plain, screen_lines


def shown(text: str) -> str:
    [line] = screen_lines(text)
    return line


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("\r 10%\r 50%\r100%\n", "100%"),
        ("50%\r100%\r", "100%"),
        ("long text\rnew", "newg text"),
        ("long text\r\x1b[Knew", "new"),
        ("long text\x1b[2K\rnew", "new"),
        ("\r  0%|   |epoch 0", "  0%|   |epoch 0"),
        ("1/3 [=>.]\b\b\b\b\b\b\b\b\b2/3 [==>]", "2/3 [==>]"),
        ("bar\r   \r", ""),
        ("a\tb", "a       b"),
        ("text   \r\n", "text"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07\x1b]0;title\x07", "link"),
        ("\x1b[2Jgone\x1b[3;4H", "gone"),
        ("\b\b\x1b[1Kx", "x"),
    ],
)
def test_a_line_is_what_is_left_of_it(printed: str, seen: str) -> None:
    assert shown(printed) == seen


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("\x1b[31mred\x1b[0m on", "\x1b[31mred\x1b[m on"),
        ("\x1b[1;31mE\x1b[22mF\x1b[39mG", "\x1b[1;31mE\x1b[31mF\x1b[mG"),
        ("\x1b[mplain\x1b[0m", "plain"),
        ("\x1b[92mbright\x1b[m", "\x1b[32mbright\x1b[m"),
        ("\x1b[90mgrey", "\x1b[90mgrey\x1b[m"),
        ("\x1b[37;41mx", "\x1b[37;41mx\x1b[m"),
        ("\x1b[107;30mx", "\x1b[30;47mx\x1b[m"),
        ("\x1b[38;5;208mx", "\x1b[33mx\x1b[m"),
        ("\x1b[38;5;9mx", "\x1b[31mx\x1b[m"),
        ("\x1b[38;5;15mx", "\x1b[97mx\x1b[m"),
        ("\x1b[38;5;240mx", "\x1b[90mx\x1b[m"),
        ("\x1b[38;2;20;200;30;1mx", "\x1b[1;32mx\x1b[m"),
        ("\x1b[48;2;10;10;250mx", "\x1b[44mx\x1b[m"),
        ("\x1b[38;5mx\x1b[38;2;1;2mx\x1b[38;5;999mx\x1b[;;mx", "xxxx"),
        ("\x1b[3;4;5;7mx", "x"),
        ("\x1b[32m##\x1b[m  \r", "\x1b[32m##\x1b[m"),
        ("\x1b[32maaa\rb", "\x1b[32mbaa\x1b[m"),
    ],
)
def test_colours_are_those_of_a_theme(printed: str, seen: str) -> None:
    assert shown(printed) == seen


def test_a_colour_goes_on_in_the_next_line_and_each_line_says_so() -> None:
    assert screen_lines("\x1b[31mone\n\ntwo\x1b[m\nthree\n") == [
        "\x1b[31mone\x1b[m",
        "",
        "\x1b[31mtwo\x1b[m",
        "three",
    ]


def test_pieces_are_the_text_with_its_looks() -> None:
    line = shown("a\x1b[1;31mb\x1b[mc")

    assert list(pieces(line)) == [("a", ""), ("b", "1;31"), ("c", "")]
    assert plain(line) == "abc"
    assert list(pieces("")) == []


def test_a_code_may_come_in_pieces_and_fine_colours_are_kept_where_no_screen_asks() -> None:
    line = TerminalLine()
    for piece in ("a\x1b", "[38;5", ";208", "mb", "\x1b]8;;http://", "x\x07c"):
        line.feed(piece)

    assert line.take() == "a\x1b[38;5;208mbc\x1b[m"


def test_a_megabyte_of_a_bar_costs_little_memory() -> None:
    line = TerminalLine()
    for number in range(50_000):
        line.feed(f"\r{number:>20}")

    assert len(line) == 20
    assert line.take().strip() == "49999"
