"""MLflow's traces, of which a workspace keeps none: so none is found, and none can be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.utils.search_utils import SearchTraceUtils

from aml_magics.mlflow.experiment_store import checked_page
from aml_magics.mlflow.failure import missing, not_built, raising_mlflow_errors

if TYPE_CHECKING:
    from collections.abc import Sequence


def _not_kept(*_: Any, **__: Any) -> Any:
    """Refuse a new trace."""
    raise not_built(
        "Traces are not kept in a workspace of aml_magics; mlflow.tracing.disable() switches tracing off, "
        "and runs, metrics, artifacts and models are here."
    )


def _not_there(_store: object, trace_id: object, *_: Any, **__: Any) -> Any:
    """Answer for one trace."""
    raise missing(f"There is no trace {trace_id!r:.80}: a workspace of aml_magics keeps none.")


def _none(*_: Any, **__: Any) -> list[Any]:
    """Answer for some traces."""
    return []


class TraceStore:
    """The traces of the tracking store."""

    @raising_mlflow_errors
    def search_traces(
        self,
        experiment_ids: Sequence[str] | None = None,
        filter_string: str | None = None,
        max_results: int = 100,
        order_by: list[str] | None = None,
        page_token: str | None = None,
        **_: Any,
    ) -> tuple[list[Any], str | None]:
        """No trace; a question that MLflow's own stores refuse is refused."""
        del experiment_ids
        checked_page(max_results)
        SearchTraceUtils.parse_search_filter_for_search_traces(filter_string)
        for one in order_by or ():
            SearchTraceUtils.parse_order_by_for_search_traces(one)
        SearchTraceUtils.parse_start_offset_from_page_token(page_token)
        return [], None

    def _delete_traces(self, *_: Any, **__: Any) -> int:
        """Delete none; MLflow has checked what is asked for."""
        return 0

    get_trace = get_trace_info = set_trace_tag = delete_trace_tag = _not_there
    get_assessment = update_assessment = delete_assessment = _not_there
    batch_get_traces = batch_get_trace_infos = _none
    start_trace = log_spans = link_traces_to_run = unlink_traces_from_run = _not_kept
    create_assessment = query_trace_metrics = _not_kept
