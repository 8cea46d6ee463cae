"""Python imports a module of this name at its start, from the first folder on its path that has one.

This folder is on the path of each script that is to find our ``azureml``.
"""

import aml_magics_start  # type: ignore[import-not-found] # a module of this folder, by the path

aml_magics_start.start()
aml_magics_start.go_on(__file__)
