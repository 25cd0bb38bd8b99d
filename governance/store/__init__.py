"""The archive: everything that was planned, done, said, decided and sent, in SQLite or PostgreSQL."""
