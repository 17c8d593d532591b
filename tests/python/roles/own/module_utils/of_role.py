WORD = "of the role"
