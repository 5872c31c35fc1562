"""The lesson on speech."""
