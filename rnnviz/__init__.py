"""rnnviz: recurrent networks whose every number is open to inspection."""
