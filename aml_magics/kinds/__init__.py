"""Plug-in families: each folder is a family, ``_base.py`` its contract, each other file a kind."""
