"""Chart views of a metric, one file for each kind of chart."""
