"""A folder of agreements, contracts and facts as a book; tables of events turned into facts."""
