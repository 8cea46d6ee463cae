"""Sections refuse what they do not have, and are written and read as Azure's JSON."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import dataclass, field
from typing import Any

import pytest

from aml_magics.errors import SectionAttributeError
from aml_magics.sdk.workspace.section import Section, section, wired


@dataclass(repr=False, eq=False)
class Inner(Section):
    max_size: int = 3
    registry_password: str | None = None


@dataclass(repr=False, eq=False)
class Outer(Section):
    script: str = "train.py"
    inner: Inner | None = section(Inner)
    nothing: Inner | None = section(Inner, lambda: None)
    pytorch: Any = wired(None, "pyTorch")
    env_vars: dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return self._target

    @target.setter
    def target(self, value: str) -> None:
        self._target = value


def test_a_section_is_written_with_azures_names_and_read_back():
    made = Outer(script="x.py")
    made.inner.max_size = 5
    made.env_vars = {"aB_c": "1"}

    written = made.to_dict()

    assert written == {
        "script": "x.py",
        "inner": {"maxSize": 5, "registryPassword": None},
        "nothing": None,
        "pyTorch": None,
        "envVars": {"aB_c": "1"},
    }
    assert Outer.from_dict(json.loads(json.dumps(written))) == made
    assert Outer.from_dict(written) != Outer()
    assert Outer() != Inner()


def test_what_a_dict_leaves_out_has_its_default_and_none_stays_none():
    assert Outer.from_dict({}) == Outer()
    assert Outer.from_dict({"inner": None}).inner is None
    assert isinstance(Outer.from_dict({"nothing": {}}).nothing, Inner)


def test_keys_of_a_later_version_are_kept():
    assert Outer.from_dict({"later": [1], "script": "y"}).to_dict()["later"] == [1]


def test_two_sections_share_no_default():
    Outer().env_vars["a"] = "b"
    Outer().inner.max_size = 9

    assert (Outer().env_vars, Outer().inner.max_size) == ({}, 3)


def test_a_misspelt_attribute_is_an_error_when_set_and_when_read():
    with pytest.raises(SectionAttributeError, match=r"Outer has no attribute 'scrpt'.* 'script'"):
        Outer().scrpt = "x"
    with pytest.raises(AttributeError, match=r"Inner has no attribute 'maxsize'.* 'max_size'"):
        _ = Outer().inner.maxsize
    with pytest.raises(SectionAttributeError, match=r"It has max_size, registry_password"):
        Inner().zzz = 1
    assert not hasattr(Outer(), "zzz")


def test_a_section_takes_no_other_class_for_a_part():
    with pytest.raises(SectionAttributeError, match=r"Outer.inner is a Inner, not dict \({}\)"):
        Outer().inner = {}
    made = Outer()
    made.inner = None
    made.target = "local"
    assert (made.inner, made.target) == (None, "local")


def test_a_section_is_read_from_a_dict_only():
    with pytest.raises(SectionAttributeError, match=r"Inner is read from a dict .*, not from list"):
        Outer.from_dict({"inner": [1]})


def test_a_section_is_copied_and_pickled():
    made = Outer(script="x.py")

    assert copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made


def test_secrets_are_not_shown():
    made = Outer(env_vars={"API_KEY": "abcdefgh", "URL": "https://u:pa55word@host/x", "A": "plain"})
    made.inner.registry_password = "hunter22"

    shown = repr(made)

    assert json.loads(shown)["envVars"] == {
        "API_KEY": "***", "URL": "https://u:***@host/x", "A": "plain",
    }  # fmt: skip
    assert "hunter22" not in shown
    assert made.to_dict()["envVars"]["API_KEY"] == "abcdefgh"


@pytest.mark.parametrize("value", ["abc", 123456, 1.5, ["abcdefgh"]])
def test_a_secret_of_any_form_is_not_shown(value):
    made = Outer(env_vars={"DB_PASSWORD": value, "EMPTY_PASSWORD": "", "NO_TOKEN": None})

    assert json.loads(repr(made))["envVars"] == {
        "DB_PASSWORD": ["***"] if isinstance(value, list) else "***",
        "EMPTY_PASSWORD": "",
        "NO_TOKEN": None,
    }
