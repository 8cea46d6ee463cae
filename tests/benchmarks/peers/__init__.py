"""aml_magics beside other trackers, by the peers' own benchmark scripts, in one sitting."""
