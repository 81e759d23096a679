"""The way of a message through the gateway, a folder a part of it; each imports those below only.

On the way: `receiving` (files come), `reading` (messages become items), `declaring` (items become declarations and
requests), `sending` (files go), `hearing` (customs answers), `answering` (the sender is told). Beside it: `repeating`
(a person does something again), `keeping` (what has to go, and when), `watching` (what is wrong, and who is told),
`recovering` (what follows a death, or a backup put back). Under all: `lines` (what a partner's server can do),
`ground` (states, journal and spool as every step needs them) and `working` (what workers do: pure).
"""
