"""Schedules of pipelines."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.schedule.recurrence import ScheduleRecurrence as ScheduleRecurrence
from aml_magics.sdk.pipeline.schedule.recurrence import TimeZone as TimeZone
from aml_magics.sdk.pipeline.schedule.schedule import Schedule as Schedule

__getattr__ = refuse(__name__)
