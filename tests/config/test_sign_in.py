"""The door in the configuration: what it needs, and what would let everybody in."""

import pytest

from governance.model.body import SignIn
from tests.config.reading import RIGHT, made, with_lines


def test_the_mail_link_is_the_door_where_nothing_is_said():
    assert made().sign_in == SignIn("mail-link", "", "", False, False, "X-Remote-User", ())


def test_every_key_of_the_door_is_taken_over():
    lines = (
        "sign_in: {door: oidc, issuer: 'https://id.exempel.example/t', client_id: kadens, trust_email: true, "
        "mail_link: true, from: 10.0.0.0/24}\n"
    )
    expected = SignIn("oidc", "https://id.exempel.example/t", "kadens", True, True, "X-Remote-User", ("10.0.0.0/24",))
    assert made(RIGHT + lines).sign_in == expected


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ("door: proxy", ': proxyn behöver "from": adresserna som den har; annars kan vem som helst skriva rubriken'),
        (
            "door: proxy, from: [0.0.0.0/0]",
            ".from[1]: 0.0.0.0/0 är inte en proxy utan 4294967296 adresser; skriv bara proxyns egna",
        ),
        (
            "door: proxy, from: ['::/0']",
            f".from[1]: ::/0 är inte en proxy utan {2**128} adresser; skriv bara proxyns egna",
        ),
        (
            "door: proxy, from: [proxyn]",
            '.from[1]: "proxyn" är varken en adress eller ett nät; skriv till exempel 10.0.0.5',
        ),
        (
            "door: proxy, from: 10.0.0.5, header: Cookie",
            '.header: "Cookie" kan inte bära vem som kommer; skriv till exempel X-Remote-User',
        ),
        (
            "door: oidc, client_id: kadens",
            ': oidc behöver "issuer": adressen till den som intygar vem som loggar in',
        ),
        ("door: oidc, issuer: 'https://id.example'", ': oidc behöver "client_id": kadens id hos utfärdaren'),
        (
            "door: oidc, client_id: kadens, issuer: 'http://id.example'",
            ".issuer: utfärdarens adress ska börja med https://",
        ),
        (
            "door: oidc, client_id: kadens, issuer: 'https://login.microsoftonline.com/common/v2.0'",
            (
                ".issuer: skriv er egen katalog (tenant) i stället för common: "
                "annars kan vem som helst med ett konto komma in"
            ),
        ),
        (
            "door: oidc, client_secret: hemligt",
            '.client_secret: "client_secret" hör inte hemma i filen; sätt KADENS_OIDC_SECRET i miljön där kadens körs',
        ),
    ],
)
def test_a_door_set_up_unsafely_is_refused(keys, complaint):
    first = with_lines(f"sign_in: {{{keys}}}\n")[0]
    assert first == f"config.yaml:18: sign_in{complaint}"
