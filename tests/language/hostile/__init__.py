"""Texts that mean harm, made when they are needed: no big file is kept."""
