"""The domain: pure functions on frozen values. No I/O, no framework, no clock; time is an argument."""
