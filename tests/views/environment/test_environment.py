from __future__ import annotations

from aml_magics.views.environment.environment import environment_view
from aml_magics.views.environment.static import environment_page


def definition(**more):
    dependencies = ["python=3.11", "scipy", {"pip": ["six --index-url https://ann:hush@a.example"]}]
    return {
        "name": "small", "version": "2", "python": {"condaDependencies": {"dependencies": dependencies}}, **more,
    }  # fmt: skip


def test_packages_are_those_of_conda_and_pip_without_the_python_and_without_secrets():
    view = environment_view(definition())

    assert view.python == "python=3.11"
    assert view.packages[0] == "scipy"
    assert "hush" not in str(view.packages)
    assert (view.is_user_managed, view.uses_docker) == (False, False)


def test_an_interpreter_that_the_user_looks_after_shows_no_packages():
    view = environment_view(definition(python={"userManagedDependencies": True}))

    assert view.is_user_managed
    assert "that of its interpreter" in environment_page(view).html
    assert "packages" not in environment_page(view).html


def test_an_environment_of_nothing_is_one():
    view = environment_view({})

    assert (view.name, view.version, view.python, view.packages) == ("", "", "python", ())
    assert "not registered" in environment_page(view).html
