"""Turn deliveries into observations, and say where each procedure looked."""
