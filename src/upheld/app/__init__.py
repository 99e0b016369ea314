"""What can be done: one verb a module, each in transactions of its own. The only writer."""
