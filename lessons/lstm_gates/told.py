"""The story."""

BEATS = ()


def facts(section, values):
    raise KeyError(section)
