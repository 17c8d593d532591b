"""Prints random patterns, flags and texts, and what Python's `re` finds: arguments are a seed and a number of cases.

A line is the pattern, the flags, the text (both as hexadecimal UTF-8) and the answer: `M` and the places of the groups, or `E` for an error.
"""
import random
import re
import signal
import sys
import warnings

warnings.simplefilter('ignore')
R = random.Random(int(sys.argv[1]))
LETTERS = 'aabbcABK xyzſKßéÉσςΣ١9_-\n1'
CHARACTERS = 'aabbcABxyé_1kKsSßσ '
CLASSES = [r'\w', r'\W', r'\d', r'\D', r'\s', r'\S', r'\b', r'\B', r'\A', r'\Z', '^', '$']
ITEMS = ['a', 'b', 'a-c', 'A-Z', '0-9', r'\w', r'\d', r'\s', r'\W', 'é', 'x-z', '-', r'\]', '&', '~', '[', 'σ', 'K', r'\n', r'\x41', 'k', 's']
ESCAPES = [r'\n', r'\x61', r'\060', r'\t', r'\u0061', '{', '}', ']', r'\.', r'\-', r'\q', r'\141', r'\8', '(?#c)']
BEHIND = ['a', 'ab', '[ab]c', r'\w', '^a', 'a|b']


class State:
    groups = 0
    names = ()


def atom(depth, state):
    kind = R.random()
    if kind < .40:
        return re.escape(R.choice(CHARACTERS))
    if kind < .48:
        return '.'
    if kind < .58:
        return R.choice(CLASSES)
    if kind < .70:
        return '[' + R.choice(['', '^', '']) + ''.join(R.choice(ITEMS) for _ in range(R.randint(1, 4))) + ']'
    if kind < .74 and state.groups:
        return '\\%d' % R.randint(1, state.groups + 1)
    if kind < .76:
        return R.choice(ESCAPES)
    if not depth:
        return 'a'
    kind = R.random()
    if kind < .45:
        name = 'n%d' % len(state.names) if kind > .35 else None
        text = ('(?P<%s>' % name if name else '(') + either(depth - 1, state) + ')'
        state.groups += 1
        state.names += (name,) if name else ()
        return text
    if kind < .60:
        return '(?:' + either(depth - 1, state) + ')'
    if kind < .67:
        return R.choice(['(?=', '(?!']) + either(depth - 1, state) + ')'
    if kind < .77:
        return R.choice(['(?<=', '(?<!']) + (either(depth - 1, state) if R.random() < .4 else R.choice(BEHIND)) + ')'
    if kind < .82:
        return '(?>' + either(depth - 1, state) + ')'
    if kind < .90:
        return '(?' + R.choice(['i', 's', 'm', 'i-s', '-i', 'a', 'x', 'im']) + ':' + either(depth - 1, state) + ')'
    if kind < .95 and state.groups:
        return '(?(%d)' % R.randint(1, state.groups) + sequence(depth - 1, state) + '|' + sequence(depth - 1, state) + ')'
    return '(?P=%s)' % R.choice(state.names) if state.names else 'b'


def quantifier():
    if R.random() < .6:
        return ''
    return R.choice(['*', '+', '?', '{2}', '{1,2}', '{,2}', '{1,}', '{0}', '{0,0}']) + R.choice(['', '', '', '?', '+'])


def sequence(depth, state):
    return ''.join(atom(depth, state) + quantifier() for _ in range(R.randint(0 if R.random() < .15 else 1, 4)))


def either(depth, state):
    return '|'.join(sequence(depth, state) for _ in range(R.choice([1, 1, 1, 2, 3])))


def late(*_):
    raise TimeoutError


signal.signal(signal.SIGALRM, late)
for _ in range(int(sys.argv[2])):
    pattern = either(R.randint(0, 3), State())
    if R.random() < .05:
        pattern = '(?%s)' % R.choice('imsxa') + pattern
    flags = ''.join(c for c in 'imsxa' if R.random() < (.05 if c == 'x' else .2))
    text = ''.join(R.choice(LETTERS) for _ in range(R.randint(0, 12)))
    given = 0
    for flag in flags:
        given |= getattr(re, flag.upper())
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        regex = re.compile(pattern, given)
        found = regex.search(text)
        answer = 'M'
        for group in range(regex.groups + 1) if found else ():
            answer += ' %d,%d' % found.span(group) if found.start(group) >= 0 else ' -'
    except re.error as error:
        answer = 'E'
    except TimeoutError:
        continue
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    print(pattern.encode().hex() or '-', flags or '-', text.encode().hex() or '-', answer)
