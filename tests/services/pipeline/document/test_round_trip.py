"""A definition that is written as YAML reads as the same definition."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aml_magics.records.data.data_use import (
    DataFolder,
    DataInput,
    DataOutput,
    InputMechanism,
    OutputResult,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.distribution import Distribution
from aml_magics.records.pipeline.definition import (
    FromDataset,
    FromParameter,
    FromStep,
    ParameterDefinition,
    PipelineDefinition,
    RunSettings,
    StepDefinition,
    StepInput,
    StepOutput,
    parameter_placeholder,
)
from aml_magics.services.pipeline.document.reading import read
from aml_magics.services.pipeline.document.writing import written
from aml_magics.services.pipeline.validation import result_names

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]),
    max_size=12,
) | st.sampled_from(
    [
        "yes",
        "0.10",
        "1e5",
        "12:30",
        "null",
        "~",
        "- a",
        "2020-01-01",
        "input:x",
        "a: b",
        "#",
        "${x}",
    ]
)
NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True).map("d{}".format)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
MAPPING = st.dictionaries(TEXT, JSON, max_size=3)
PLACE = st.none() | st.sampled_from(["a/b", "/tmp/x"])
VERSION = st.none() | st.integers(1, 9)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


def _default(kind: str) -> st.SearchStrategy[object]:
    return {
        "string": TEXT,
        "int": st.integers(-(2**53), 2**53),
        "float": NUMBER,
        "bool": st.booleans(),
        "datapath": st.builds(lambda store, path: {"datastore": store, "path": path}, TEXT, TEXT),
        "dataset": st.builds(lambda one: {"id": one}, TEXT)
        | st.builds(lambda name, version: {"name": name, "version": version}, TEXT, VERSION),
    }[kind] | st.none()


@st.composite
def parameters(draw: st.DrawFn) -> tuple[ParameterDefinition, ...]:
    kinds = ["string", "int", "float", "bool", "datapath", "dataset"]
    found = draw(st.dictionaries(NAME, st.sampled_from(kinds), max_size=4))
    return tuple(
        ParameterDefinition(name, kind, draw(_default(kind)))  # type: ignore[arg-type] # one of them
        for name, kind in found.items()
    )


RESULTS = st.builds(
    OutputResult,
    register_as=st.none() | TEXT.filter(bool),
    description=TEXT,
    tags=st.dictionaries(TEXT, TEXT | st.none(), max_size=2),
    format=TEXT,
    options=MAPPING,
    steps=st.lists(MAPPING, max_size=2).map(tuple),
    partition_format=TEXT,
    glob=TEXT,
)
DEFINITIONS = st.builds(
    Definition,
    kind=st.sampled_from(["tabular", "file"]),
    locations=st.lists(st.builds(Location, TEXT, st.none() | TEXT), max_size=2).map(tuple),
    format=TEXT,
    options=MAPPING,
)


@st.composite
def outputs(draw: st.DrawFn) -> tuple[StepOutput, ...]:
    return tuple(
        StepOutput(
            DataOutput(
                name=name,
                datastore=draw(TEXT.filter(bool)),
                path=draw(st.sampled_from(["", "azureml/{run-id}/{output-name}", "x/y"])),
                mechanism=draw(st.sampled_from(["Mount", "Upload", "Link"])),
                path_on_compute=draw(PLACE),
                overwrite=draw(st.booleans()),
                globs=tuple(draw(st.lists(TEXT, max_size=2))),
                results=tuple(draw(st.lists(RESULTS, max_size=2))),
            ),
            draw(st.none() | NAME),
            draw(st.none() | MAPPING),
        )
        for name in draw(st.lists(NAME, max_size=2, unique=True))
    )


def _part(draw: st.DrawFn, name: str, *, is_open: bool) -> DataFolder | DataInput:
    place = draw(PLACE)
    if draw(st.booleans()):
        return DataFolder(
            name,
            *(("", "") if is_open else (draw(TEXT.filter(bool)), draw(TEXT))),
            draw(st.sampled_from(["Mount", "Download", "Upload"])),
            place,
            draw(st.booleans()),
        )
    definition = draw(st.none() | DEFINITIONS) if not is_open else None
    modes: list[InputMechanism] = ["Direct", "Mount", "Download"]
    mode = draw(st.sampled_from(modes))
    return DataInput(name, mode, draw(TEXT), place, definition)


@st.composite
def pipelines(draw: st.DrawFn) -> PipelineDefinition:
    known = draw(parameters())
    chosen = [one.name for one in known if one.type in ("datapath", "dataset")]
    keys = draw(st.lists(NAME, max_size=3, unique=True))
    made = {key: draw(outputs()) for key in keys}
    all_outputs = [
        FromStep(key, name)
        for key, each in made.items()
        for one in each
        for name in result_names(one.part)
    ]
    origins = [
        st.none(),
        st.builds(FromDataset, TEXT.filter(bool), VERSION),
        *([st.sampled_from(all_outputs)] if all_outputs else []),
        *([st.builds(FromParameter, st.sampled_from(chosen))] if chosen else []),
    ]
    steps = []
    for key in keys:
        inputs = []
        for name in draw(st.lists(NAME, max_size=2, unique=True)):
            origin = draw(st.one_of(origins))
            # Of a registered dataset nothing but its name and version is known.
            is_open = isinstance(origin, FromDataset)
            part = _part(draw, name, is_open=origin is not None)
            if is_open:
                part = DataInput(name, path_on_compute=part.path_on_compute)
            inputs.append(StepInput(part, origin))
        words = [TEXT, *[st.just(one.placeholder) for one in known]]
        words += [st.just(one.part.placeholder) for one in inputs]
        words += [st.just(one.part.placeholder) for one in made[key]]
        is_script = draw(st.booleans())
        command = {"command": draw(st.lists(TEXT, max_size=3))}
        steps.append(
            StepDefinition(
                id=key,
                name=draw(TEXT),
                kind="python_script" if is_script else "command",
                settings={"script_name": draw(TEXT)} if is_script else command,
                source_directory=draw(TEXT),
                arguments=tuple(draw(st.lists(st.one_of(words), max_size=4))),
                inputs=tuple(inputs),
                outputs=made[key],
                run=draw(
                    st.builds(
                        RunSettings,
                        environment=st.none() | MAPPING,
                        python=TEXT,
                        variables=st.dictionaries(TEXT, TEXT, max_size=2),
                        max_seconds=st.none() | NUMBER,
                        nodes=st.integers(1, 4),
                        distribution=st.none()
                        | st.builds(
                            Distribution,
                            st.sampled_from(["mpi", "pytorch", "tensorflow"]),
                            st.integers(0, 3),
                        ),
                        definition=MAPPING,
                    )
                ),
                target=draw(TEXT),
                run_after=tuple(draw(st.lists(st.sampled_from(keys), max_size=2))),
                allow_reuse=draw(st.booleans()),
                version=draw(st.none() | TEXT.filter(bool)),
                retries=draw(st.integers(0, 3)),
                params=draw(
                    st.dictionaries(
                        st.sampled_from([*NAMES, *[one.name for one in known]]),
                        TEXT | st.sampled_from([one.placeholder for one in known] or ["x"]),
                        max_size=2,
                    )
                ),
            )
        )
    return PipelineDefinition(
        name=draw(TEXT),
        description=draw(TEXT),
        steps=tuple(steps),
        parameters=known,
        target=draw(TEXT),
        datastore=draw(TEXT),
        continue_on_step_failure=draw(st.booleans()),
        layout={key: (draw(NUMBER), draw(NUMBER)) for key in keys if draw(st.booleans())},
    )


NAMES = ["rate", "LEVEL"]


@given(pipelines())
@settings(max_examples=100, deadline=None)
def test_what_is_written_reads_as_the_same_pipeline(definition: PipelineDefinition) -> None:
    assert read(written(definition)).definition == definition


def test_a_word_of_a_parameter_is_written_by_its_name() -> None:
    step = StepDefinition("a", "a", "command", arguments=(parameter_placeholder("rate"), "x"))
    pipeline = PipelineDefinition(
        steps=(step,), parameters=(ParameterDefinition("rate", "float", 0.1),)
    )

    assert "- parameter:rate\n      - x" in written(pipeline)
