"""What every test may use."""

from tests.servers import demo_server, openssh_server, sftp_server
from tests.stores import store

__all__ = ["demo_server", "openssh_server", "sftp_server", "store"]
