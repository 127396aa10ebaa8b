"""Reruns in turn: few at a time, first come first served, and none that nobody waits for."""

import threading
import time

import pytest

from ui.turns import Turns


class Superseded(BaseException):
    pass


def wanted():
    pass


def run_all(turns, count, work):
    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join(timeout=10)


def test_no_more_run_at_a_time_than_allowed_and_in_order():
    turns, running, most, order, guard = Turns(at_once=2), [], [], [], threading.Lock()

    def work(number):
        with turns.take(wanted):
            with guard:
                running.append(number)
                order.append(number)
                most.append(len(running))
            time.sleep(0.05)
            with guard:
                running.remove(number)

    run_all(turns, 8, work)
    assert max(most) == 2
    assert order == sorted(order)
    assert turns.finished == 8


def test_a_long_computation_holds_nobody_up():
    turns, release, done = Turns(at_once=1, longest_s=0.1), threading.Event(), threading.Event()

    def long():
        with turns.take(wanted):
            release.wait(10)

    thread = threading.Thread(target=long)
    thread.start()
    time.sleep(0.02)
    with turns.take(wanted):
        done.set()
    assert done.is_set()
    assert not release.is_set()
    release.set()
    thread.join()


def test_a_superseded_run_leaves_the_queue():
    turns, release = Turns(at_once=1), threading.Event()

    def hold():
        with turns.take(wanted):
            release.wait(10)

    def superseded():
        raise Superseded

    thread = threading.Thread(target=hold)
    thread.start()
    time.sleep(0.02)
    with pytest.raises(Superseded), turns.take(superseded):
        pytest.fail("It ran though nobody wanted it.")
    assert turns.idle_s() == 0
    release.set()
    thread.join()
    time.sleep(0.01)
    assert turns.idle_s() > 0


def test_an_error_gives_the_turn_back():
    turns = Turns(at_once=1)
    with pytest.raises(ZeroDivisionError), turns.take(wanted):
        1 / 0  # noqa: B018  # it shall fail
    with turns.take(wanted):
        pass
