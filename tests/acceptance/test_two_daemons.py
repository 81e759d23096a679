"""One gateway a state folder: a second one goes away and says why, the first is not disturbed."""

from tests.acceptance.daemon import PATIENCE, Books, gateway, running, until


def test_a_second_daemon_on_one_state_folder_refuses_and_the_first_goes_on(scene, mail):
    with running(scene.settings) as first:
        second = gateway(scene.settings, "run")
        assert second.returncode == 5
        assert f"process {first.process.pid} works on this state folder" in second.stderr
        assert "Traceback" not in second.stderr
        scene.post.publish("after.xml", mail(3))
        until(lambda: Books(scene.settings).file("after.xml") == "read")
        assert first.runs


def test_the_folder_is_free_again_when_the_first_was_killed(scene):
    with running(scene.settings) as first:
        first.process.kill()
        first.process.wait()
    with running(scene.settings) as next_one:
        assert next_one.stop() == 0


def test_a_daemon_whose_lock_is_removed_stops_before_two_work(scene):
    with running(scene.settings) as first:
        for role in ("mover", "core"):
            (scene.settings.parent.parent / f"state/{role}.lock").unlink()
        assert first.process.wait(PATIENCE) == 5
        said = first.log.read_text(encoding="utf-8")
        assert "was removed or replaced" in said and "Traceback" not in said
    with running(scene.settings) as next_one:
        assert next_one.stop() == 0
