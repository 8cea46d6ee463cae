"""Schedules of pipelines."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.schedule import Schedule as Schedule
from aml_magics.sdk.pipeline.schedule_recurrence import ScheduleRecurrence as ScheduleRecurrence
from aml_magics.sdk.pipeline.schedule_recurrence import TimeZone as TimeZone

__getattr__ = refuse(__name__)
