# A module that only has to be there.
