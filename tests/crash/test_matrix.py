"""Killed at each crash point: nothing is lost, nothing doubled, and every point there is has its course of events."""

import json
import subprocess
import sys

import pytest


def matrix(*words):
    """The cases that went wrong, and the points that nothing passes."""
    call = [sys.executable, "-m", "tests.crash", "--json", *words]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert said["broken"] == []
    cases = [one for some in said["results"].values() for one in some]
    return cases, said["unpassed"]


def unsound(cases):
    return [(one[0], one[5]) for one in cases if one[2] or one[3] or one[5]]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_point_is_passed_and_a_death_at_each_third_costs_nothing():
    cases, unpassed = matrix("--once", "--every", "3")
    assert unpassed == [], "a course of events in tests/crash/scenarios has to pass it"
    assert unsound(cases) == []
    assert [case for case in cases if not case[1]] == [], "each death came to pass"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_on_the_other_store_too():
    cases, _ = matrix("--once", "--every", "16", "--store", "postgresql")
    assert len(cases) > 10 and unsound(cases) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_deaths_in_a_row():
    cases, _ = matrix("--pairs", "1", "--seed", "1")
    assert unsound(cases) == []
