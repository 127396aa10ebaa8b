"""Which arm wins more pairs of patients."""
