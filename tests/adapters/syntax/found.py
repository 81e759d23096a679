"""What a syntax adapter found in one file, for its tests."""

from dataclasses import dataclass, field

from gateway.mapping.protocols import Bad, Item


@dataclass
class Found:
    """What was found in one file, in its order."""

    openings: list = field(default_factory=list)
    slices: list = field(default_factory=list)
    closings: list = field(default_factory=list)
    parts: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)

    @property
    def bad(self):
        return [one for one in self.outcomes if isinstance(one, Bad)]

    @property
    def items(self):
        return [one for one in self.outcomes if isinstance(one, Item)]

    @property
    def notes(self):
        return [finding.code for closing in self.closings for finding in closing.findings]

    def codes(self):
        return [finding.code for one in (*self.parts, *self.bad) for finding in one.findings]
