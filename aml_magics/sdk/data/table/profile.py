"""The profile of a tabular dataset: statistics of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
from aml_magics.services.data import dataset as datasets

if TYPE_CHECKING:
    from aml_magics.records.profile import Profile
    from aml_magics.sdk.data.dataset.profile import DataProfile
    from aml_magics.sdk.run.experiment import Experiment
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace

_ROLE = "profile"


class TabularProfile(AbstractDataset):
    """What knows the profile of a tabular dataset."""

    def get_profile(self, workspace: Workspace | None = None) -> DataProfile:
        """Statistics of each column: of a registered dataset those that are kept, else computed now.

        Args:
            workspace: accepted as in Azure.

        Raises:
            DataNotFoundError: no file matches.
            InvalidDataError: a file is not as it was said to be.
        """
        from aml_magics.sdk.data.dataset.profile import DataProfile

        return DataProfile(self._profile())

    def submit_profile_run(
        self,
        compute_target: object,
        experiment: Experiment,
        cache_datastore_name: str | None = None,
    ) -> Run:
        """Compute the profile now, and give the run that did it.

        Args:
            compute_target: accepted; it is computed here.
            experiment: of the run.
            cache_datastore_name: accepted as in Azure.

        Raises:
            DataNotFoundError: no file matches.
            InvalidDataError: a file is not as it was said to be.
        """
        del compute_target, cache_datastore_name
        self._files()
        if self._record is None:
            self._record = datasets.save(self._store, self._definition)
        with experiment.start_logging(display_name=f"profile of {self.name or self.id}") as run:
            datasets.use(
                self._store, run._record, self._record, role="input", name=_ROLE, mechanism="Direct"
            )
            profile = self._profile()
            run.log("rows", profile.rows)
            run.log("columns", len(profile.columns))
        return run

    def get_profile_runs(self, workspace: Workspace | None = None) -> list[Run]:
        """The runs of :meth:`submit_profile_run` for this dataset, newest first.

        Args:
            workspace: accepted as in Azure.
        """
        if self._record is None:
            return []
        used = datasets.used_by(self._store, self._record)
        return [self._workspace.get_run(run.id) for use, run in used if use.name == _ROLE]

    def _profile(self) -> Profile:
        from aml_magics.services.data.profile import profile

        if self._record is None:
            return profile.profile(self._store, self._definition)
        return profile.ensure(self._store, self._record)
