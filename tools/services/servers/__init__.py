"""The real servers of the tests: each a plain process on 127.0.0.1, in a folder of its own, on ports of its own."""
