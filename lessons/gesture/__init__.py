"""The lesson on gestures."""
