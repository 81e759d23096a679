"""Every event that is logged, by its stable name (`noun.verb`), and every key that may stand beside it.

A key that is not listed is dropped and counted: what a partner wrote cannot get into a log by mistake. An event that
is not listed is logged as `event.unlisted`, and a test fails.
"""

EVENTS = {
    "gateway.started": "configuration and journal are open, every connection has its thread",
    "gateway.reloaded": "the tables, code lists and filers on disk are in force for files that are opened from now on",
    "gateway.reload_refused": "what is on disk has faults, or needs a restart; the ruleset of before stays in force",
    "audit.anchored": "the head of the audit trail and its number of rows, to be compared with later",
    "gateway.stopped": "the daemon has ended after its current steps",
    "mover.moved": "files were taken from or brought to a partner",
    "mover.failed": "a partner could not be served; it is tried again after a pause",
    "mover.bug": "an error of ours in a connection's thread; it goes on",
    "mover.hang_up": "a line was already dead when it was closed",
    "mover.probed": "what a partner's server can do was tried; files are published there as it is safe",
    "mover.not_probed": "the folder to try a partner's server in cannot be used; files are published by a plain rename",
    "pickup.not_tidied": "a file of a partner is ours but could not be removed or moved there; it is tried again",
    "pickup.not_fetched": "a file of a partner could not be read; the others were, it is tried again",
    "step.failed": "an error of ours on one unit of work; it is set aside, the others go on",
    "core.bug": "an error of ours in one step of the loop; the step rests for a while, the others go on",
    "core.trouble": "journal, disk or memory fail us; nothing is lost, all of it is tried again after a pause",
    "worker.lost": "a worker process died or overstayed over a batch; it is repeated or halved",
    "alerts.sent": "a message about alarms has left",
    "alerts.not_sent": "a channel did not take a message about alarms; another one did, or all is tried again",
    "alerts.bug": "an error of ours, or trouble of the machine, while alarms were looked at; they are looked at again",
    "metrics.not_written": "the file of figures could not be replaced; it is tried again",
    "metrics.not_listening": "the port for figures cannot be used; everything else goes on",
    "waker.rearmed": "a connection was late (a clock step?) and its schedule was set again",
    "duty.taken": "this host has a duty that only one host has: the core, or a line",
    "duty.given_back": "another host may have the duty",
    "duty.lost": "the session that held this host's duties has ended; other hosts take them over",
    "leader.resigned": "this host has lost the core; what it had in hand is repeated elsewhere",
    "leader.trouble": "the core could not be taken up here; another host may, or this one tries again",
    "queue.away": "the queue does not answer; what is due is handed in again",
    "queue.trouble": "what a worker brought cannot be written down yet; it is offered to the journal again",
    "library.message": "a library said something; its text may quote data and is left out",
    "event.unlisted": "a bug: an event that is not in this table",
}

KEYS = frozenset({
    "event", "level", "timestamp", "logger", "exception", "dropped", "unlisted",
    "connection", "connections", "file_id", "count", "attempt", "code", "reason", "subjects", "ruleset", "channel",
    "head", "duty", "term", "unit",
})  # fmt: skip
