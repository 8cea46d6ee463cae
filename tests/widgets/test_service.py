from __future__ import annotations

import pytest

from aml_magics.errors import InvalidArgumentError, ServiceNotFoundError
from aml_magics.views.service.output import SERVICE
from aml_magics.widgets import ServiceWidget
from tests.fixtures.services import put_service


def test_a_widget_shows_a_service(sent, workspace):
    put_service(workspace.store)

    widget = ServiceWidget("digits", workspace)
    data, _ = widget._repr_mimebundle_()

    assert (widget.name, widget.state) == ("digits", "Healthy")
    assert "widget" in data[SERVICE]
    assert "digits:1" in data["text/html"]
    widget._seen({"update": {"state": "Failed"}})
    assert repr(widget) == "ServiceWidget('digits', state='Failed')"


def test_something_else_is_refused(workspace):
    with pytest.raises(InvalidArgumentError, match="takes a web service or its name, not int"):
        ServiceWidget(3, workspace)
    with pytest.raises(ServiceNotFoundError):
        ServiceWidget("nothing", workspace)
