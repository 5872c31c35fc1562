"""What can be selected in the player, per cell, by the names of js/core/names.js: states, gates and operations."""

PLACES = {
    "elman": ("x", "a", "h", "y", "squash"),
    "lstm": ("x", "f", "i", "g", "o", "c", "h", "y", "keep", "write", "add", "squash", "reveal"),
    "gru": ("x", "r", "z", "n", "h", "y", "reset", "keep", "write", "add"),
}
