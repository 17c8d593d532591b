from ..plain import WORD


def loud(word):
    return word.upper() + WORD
