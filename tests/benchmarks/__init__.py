"""What aml_magics costs, measured: ``python -m tests.benchmarks``, or ``make bench``.

Each file without an underscore is one benchmark: its ``measure`` takes a :class:`Bench` and returns
its figures. What has to run in a fresh process is an ordinary function of the same file.
"""
