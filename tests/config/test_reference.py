"""The JSON Schema and the reference page say what the reader accepts."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from governance.config import json_schema
from governance.config.reader import read
from governance.config.reference import reference

HOUSE = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(json_schema())


def test_the_reference_page_is_made_from_the_schema():
    made = (HOUSE / "docs/reference/config.md").read_text(encoding="utf-8")
    assert made == reference(), "python -m governance.config.reference docs/reference/config.md"


def test_the_json_schema_is_one():
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", ["config.yaml", "lulea.yaml", "lilla-edet.yaml", "linkoping.yaml"])
def test_the_json_schema_accepts_what_ships(name):
    file = HOUSE / name if name == "config.yaml" else HOUSE / "examples" / name
    assert list(VALIDATOR.iter_errors(read(file.read_bytes(), name).data)) == []


def test_the_json_schema_refuses_what_the_reader_refuses():
    data = read((HOUSE / "config.yaml").read_bytes(), "config.yaml").data
    data["bodies"]["styrgrupp"]["teir"] = "steering"
    data["bodies"]["styrgrupp"]["formality"] = "stiff"
    del data["municipality"]["contact"]
    found = {tuple(error.absolute_path) for error in VALIDATOR.iter_errors(data)}
    assert found == {("bodies", "styrgrupp"), ("bodies", "styrgrupp", "formality"), ("municipality",)}


def test_every_key_is_described_in_the_schema():
    schema = json_schema()
    for name, keys in schema["$defs"].items():
        for key, value in keys.get("properties", {}).items():
            assert (name, key, bool(value.get("description")), bool(value.get("examples"))) == (name, key, True, True)


def test_the_schema_is_plain_yaml_too():
    assert yaml.safe_load(yaml.safe_dump(json_schema())) == json_schema()
