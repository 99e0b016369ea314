"""Worked examples: made-up facts on the agreement's own calendars, judged by the engine like any others."""

from upheld.book.worked.examples import worked_examples as worked_examples
