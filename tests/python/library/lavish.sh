#!/bin/sh
yes all work and no play
