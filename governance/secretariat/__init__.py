"""The use cases: the archive, the rules and the papers put together. Flows, pages and the command call these."""
