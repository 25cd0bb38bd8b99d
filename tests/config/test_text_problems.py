"""What is wrong already in the text of a file: each is told with its line, in plain words."""

from tests.config.reading import RIGHT, problems, spoiled, with_lines

HERE = "config.yaml:14: bodies.styrgrupp.rhythm.at: "


def test_a_right_configuration_has_no_problems():
    assert problems(RIGHT) == []


def test_a_repeated_key_is_refused_with_both_lines():
    assert spoiled("    tier: steering\n", "    tier: steering\n    name: Igen\n") == [
        "config.yaml:14: bodies.styrgrupp.name: nyckeln står två gånger (först på rad 12); ta bort den ena"
    ]


def test_an_unquoted_time_is_refused_whether_or_not_yaml_takes_it_for_a_number():
    """at: 13:00 is 780 to YAML 1.1, and at: 09:00 is text; one rule for both."""
    for clock in ("13:00", "09:00", "9:30"):
        assert spoiled('"09:00-10:00"', clock) == [f'{HERE}klockslag måste stå inom citattecken: "{clock}"']


def test_an_alias_is_refused():
    """held_by: *x"""
    assert spoiled("held_by: per.berg", "held_by: *x") == [
        'config.yaml:17: bodies.styrgrupp.seats[2].held_by: "*x" är en YAML-hänvisning, som inte läses; skriv ut värdet'
    ]


def test_an_anchor_is_refused():
    """name: &x Styrgruppen"""
    assert spoiled("name: Styrgruppen", "name: &x Styrgruppen") == [
        'config.yaml:12: bodies.styrgrupp.name: "&x" är ett YAML-ankare, som inte läses; ta bort det'
    ]


def test_an_alias_bomb_is_refused_without_being_expanded():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert problems(bomb)[1] == 'config.yaml:1: a0: "&a0" är ett YAML-ankare, som inte läses; ta bort det'


def test_a_type_of_yamls_own_is_refused():
    """name: !!python/object:os.system x"""
    assert spoiled("name: Styrgruppen", "name: !!python/object:os.system x") == [
        (
            "config.yaml:12: bodies.styrgrupp.name: "
            'typen "tag:yaml.org,2002:python/object:os.system" läses inte; ta bort den'
        )
    ]


def test_a_large_file_is_refused():
    assert problems(b"#" * 300_000) == ["config.yaml:1: filen är 292 kB; högst 256 kB läses, dela upp den"]


def test_a_file_that_is_not_utf8_is_refused_with_the_line():
    assert problems(RIGHT.encode().replace(b"Styrgruppen", "Åse".encode("latin-1"))) == [
        "config.yaml:12: filen är inte sparad som UTF-8 (ett tecken på raden går inte att läsa); spara den som UTF-8"
    ]


def test_a_byte_order_mark_and_windows_lines_are_read():
    assert problems(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()) == []


def test_control_characters_are_refused():
    assert spoiled("Styrgruppen", "Styr\0grup\x1bpen") == [
        "config.yaml:12: ett osynligt styrtecken (U+0000) står på raden; ta bort det",
        "config.yaml:12: ett osynligt styrtecken (U+001B) står på raden; ta bort det",
    ]


def test_control_characters_written_with_a_backslash_are_refused():
    """name: "Styr\\x07gruppen" """
    assert spoiled("name: Styrgruppen", 'name: "Styr\\x07gruppen"') == [
        (
            "config.yaml:12: bodies.styrgrupp.name: texten har ett osynligt styrtecken; "
            "ta bort det omvända snedstrecket eller tecknet"
        )
    ]


def test_tabs_are_refused():
    assert spoiled("    tier: steering", "\ttier: steering") == [
        "config.yaml:13: ett tabbtecken står på raden; byt det mot mellanslag"
    ]


def test_a_wrong_indent_is_told_in_plain_words():
    assert spoiled("    tier: steering", "   tier: steering") == [
        (
            "config.yaml:13: raden går inte att läsa: "
            "felaktigt indrag: raden börjar inte i samma kolumn som raderna den hör till"
        )
    ]


def test_a_colon_within_a_text_is_told_in_plain_words():
    """name: Styr: gruppen"""
    assert spoiled("name: Styrgruppen", "name: Styr: gruppen") == [
        (
            "config.yaml:12: raden går inte att läsa: "
            'ett kolon för mycket, eller fel indrag; sätt citattecken om text med ": "'
        )
    ]


def test_a_quote_never_closed_is_told_where_it_began():
    """name: "Styrgruppen"""
    assert spoiled("name: Styrgruppen", 'name: "Styrgruppen') == [
        "config.yaml:12: raden går inte att läsa: ett citattecken saknas i slutet av texten"
    ]


def test_a_bracket_never_closed_is_told():
    assert spoiled("held_by: per.berg}", "held_by: per.berg") == [
        "config.yaml:18: raden går inte att läsa: ett kommatecken eller en avslutande parentes ] eller } saknas"
    ]


def test_a_key_without_its_colon_is_told_where_it_stands():
    assert spoiled("    tier: steering", "    tier steering") == [
        "config.yaml:13: raden går inte att läsa: ett kolon saknas efter nyckeln"
    ]


def test_several_documents_in_a_file_are_refused():
    assert problems(RIGHT + "---\na: 1\n") == [
        'config.yaml:18: filen har flera dokument åtskilda av "---"; lägg varje kommun i en egen fil'
    ]


def test_an_empty_file_is_told():
    for text in ("", "# bara en kommentar\n"):
        assert problems(text) == ["config.yaml:1: filen är tom; kör kadens init för ett exempel att utgå från"]


def test_a_file_that_is_a_list_or_a_text_is_refused():
    for text in ("- a\n- b\n", "hej\n"):
        assert problems(text) == ["config.yaml:1: filen ska bestå av nycklar med värden, till exempel municipality: …"]


def test_deep_nesting_is_refused_without_being_followed():
    assert with_lines("x: " + "[" * 5000 + "\n") == [
        "config.yaml:18: x[1][1]: fler än 20 nivåer i varandra; gör filen plattare"
    ]
    assert problems("- " * 100_000) == ["config.yaml:1: [1][1][1]: fler än 20 nivåer i varandra; gör filen plattare"]


def test_a_personal_number_is_refused_wherever_it_stands():
    wrong = "ser ut som ett personnummer; uppgifter om enskilda får inte stå i filen, ta bort det"
    assert spoiled("name: Per Berg", "name: Per Berg 19800101-1234") == [f"config.yaml:9: people.per.berg: {wrong}"]
    assert spoiled("name: Styrgruppen", "name: Styrgruppen # 800161-1234") == [
        f"config.yaml:12: bodies.styrgrupp.name: {wrong}"
    ]


def test_telephone_and_organisation_numbers_are_no_personal_numbers():
    assert spoiled("organisation: polisen", 'organisation: polisen, phone: "0123-45 60 00", title: 556677-8899') == []
