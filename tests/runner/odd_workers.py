"""Workers that misbehave, importable by a spawned process."""

import os
import signal
import time

from gateway.runner.worker import ENCODER
from gateway.steps.working.outcome import WriteDone


def answering(line):
    while True:
        try:
            line.recv_bytes()
        except EOFError:
            return
        line.send_bytes(ENCODER.encode(WriteDone(())))


def suicidal(line):
    line.recv_bytes()
    os.kill(os.getpid(), signal.SIGKILL)


def hanging(line):
    line.recv_bytes()
    time.sleep(60)


def babbling(line):
    line.recv_bytes()
    line.send_bytes(b"\xc1 no message")
    time.sleep(60)
