"""Turn picks of many acoustic nodes into located incidents with honest odds."""
