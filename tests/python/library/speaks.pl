#!/usr/bin/perl
# WANT_JSON
print "{\"changed\": false, \"word\": \"$ENV{WORD}\"}\n";
