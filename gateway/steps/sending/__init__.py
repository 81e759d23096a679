"""Declarations, requests and answers become files with a number and a name, and reach the partner once in effect."""
