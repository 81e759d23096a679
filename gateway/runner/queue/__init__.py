"""Many hosts on one journal: Procrastinate carries units of work to whichever host has a hand free.

A job holds ids alone, and says "look there". What it leads to is claimed in the journal, behind a fence, so that a job
that comes twice, late or never does no harm: whatever is still due is said again.

    core    the steps that only one host does at a time, on whichever host has that duty (`leader`)
    poll    look for files on a line; deliver: send what is queued on it: on the host that has the line (`lines`)
    translate   batches, on any host (`units`)
    tick    something has moved: the core looks at once and not in half a second
"""
