"""Modules: kept versions of the code of a step, and the steps that use them."""
