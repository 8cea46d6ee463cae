"""Python imports a module of this name as it starts, from the first folder of its path that has one.

This folder is on the path of each script that is to find our ``azureml``: so is what old code needs besides.
"""

import aml_magics_start  # type: ignore[import-not-found] # a module of this folder, by the path

aml_magics_start.start()
aml_magics_start.go_on(__file__)
