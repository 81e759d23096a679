"""Bytes over a line to a partner: SFTP or a local folder. Knows no journal and no record.

>>> from gateway.transport import Target, open_line
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder, open_line(Target("directory", path=folder)) as line:
...     line.write_new(".a.part", [b"hello"]), line.publish(".a.part", "a"), [entry.name for entry in line.scan("")]
(5, None, [b'a'])
"""

from gateway.transport.keys import PrivateKey, private_key
from gateway.transport.line import Entry, Line, PublishMode, Target, Timeouts
from gateway.transport.opening import open_line

__all__ = ["Entry", "Line", "PrivateKey", "PublishMode", "Target", "Timeouts", "open_line", "private_key"]
