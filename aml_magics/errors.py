"""Every error the product raises; its message states the rule, the value that broke it and the remedy.

::

    AmlError                        one line in a notebook, no traceback of ours
    ├── UsageError                  a magic, command or argument is not of its form
    ├── InvalidArgumentError        an argument is not of its type
    ├── InvalidNameError            a name breaks its rule (empty, too long, not text)
    ├── InvalidMetricError          a value that cannot be a metric
    ├── InvalidImageError           bytes that are no image
    ├── InvalidPathError            an artifact name that would leave its root
    ├── InvalidFilterError          a filter expression that cannot be read
    ├── InvalidQueryError           SQL that is not one query, or cannot be run as it is written
    ├── InvalidEnvironmentError     a definition or a conda file that cannot be read
    ├── InvalidRequirementError     a requirement line that is unreadable, or not allowed
    ├── InvalidDataError            data that cannot be read as it was said to be; names file and row
    ├── InvalidDatasetError         a dataset that is not defined as it could be read
    ├── SectionAttributeError       a section has no attribute of that name, or not of that type
    ├── NotFoundError               nothing of that name; says what is near
    │   ├── WorkspaceNotFoundError
    │   ├── ExperimentNotFoundError
    │   ├── RunNotFoundError
    │   ├── ArtifactNotFoundError
    │   ├── EnvironmentNotFoundError
    │   ├── ModelNotFoundError
    │   ├── ImageNotFoundError
    │   ├── ServiceNotFoundError
    │   ├── DatastoreNotFoundError
    │   ├── DatasetNotFoundError
    │   ├── DataNotFoundError       no file where a dataset says that there is one
    │   ├── ColumnNotFoundError
    │   ├── PipelineNotFoundError
    │   └── SecretNotFoundError
    ├── AlreadyExistsError          a name that is taken
    ├── RunStateError               the run's status does not allow that
    │   ├── RunFinishedError        a metric, tag or status after the end
    │   └── RunCanceledError        the run was canceled from elsewhere
    ├── SubmissionError             a run that cannot be submitted as it is configured
    │   └── SnapshotError           a folder that cannot be kept with it
    ├── RunFailedError              waited for a run that failed
    ├── EditConflictError           somebody else changed it meanwhile
    ├── PropertyExistsError         a property is written once
    ├── ExpectationError            `--expect` was not met
    ├── EnvironmentBuildError       an environment cannot be built; has the resolver's reason
    ├── EnvironmentInUseError       a built environment that a process uses
    ├── DataAccessError             a datastore is away, refuses the key, or cannot be read or written
    ├── DependencyError             an optional package is not installed
    ├── AzuremlOffError             `import azureml`, where nobody gives it; says how aml_magics would
    ├── ComputeTargetError          a compute target that is not there, or cannot do that
    │   ├── ComputeTargetNotFoundError
    │   └── ComputeInUseError       a compute target that runs need
    ├── WebserviceError             a web service that is not there, or cannot do that
    │   ├── ModelInUseError         a model that a service or an image needs
    │   ├── ImageInUseError         an image that a service runs
    │   ├── ContainerEngineError    no docker, podman or buildah works here
    │   ├── HardwareNeededError     hardware that this machine does not have, such as an FPGA board
    │   ├── InvalidServiceError     a deployment that breaks a rule: its name, its port, its script
    │   ├── ServiceExistsError      a name that another service has
    │   └── ServiceFailedError      a service that cannot answer; says why
    ├── SweepError                  a sweep that is not configured as it could run
    ├── PipelineError               a pipeline or a step that cannot be done as it is written
    │   └── PipelineDisabledError   one that is not active and starts no runs
    ├── ParallelRunError            a step over mini-batches that cannot be done as it is configured
    ├── CloudError                  nothing of Azure is asked here; only old code names it
    └── StoreError                  the place where runs are kept
        ├── StoreUnavailableError   a database that does not answer
        ├── StoreReadOnlyError
        ├── StoreFullError
        ├── StoreCorruptError
        ├── UntrustedError          a configuration of another's, or with addresses that are new to this user
        ├── StoreTooNewError
        ├── StoreGoneError          removed, emptied or replaced while it was open
        └── JournalError            a journal that cannot be written
"""

from __future__ import annotations

import difflib
import os
import traceback
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# without pathlib, which is not needed to import this
_INSTALLED: Final = tuple(f"{os.path.dirname(one)}{os.sep}" for one in (__file__, os.__file__))  # noqa: PTH120
_DESCRIBED: Final = 60


class AmlError(Exception):
    """The root of the tree; shown by IPython as one line and its place, without a traceback."""

    @property
    def message(self) -> str:
        """The text of the error; the name is Azure's."""
        return str(self)

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}", *self._place()]

    def _place(self) -> list[str]:
        """The line of user code that led here; none if a magic was that line."""
        frames = traceback.extract_tb(self.__traceback__)
        if any("_magic(" in (frame.line or "") for frame in frames):
            return []
        theirs = [frame for frame in frames if frame.line and not is_installed(frame.filename)]
        return [f"  in line {theirs[-1].lineno}: {theirs[-1].line}"] if theirs else []


def is_installed(filename: str) -> bool:
    """Whether a file is ours or an installed package's, so not the user's own work."""
    return filename.startswith(_INSTALLED) or "site-packages" in filename


class UsageError(AmlError):
    """A magic, a command or an argument is not of its form."""


class InvalidArgumentError(AmlError, TypeError):
    """An argument of a class or function is not of its type."""


class InvalidNameError(AmlError, ValueError):
    """A name breaks the rule for its kind."""


class InvalidMetricError(AmlError, TypeError):
    """A value that cannot be logged as that kind of metric."""


class InvalidImageError(AmlError, ValueError):
    """Bytes or a file that no image reader knows."""


class InvalidPathError(AmlError, ValueError):
    """An artifact name that is empty, absolute, or would leave its root."""


class InvalidFilterError(AmlError, ValueError):
    """A filter expression that cannot be read."""


class InvalidQueryError(AmlError, ValueError):
    """SQL that is no single query, reads what was not named, or cannot be run as it is written."""


class InvalidEnvironmentError(AmlError, ValueError):
    """A definition of an environment, or its conda file, that cannot be read."""


class InvalidRequirementError(AmlError, ValueError):
    """A requirement line that is none, or that would take packages from where nobody allowed it."""


class InvalidDataError(AmlError, ValueError):
    """Data that cannot be read as it was said to be; the message names the file and, where known, the row."""


class InvalidDatasetError(AmlError, ValueError):
    """A dataset that is not defined as it could be read: a wrong option, step or type."""


class SectionAttributeError(AmlError, AttributeError):
    """A section has a fixed set of attributes, each of its type."""


class WebserviceError(AmlError):
    """A web service that is not there, or cannot do what was asked."""


class HardwareNeededError(WebserviceError):
    """What was asked for needs hardware that this machine does not have."""


class NotFoundError(AmlError, KeyError):
    """Nothing of that name is kept; a ``KeyError``, so that ``.get`` of a mapping gives None."""

    __str__ = Exception.__str__  # KeyError's shows the message in quotes


class WorkspaceNotFoundError(NotFoundError):
    """No workspace of that name."""


class ExperimentNotFoundError(NotFoundError):
    """No experiment of that name."""


class RunNotFoundError(NotFoundError):
    """No run of that id, number or name."""


class ArtifactNotFoundError(NotFoundError):
    """The run has no file of that name."""


class EnvironmentNotFoundError(NotFoundError):
    """No environment of that name, version or digest."""


class ModelNotFoundError(NotFoundError, WebserviceError):
    """No registered model of that name, version or kind; Azure's registry answers as its web services do."""


class DatastoreNotFoundError(NotFoundError):
    """No datastore of that name."""


class DatasetNotFoundError(NotFoundError):
    """No dataset of that name, version or id."""


class DataNotFoundError(NotFoundError):
    """No file where a dataset or a path says that there is one."""


class ColumnNotFoundError(NotFoundError):
    """A tabular dataset has no column of that name."""


class SecretNotFoundError(NotFoundError):
    """No secret of that name to delete."""


class AlreadyExistsError(AmlError):
    """The name is taken."""


class RunStateError(AmlError):
    """The status of the run does not allow what was asked."""


class RunFinishedError(RunStateError):
    """The run has ended: nothing more is written to it."""


class RunCanceledError(RunStateError):
    """The run was canceled, perhaps from another process."""


class SubmissionError(AmlError, ValueError):
    """A run cannot be submitted as it is configured."""


class SnapshotError(SubmissionError):
    """The folder of a submitted run cannot be kept: missing, too large, or a bad ignore file."""


class RunFailedError(AmlError):
    """A run that was waited for has failed."""


class EditConflictError(AmlError):
    """A value is not any more what was shown when its editor began."""


class PropertyExistsError(AmlError):
    """A property is written once, and this one is there already."""


class ExpectationError(AmlError, AssertionError):
    """What ``--expect`` asked of a run was not met."""


class EnvironmentBuildError(AmlError):
    """An environment cannot be built; the message has the resolver's reason."""


class EnvironmentInUseError(AmlError):
    """A built environment that is not removed while a process uses it."""


class DataAccessError(AmlError, OSError):
    """A datastore does not answer, refuses the credentials, or a file there cannot be read or written."""


class DependencyError(AmlError, ImportError):
    """An optional package is not installed; the message has the command."""


class AzuremlOffError(AmlError, ModuleNotFoundError):
    """Nobody gives ``azureml`` in this process; the message says how aml_magics would."""


class ModelInUseError(WebserviceError):
    """A model that is not deleted while a service or an image needs it."""


class ServiceNotFoundError(NotFoundError, WebserviceError):
    """No web service of that name."""


class ServiceExistsError(WebserviceError):
    """A web service of that name is there already."""


class ServiceFailedError(WebserviceError):
    """A web service that cannot answer, or did not begin to in time."""


class InvalidServiceError(WebserviceError):
    """A deployment that breaks a rule."""


class ImageNotFoundError(NotFoundError, WebserviceError):
    """No image of that name and version."""


class ImageInUseError(WebserviceError):
    """An image that is not deleted while a service runs it."""


class ContainerEngineError(WebserviceError):
    """Neither docker, podman nor buildah works here, or it could not build an image."""


class ComputeTargetError(AmlError):
    """A compute target that is not there, or cannot do what was asked."""


class ComputeTargetNotFoundError(NotFoundError, ComputeTargetError):
    """No compute target of that name."""


class ComputeInUseError(ComputeTargetError):
    """A compute target that is not deleted or stopped while runs on it have not ended."""


class SweepError(AmlError, ValueError):
    """A sweep, its parameters, its sampler or its policy is not configured as it could run."""


class PipelineError(AmlError, ValueError):
    """A pipeline, or one of its steps, cannot be done as it is written."""


class PipelineDisabledError(PipelineError):
    """A published pipeline or an endpoint that is not active and starts no runs."""


class PipelineNotFoundError(NotFoundError):
    """No pipeline, endpoint, schedule or module of that name or id."""


class ParallelRunError(AmlError):
    """A step over mini-batches cannot be done as it is configured."""


class CloudError(AmlError):
    """What only Azure itself can answer: never raised here, and named in the ``except`` of old code."""


class StoreError(AmlError):
    """The place where runs are kept cannot do what was asked."""


class StoreUnavailableError(StoreError):
    """The database does not answer."""


class StoreReadOnlyError(StoreError):
    """The store cannot be written."""


class StoreFullError(StoreError):
    """No room is left on the device of the store."""


class StoreCorruptError(StoreError):
    """The catalogue is not a readable database."""


class UntrustedError(StoreError):
    """A configuration of another user, or one with addresses that are new to this user."""


class StoreTooNewError(StoreError):
    """A later version of aml_magics wrote this store."""


class StoreGoneError(StoreError):
    """The store was removed, emptied or replaced by another while this process had it open."""


class JournalError(StoreError):
    """A metric journal cannot be opened or written."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for an unknown name, or ``""`` if no known name is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def described(value: object) -> str:
    """Describe a wrong value in one line, for a message: its type and the beginning of its text."""
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} ({text[:_DESCRIBED]}{'…' * (len(text) > _DESCRIBED)})"
