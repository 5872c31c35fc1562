"""The lessons: one file, one question. `catalog.py` puts them in order."""
