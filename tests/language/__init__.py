"""The language: texts in, nodes, expressions and findings out."""
