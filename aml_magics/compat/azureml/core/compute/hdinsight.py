"""Clusters of HDInsight."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import HDInsightCompute as HDInsightCompute

__getattr__ = refuse(__name__)
