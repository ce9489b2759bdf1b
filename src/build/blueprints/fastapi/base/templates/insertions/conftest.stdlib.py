from collections.abc import Iterator
