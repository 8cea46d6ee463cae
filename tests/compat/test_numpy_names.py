"""Old code's names of numpy, in processes of their own."""

from __future__ import annotations

import pytest

from aml_magics import _namespace
from aml_magics.compat import aml_magics_start
from tests.compat.python import printed, python

ON = {_namespace.OLD_NUMPY: "1"}
OLD = """
assert np.float is float and np.int is int and np.object is object and np.str is str
assert np.complex is complex and np.array([1.5], dtype=np.float).dtype == "float64"
assert np.float_ is np.float64 and np.unicode_ is np.str_ and np.product([2, 3]) == 6
assert np.isnan(np.NaN) and np.Inf == np.inf and np.NAN is np.nan
assert issubclass(np.VisibleDeprecationWarning, UserWarning)
"""


def test_old_names_are_there_with_one_notice_whenever_numpy_is_imported():
    first = python("-c", f"import numpy as np\nfrom azureml.core import Run\n{OLD}", **ON)
    then = python("-c", f"from azureml.core import Run\nimport numpy as np\n{OLD}", **ON)

    for done in (first, then):
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("\n") == 1
        assert "has no np.float: aml_magics gives float for it" in done.stderr
        assert "AML_MAGICS_NUMPY_ALIASES=0 switches that off" in done.stderr


def test_numpy_that_is_there_already_gets_them_too():
    code = f"""
import os, numpy as np
os.environ["{_namespace.OLD_NUMPY}"] = "1"
from aml_magics.compat import aml_magics_start
aml_magics_start.start(); aml_magics_start.start()
{OLD}"""
    assert printed(code, **{_namespace.OLD_NUMPY: ""}) == ""


def test_a_name_can_be_imported_and_what_numpy_has_today_stays():
    code = "import numpy\nbefore = numpy.bool\nfrom numpy import int as i\nprint(i, before is numpy.bool_)"

    assert printed(code, **ON) == "<class 'int'> True"


def test_who_uses_none_is_told_nothing():
    done = python("-c", "import numpy, importlib.util; print(numpy.array([1]).sum())", **ON)

    assert (done.stdout, done.stderr) == ("1\n", "")


def test_what_numpy_never_had_is_refused_as_numpy_does():
    code = "import numpy as np\nprint(hasattr(np, 'nothing'), hasattr(np, '__nothing__'))"

    assert printed(code, **ON) == "False False"


@pytest.mark.parametrize("value", ["", "0", "false", "Off"])
def test_they_can_be_switched_off(value):
    done = python("-c", "import numpy as np; np.float", **{_namespace.OLD_NUMPY: value})

    assert "AttributeError: module 'numpy' has no attribute 'float'" in done.stderr


def test_a_look_whether_numpy_is_installed_does_not_import_it():
    code = """
import importlib.util, sys
assert importlib.util.find_spec("numpy").origin and "numpy" not in sys.modules
import numpy as np
print(np.float)"""
    assert printed(code, **ON) == "<class 'float'>"


def test_a_numpy_that_has_its_own_old_names_is_left_alone(tmp_path):
    (tmp_path / "numpy.py").write_text("__version__ = '1.19.5'\nfloat = 'its own'\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport numpy\nprint(numpy.float, hasattr(numpy, 'int'))"

    assert printed(code, **ON) == "its own False"


def test_the_sitecustomize_of_somebody_else_has_its_turn(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('theirs')\n")
    code = "import sys, sitecustomize; print(sitecustomize.__file__, sys.path[1])"

    said = printed(code, str(tmp_path), **ON).split()

    assert said == ["theirs", f"{tmp_path}/sitecustomize.py", str(_namespace.FOLDER)]


def test_a_start_is_quick_since_it_imports_nothing():
    code = "import sys; print(sorted({'typing', 're', 'aml_magics', 'numpy'} & set(sys.modules)))"
    done = python("-c", code, **ON, PYTHONNOUSERSITE="1")
    plain = python("-S", "-c", code)

    assert done.stdout == plain.stdout == "[]\n"


def test_the_switch_has_one_name():
    assert aml_magics_start.OLD_NUMPY == _namespace.OLD_NUMPY
