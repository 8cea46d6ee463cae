"""What grows by one file: a folder is a family, ``_base.py`` in it the contract, each other file a kind."""
