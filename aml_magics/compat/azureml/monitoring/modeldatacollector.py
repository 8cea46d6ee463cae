"""Collecting what a model was given and what it answered."""

from aml_magics.sdk.service.collector import ModelDataCollector as ModelDataCollector

__all__ = ["ModelDataCollector"]
