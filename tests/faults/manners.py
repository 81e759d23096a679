"""Servers with manners of their own: how they take requests in and give answers out, and what they say of a file."""

import random
import time
from dataclasses import replace

from gateway.demo.folder import Folder
from gateway.demo.server import Session
from gateway.transport.wire import frame, read_packet

AT_ONCE = 16


class Heap(Session):
    """Takes what has come in together and answers it together."""

    pause = 0.005  # seconds in which requests come together

    def heaped(self, requests):
        return requests

    def answer(self, channel, folder):
        requests = [read_packet(channel)]
        time.sleep(self.pause)
        while channel.recv_ready():
            requests.append(read_packet(channel))
        for kind, body in self.heaped(requests):
            answered, data = folder.answer(kind, body[4:])
            channel.sendall(frame(answered, body[:4] + data))


class OutOfOrder(Heap):
    """Answers in any order, as servers with threads do."""

    chance = random.Random(7)

    def heaped(self, requests):
        return self.chance.sample(requests, len(requests))


class DropsMany(Heap):
    """Keeps sixteen requests of those that come together, and forgets the others."""

    def heaped(self, requests):
        return requests[:AT_ONCE]


class WrongSize(Folder):
    """Says that files are longer than they are."""

    def _describe(self, seen):
        return replace(super()._describe(seen), size=seen.st_size + 7)


class SlowListing(Folder):
    """Thinks before each part of a listing."""

    def _read_listing(self, fields):
        time.sleep(0.1)
        return super()._read_listing(fields)
