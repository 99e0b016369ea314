"""What the pages of docs/findings are made of: for each code why it matters, a bad text and a good one.

`docs/findings/CODE.md` shows both with what the command prints; `make docs` runs the commands. One module a
family, in the order of `upheld.language.codes`; each holds one tuple `CASES`.
"""
