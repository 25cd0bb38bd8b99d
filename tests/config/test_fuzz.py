"""Whatever a file holds, loading it never falls, and what gives no municipality gives a problem."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.config.load import read_municipality
from tests.config.reading import NOWHERE, RIGHT

BITS = st.sampled_from(
    [
        "",
        "\n",
        "  ",
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        "&a ",
        "*a",
        "!!int ",
        "null",
        "true",
        "12:30",
        "2027-02-30",
        "ö",
        "\x00",
        "\t",
        "#",
        "|",
        ">",
        "%",
        "@",
        "0x1F",
        "-1",
        "999999999999",
        "~",
        "? ",
        "<<: ",
        "---\n",
        "every",
        "on demand",
    ]
)
LINES = RIGHT.splitlines(keepends=True)
CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def _never_falls(raw):
    municipality, problems = read_municipality(raw, "config.yaml", NOWHERE)
    assert municipality is not None or problems
    for problem in problems:
        assert str(problem).startswith(f"config.yaml:{problem.line}: ")
        assert "\n" not in str(problem)
        assert 1 <= problem.line <= raw.count(b"\n") + raw.count(b"\r") + 2


def _spliced(edits):
    text = RIGHT
    for at, length, bit in edits:
        place = at % (len(text) + 1)
        text = text[:place] + bit + text[place + length :]
    return text.encode("utf-8", "replace")


EDITS = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 12), BITS), min_size=1, max_size=5)


@given(EDITS)
@settings(max_examples=150, **CALM)
def test_a_spliced_configuration_never_falls(edits):
    _never_falls(_spliced(edits))


@given(st.binary(max_size=200))
@settings(max_examples=100, **CALM)
def test_any_bytes_never_fall(raw):
    _never_falls(raw)


@given(st.permutations(LINES), st.integers(1, len(LINES)))
@settings(max_examples=50, **CALM)
def test_lines_in_any_order_never_fall(lines, count):
    _never_falls("".join(lines[:count]).encode())


@pytest.mark.slow
@given(EDITS)
@settings(max_examples=5000, **CALM)
def test_many_spliced_configurations_never_fall(edits):
    _never_falls(_spliced(edits))


VALUES = st.recursive(
    st.sampled_from(
        ["x", "1", "true", "null", "2027-01-01", '"09:00"', "month", "styrgrupp", "anna.lind", "first tuesday"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(st.sampled_from(["every", "on", "to", "name", "role", "x"]), inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"
        ),
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "rhythm",
        "seats",
        "lead_times",
        "agenda",
        "changes",
        "recess",
        "fulfils",
        "scope",
        "reports_to",
        "asks",
        "starts",
        "external",
        "duration",
        "succeeds",
        "reminders",
        "produces",
    ]
)


@given(st.dictionaries(KEYS, VALUES, max_size=4), VALUES)
@settings(max_examples=150, **CALM)
def test_any_values_under_right_keys_never_fall(keys, product):
    body = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    text = RIGHT[: RIGHT.index("    rhythm")] + body + f"products: {{p: {product}}}\nduties: {product}\n"
    _never_falls(text.encode())
