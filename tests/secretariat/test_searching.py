"""How words are compared, and what of a text is shown where they stand."""

from __future__ import annotations

import pytest

from governance.secretariat.searching import Piece, excerpt, folded, marked, matches, whole, words_of


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("ÅTGÄRD Ö", "åtgärd ö"),
        ("Idé, Müller, señor, À", "ide, muller, senor, a"),
        ("a\u030atga\u0308rd", "åtgärd"),  # letter and accent apart, as some systems write them
        ("İßŁ", "ißł"),
        ("100 % – § 3", "100 % – § 3"),
    ],
)
def test_folded_text_keeps_swedish_letters_and_its_length(text: str, compared: str) -> None:
    assert folded(whole(text)) == compared
    assert len(compared) == len(whole(text))


def test_words_are_folded_once_each_and_none_where_all_are_single_characters() -> None:
    assert words_of("  Torget  BELYSNING torget ") == ("torget", "belysning")
    assert words_of("a b") == ()
    assert words_of("§ 12") == ("§", "12")
    assert len(words_of("x" * 500)[0]) == 100
    assert len(words_of(" ".join(f"ord{n}" for n in range(30)))) == 8


def test_a_text_matches_when_every_word_stands_in_it() -> None:
    assert matches("Belysningen vid Ågatan", ("ågatan", "belys"))
    assert not matches("Belysningen vid Agatan", ("ågatan",))
    assert matches("vad som helst", ())


def test_words_are_marked_where_they_stand_also_when_they_overlap() -> None:
    assert marked("Ett Torg", ("torg",)) == (Piece("Ett "), Piece("Torg", hit=True))
    pieces = marked("torget", ("torg", "rget"))
    assert pieces == (Piece("torg", hit=True), Piece("et", hit=True))
    assert "".join(piece.text for piece in marked("aaa b aaa", ("aa", "b"))) == "aaa b aaa"


def test_an_excerpt_is_cut_between_words_around_the_first_hit() -> None:
    text = " ".join(f"ord{n}" for n in range(100))
    pieces = excerpt(text, ("ord50",), around=20)
    assert "".join(piece.text for piece in pieces) == ("… ord47 ord48 ord49 ord50 ord51 ord52 ord53 ord54 ord55 …")
    assert [piece.text for piece in pieces if piece.hit] == ["ord50"]


def test_an_excerpt_of_a_short_text_is_the_whole_on_one_line() -> None:
    assert excerpt("Torget\n\när mörkt", ("mörkt",)) == (Piece("Torget är "), Piece("mörkt", hit=True))
    assert excerpt("", ("x",)) == ()


def test_an_excerpt_without_blanks_is_cut_all_the_same() -> None:
    text = "".join(piece.text for piece in excerpt("x" * 500 + "torg" + "y" * 500, ("torg",)))
    assert len(text) < 300
    assert "torg" in text
