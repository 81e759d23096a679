"""Partners, journal and process as a machine, held against a small oracle: files come, are doubled, sent again, taken,
answered, answered twice; the process dies anywhere and is started again."""

import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.crash.bench import MEMORY
from tests.crash.partners import TOLD, Partner, names_sent
from tests.crash.points import points
from tests.crash.stage import Scenario, Stage, books
from tests.steps.answers import response
from tests.steps.killing import Killed, dying
from tests.steps.test_exchange import itmatt

STEPS = ("pickup", "tidy", "intake", "translate", "parts", "draft", "assemble", "deliver", "answer", "start")
POINTS = sorted(point for point in points() if point.startswith(STEPS))
EMPTY = Scenario("model", lambda _: None, lambda *_: None, lambda _: None)


class Oracle:
    """What both partners have at rest, whatever was done in between."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, list[str], bytes]] = []  # name, parcels, bytes
        self.declared: set[str] = set()
        self.answered: set[str] = set()

    def post(self, name: str, data: bytes) -> None:
        numbers = TOLD.findall(data.decode())
        self.posted.append((name, numbers, data))
        self.declared |= set(numbers)

    def answer(self, numbers: set[str]) -> None:
        self.answered |= numbers

    def holds(self, declared: Counter[str], told: Counter[str]) -> bool:
        """Each parcel is declared once, however often it came; each answer is told once, however often it was given."""
        return declared == Counter(self.declared) and told == Counter(self.answered)


class Exchange(RuleBasedStateMachine):
    """One site. A step of ours that dies loses its process; the partners go on."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.life, self.world = ExitStack(), ExitStack()
        self.site = self.world.enter_context(self.stage.set(EMPTY))
        self.post, self.customs = Partner(self.site.folder / "post"), Partner(self.site.folder / "customs")
        self.oracle, self.number, self.partial = Oracle(), 0, ()
        self.start()

    def start(self) -> None:
        self.gate = self.life.enter_context(self.site.gate())

    @rule(items=st.integers(1, 2))
    def a_file_comes(self, items: int) -> None:
        self.number += 1
        self._put(itmatt(items, self.number, reference=f"ITM{self.number}"))

    @precondition(lambda self: self.oracle.posted)
    @rule()
    def the_same_bytes_come_again(self) -> None:
        self.number += 1
        self._put(self.oracle.posted[0][2])

    @precondition(lambda self: self.oracle.posted)
    @rule()
    def the_same_parcels_come_under_another_reference(self) -> None:
        before = self.oracle.posted[-1][2]
        self.number += 1
        self._put(before.replace(before[before.index(b">ITM") + 1 :].partition(b"<")[0], b"ITM%d" % self.number))

    @rule()
    def a_file_begins(self) -> None:
        """Under a name that is not to be read."""
        self.number += 1
        data = itmatt(1, self.number, reference=f"ITM{self.number}")
        (self.post.folder / "out" / f"{self.number}.xml.part").write_bytes(data[: len(data) // 2])
        self.partial = (f"{self.number}.xml", data)

    @precondition(lambda self: self.partial)
    @rule()
    def the_file_is_whole(self) -> None:
        name, data = self.partial
        (self.post.folder / "out" / f"{name}.part").unlink()
        self.partial = ()
        self.oracle.post(name, data)
        self.post.say(name, data)

    @rule()
    def poll(self) -> None:
        self.site.poll(self.gate)

    @rule()
    def work(self) -> None:
        self.site.work(self.gate)
        self.site.deliver(self.gate)

    @rule(point=st.sampled_from(POINTS), passage=st.integers(1, 3))
    def the_process_dies(self, point: str, passage: int) -> None:
        with pytest.MonkeyPatch.context() as patch, dying(patch, point, passage), suppress(Killed):
            self.site.run(self.gate)
        self.recover()

    @rule()
    def recover(self) -> None:
        self.life.close()
        self.start()

    @rule()
    def customs_takes(self) -> None:
        self.customs.take()

    @precondition(lambda self: self.customs.log())
    @rule(code=st.sampled_from(["09", "03"]), twice=st.booleans())
    def customs_answers(self, code: str, twice: bool) -> None:
        """A last word on each declaration, once or twice; never another one."""
        for one in self.customs.log():
            if not any((self.customs.folder / "said").glob(f"*-{one.name}")):
                self.customs.say(f"1-{one.name}", response(code, one.lrn))
                self.oracle.answer(_numbers(one.data))
            elif twice:
                said = next((self.customs.folder / "said").glob(f"1-{one.name}")).read_bytes()
                self.customs.say(f"2-{one.name}", said)

    @rule()
    def at_rest(self) -> None:
        """Nothing is left to do: what both have is what the oracle says."""
        self.site.run(self.gate)
        self.customs.take()
        self.post.take()
        declared = Counter(number for one in self.customs.log() for number in _numbers(one.data))
        told = Counter(number for one in self.post.log() for number in TOLD.findall(one.data.decode()))
        assert self.oracle.holds(declared, told), (self.oracle.declared, declared, self.oracle.answered, told)
        assert max(names_sent(self.customs).values(), default=0) <= 1
        assert books(self.gate)[1] == []

    def _put(self, data: bytes) -> None:
        name = f"{self.number}.xml"
        self.oracle.post(name, data)
        self.post.say(name, data)

    def teardown(self) -> None:
        try:
            self.at_rest()
        finally:
            self.life.close()
            self.world.close()


def _numbers(declaration: bytes) -> set[str]:
    from tests.acceptance.daemon import ITEM

    return {number.decode() for number in ITEM.findall(declaration)}


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_partners_have_what_the_oracle_says(store):
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        Exchange.stage = Stage(Path(folder) / "site", store)
        examples = settings(
            max_examples=12 if store == "sqlite" else 3,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Exchange, settings=examples)
