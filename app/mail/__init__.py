"""SMTP: one function for each mail, all built by one checked function."""
