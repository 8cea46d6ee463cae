"""``python -m aml_magics.workers.supervisor FOLDER NAME LOCK``: the process of one web service."""
