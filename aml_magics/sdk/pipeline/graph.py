"""A pipeline as a graph: steps are nodes, data between them are edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, did_you_mean
from aml_magics.records.pipeline.definition import FromParameter, FromStep

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition


@dataclass(frozen=True)
class Edge:
    """Data from an output of one node to an input of another; from no node, it is the pipeline's."""

    source: str
    output: str
    target: str
    input: str


@dataclass
class Node:
    """A step in a graph."""

    node_id: str
    name: str
    module_type: str
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    run_after: list[str] = field(default_factory=list)

    def get_input(self, name: str) -> str:
        """The name of an input.

        Raises:
            PipelineError: the step has none of that name.
        """
        return _named(self, "input", name, self.inputs)

    def get_output(self, name: str) -> str:
        """The name of an output.

        Raises:
            PipelineError: the step has none of that name.
        """
        return _named(self, "output", name, self.outputs)


class Graph:
    """The graph of a pipeline."""

    def __init__(self, definition: PipelineDefinition) -> None:
        self._nodes = {one.id: _node(one) for one in definition.steps}
        self.params = {one.name: one.default for one in definition.parameters}
        """Defaults of parameters by name."""
        self.edges = [edge for step in definition.steps for edge in _edges(step)]

    @classmethod
    def _of(cls, definition: PipelineDefinition) -> Graph:
        return cls(definition)

    @property
    def nodes(self) -> list[Node]:
        """The steps."""
        return list(self._nodes.values())

    @property
    def node_dict(self) -> dict[str, Node]:
        """The steps by id."""
        return dict(self._nodes)

    @property
    def module_nodes(self) -> list[Node]:
        """The steps."""
        return self.nodes

    def get_node(self, node_id: str) -> Node:
        """A step by id.

        Raises:
            PipelineError: there is none.
        """
        if node_id not in self._nodes:
            near = did_you_mean(str(node_id), self._nodes)
            raise PipelineError(f"The graph has no node {node_id!r:.60}.{near}")
        return self._nodes[node_id]

    def __repr__(self) -> str:
        return f"Graph({len(self._nodes)} nodes, {len(self.edges)} edges)"


def _node(step: StepDefinition) -> Node:
    return Node(
        step.id,
        step.name,
        step.kind,
        [one.name for one in step.inputs],
        [one.name for one in step.outputs],
        list(step.run_after),
    )


def _edges(step: StepDefinition) -> list[Edge]:
    found = []
    for one in step.inputs:
        if isinstance(one.origin, FromStep):
            found.append(Edge(one.origin.step, one.origin.output, step.id, one.name))
        else:
            origin: Any = one.origin
            named = origin.parameter if isinstance(origin, FromParameter) else one.name
            found.append(Edge("", named, step.id, one.name))
    return found


def _named(node: Node, what: str, name: str, names: list[str]) -> str:
    if name not in names:
        raise PipelineError(
            f"Step {node.name!r} has no {what} {name!r:.60}.{did_you_mean(str(name), names)} It has: "
            f"{', '.join(names) or 'none'}."
        )
    return name
