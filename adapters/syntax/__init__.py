"""Syntaxes: bytes into trees and rows, and back, each node with its place."""
