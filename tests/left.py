"""How much waits for a gateway in both roles: what runs that are to end ask of each."""

from gateway.runner.quiet import core_left, moving_left


def work_left(gate, without=(), stopped=()):
    return moving_left(gate, without) + core_left(gate, stopped)
