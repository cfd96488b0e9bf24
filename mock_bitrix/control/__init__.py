"""The control API under `/_mock`: what only a tool, never a portal, can do."""
