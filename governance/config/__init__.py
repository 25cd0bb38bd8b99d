"""The YAML that describes a municipality: read with a line for every value, checked in one run, made into the model."""

from governance.config.load import Loaded, fingerprint, json_schema, load
from governance.config.problem import Problem

__all__ = ["Loaded", "Problem", "fingerprint", "json_schema", "load"]
