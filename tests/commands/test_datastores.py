from __future__ import annotations

from aml_magics.services.data.store import datastore


def test_datastores_are_listed_without_credentials(ask, workspace):
    secret = "c2VjcmV0c2VjcmV0c2VjcmV0"
    settings = {"account_name": "acc", "container_name": "box"}
    datastore.register(workspace.store, "mine", "azure_blob", settings, {"account_key": secret})
    answer = ask(workspace, "datastores")
    frame = answer.value.set_index("name")

    assert frame.loc["mine", "type"] == "AzureBlob"
    assert frame.index[frame["is_default"]].tolist() == ["workspaceblobstore"]
    assert "mine" in answer.text
    assert "mine" in answer.html
    assert secret not in f"{answer.text}{answer.html}{frame.to_csv()}"
