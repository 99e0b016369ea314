"""What an author would regret although it compiles: computed findings, one subject a module.

A lint is a function from the whole of an agreement to the findings it has to make. `order` lists them all,
in the order in which they are asked. They are asked only when nothing is wrong with the text itself, so each
may take the terms of every plan for granted.
"""
