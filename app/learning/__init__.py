"""The rules: plain functions over plain values. Only the standard library and fsrs."""
