"""The figures: how fast the main jobs are beside what others use, as ratios of one run (`make bench`)."""
