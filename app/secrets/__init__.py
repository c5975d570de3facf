"""Passwords, codes and keys: what must not be readable from a copy of the database."""
