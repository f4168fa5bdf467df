"""The reference pipeline with every part real: the parts of the world, and the tests, a file for each matter."""
