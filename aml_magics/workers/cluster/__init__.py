"""Runs on a Dask cluster: a submitter beside the scheduler, and a node process beside each Dask worker."""
