"""``azureml.dataprep``: dataflows."""
