"""Runs the programs of a build as a user would: what the benchmarks and the fault tests share."""
