"""Exports: what is computed in the forms that other systems read, one module each."""
