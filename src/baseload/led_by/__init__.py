"""Who decides on a mine, who pays for it, and what limits it: words, for setting cases side by side."""
