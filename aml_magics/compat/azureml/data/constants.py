"""The modes in which a run takes a dataset."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.use.consumption import DIRECT_MODE as DIRECT_MODE
from aml_magics.sdk.data.use.consumption import DOWNLOAD_MODE as DOWNLOAD_MODE
from aml_magics.sdk.data.use.consumption import HDFS_MODE as HDFS_MODE
from aml_magics.sdk.data.use.consumption import MOUNT_MODE as MOUNT_MODE

__getattr__ = refuse(__name__)
