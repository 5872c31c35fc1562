"""The machinery that every lesson shares."""
