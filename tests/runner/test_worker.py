"""What a worker says when it meets a bug of ours: where, never what it had in hand."""

import multiprocessing

from gateway.runner.worker import ENCODER, Broken, _guarded, work
from gateway.steps.working.outcome import WriteDone, WriteJob
from tests.runner.setups import NOW, SETUP

JOB = ENCODER.encode(WriteJob(SETUP, NOW, ()))


def fails(_):
    raise ValueError("Jane Doe, 10 Station Road")


def test_a_bug_is_told_by_type_and_place_without_its_text():
    said = _guarded(fails, JOB)
    assert isinstance(said, Broken)
    assert said.where.startswith("ValueError test_worker.py:")
    assert "Jane" not in said.where


def test_bytes_that_are_no_job_are_a_bug_too():
    assert isinstance(_guarded(fails, b"\x00"), Broken)


def test_a_job_that_is_done_is_handed_back():
    assert _guarded(lambda job: WriteDone(tuple((one.filing, None) for one in job.filings)), JOB) == WriteDone(())


def test_one_whose_parent_was_killed_ends_without_a_word(capfd):
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    near.send_bytes(JOB)
    child = context.Process(target=work, args=(far,))
    child.start()
    far.close()
    near.close()  # before the answer: importing alone takes longer
    child.join(60)
    assert (child.exitcode, capfd.readouterr().err) == (0, "")
