"""The journal: what the gateway knows, durable before it is acted on; and the spool of bytes it speaks of."""
