"""Portals and what belongs to them: users, applications, tokens, webhooks, bindings."""
