"""Thin handles with the names and the behaviour of Azure ML SDK v1.

Each class follows Azure's reference page of its name, below
https://learn.microsoft.com/python/api/azureml-core/ (such as ``azureml.core.run(class)``). Comments name
a page where a detail that is easy to miss comes from it.
"""
