"""The benchmarks, each beside its peer: `make bench`."""
