"""The smallest values: names, amounts, expressions, findings, frozen classes."""
