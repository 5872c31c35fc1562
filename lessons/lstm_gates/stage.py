"""stage"""


def scene(moment):
    raise KeyError
